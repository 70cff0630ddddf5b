"""Several workers on one outbox, and workers that die."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from notices import tasks
from notices.models import Delivery, Notice
from notices.rules import LEASE
from notices.services import deliver_batch, delivery
from notices.services.claims import Claimed
from tests.notices.conftest import write
from tests.peers.smtp import MailServer
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
WORKERS = 4


def at_once(deed: Callable[[], object], workers: int = WORKERS) -> None:
    """Each in its own thread with its own connection; a worker's failure fails the test."""
    start, failures = Barrier(workers), []

    def work() -> None:
        try:
            start.wait(timeout=10)
            deed()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []


def three_hundred() -> None:
    sample = write()
    Notice.objects.bulk_create(
        Notice(kind=sample.kind, channel="email", to=f"{n}@example.kz", language="ru", context=sample.context)
        for n in range(299)
    )


def until_empty() -> None:
    while deliver_batch(now=timezone.now(), size=40).claimed:
        continue


def test_four_workers_deliver_each_of_300_messages_once(mail_server: MailServer) -> None:
    three_hundred()
    at_once(until_empty)
    assert Counter(mail_server.keys).most_common(1)[0][1] == 1
    assert (len(mail_server.letters), Delivery.objects.count()) == (300, 300)
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_without_the_claim_in_one_statement_messages_would_be_doubled(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: look first, take later, and all four take the same."""
    looked = Barrier(WORKERS)

    def look_then_take(*, now: datetime, lease: datetime, size: int) -> list[Claimed]:
        due = Notice.objects.filter(state="waiting", next_try_at__lte=now).order_by("pk")[:size]
        taken = [Claimed._make(getattr(one, name, False) for name in Claimed._fields) for one in due]
        looked.wait(timeout=10)
        Notice.objects.filter(pk__in=[one.pk for one in taken]).update(state="claimed", leased_until=lease)
        return taken

    monkeypatch.setattr(delivery, "claim", look_then_take)
    three_hundred()
    at_once(lambda: deliver_batch(now=timezone.now(), size=10))
    assert Counter(mail_server.keys).most_common(1)[0][1] == WORKERS


def test_two_beats_at_once_do_what_one_does(mail_server: MailServer) -> None:
    three_hundred()
    at_once(tasks.deliver, workers=2)
    assert (len(mail_server.letters), len(set(mail_server.keys))) == (300, 300)
    Notice.objects.update(created_at=datetime(2026, 1, 1, tzinfo=timezone.get_current_timezone()))
    at_once(tasks.forget_old, workers=2)
    assert not Notice.objects.exclude(to="", context={}).exists()


@pytest.fixture
def worker(mail_server: MailServer) -> Iterator[subprocess.Popen[bytes]]:
    """A real process that delivers on the database of the suite."""
    database = django_settings.DATABASES["default"]
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    process = subprocess.Popen(
        [sys.executable, "-c", "import django; django.setup(); from notices import tasks; tasks.deliver()"],
        env=os.environ
        | {"DATABASE_URL": url, "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}", "EMAIL_TIMEOUT": "15"}
        | {"DJANGO_SETTINGS_MODULE": "portal.settings", "DEFAULT_FROM_EMAIL": "p@mp.example"},
    )
    yield process
    process.kill()
    process.wait()


def test_a_killed_workers_messages_leave_again_with_the_same_message_id(
    mail_server: MailServer, request: pytest.FixtureRequest
) -> None:
    notice, other = write(), write()
    mail_server.mode, mail_server.pause = "slow", 30.0
    process: Any = request.getfixturevalue("worker")
    wait_until(lambda: len(mail_server.letters) == 1 or process.poll() is not None, "a letter is being handed over")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert set(Notice.objects.values_list("state", "tries")) == {("claimed", 1)}
    mail_server.mode = "accept"
    assert deliver_batch(now=timezone.now()).claimed == 0
    assert deliver_batch(now=timezone.now() + LEASE).accepted == 2
    assert Counter(mail_server.keys) == {f"<{notice.public_id}@mp.example>": 2, f"<{other.public_id}@mp.example>": 1}


def test_of_two_who_tell_the_same_occasion_at_once_one_is_heard() -> None:
    posted: list[object] = []

    def tell() -> None:
        from notices.services import post
        from tests.notices.conftest import BRAND

        posted.append(
            post("password_changed", to="a@example.kz", language="ru", context={"brand": BRAND}, once="opens:42")
        )

    at_once(tell)
    assert (Notice.objects.count(), posted.count(None)) == (1, WORKERS - 1)
