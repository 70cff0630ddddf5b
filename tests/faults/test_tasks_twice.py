"""A task is delivered twice, or before another instead of after it: the end is the same (F12).

A task that finds nothing to do in this world fails its test, so a new one brings its own work into `a_world`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from accounts.services import send_code, set_mobile
from activation.services.remind import ask_reminder
from core.models import SentForm
from notices.models import Notice
from notices.services import delivery
from policies.services.appendix import want_appendix_1
from portal.celery import app
from tests.accounts.sms import OTHER as OTHER_PHONE
from tests.accounts.sms import with_mobile
from tests.activation.door import Visitor
from tests.conftest import empty_tables
from tests.factories import a_policy, an_insurer
from tests.notices.conftest import BRAND, write
from tests.peers.smtp import MailServer
from tests.policies.registers import NOW, OTHER, ROW, applied, as_csv, received

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
LATER = NOW + timedelta(days=100)  # every link is dead, every counter over, every row old enough to be forgotten

app.loader.import_default_modules()
TASKS = sorted(name for name in app.tasks if not name.startswith("celery."))
IN_SOME_ORDER = {"forwards": TASKS, "backwards": TASKS[::-1], "from the middle": TASKS[4:] + TASKS[:4]}


def a_world() -> None:
    """As it was on NOW."""
    with time_machine.travel(NOW):
        a_policy("4410027531")
        Visitor().begins("4410027531")  # …and never opens the letter
        send_code(
            phone=OTHER_PHONE, purpose="a test", browser="b", source="10.0.0.1", language="ru", brand=BRAND, now=NOW
        )
        set_mobile(user=with_mobile("moves@example.kz"), phone=OTHER_PHONE, brand=BRAND, now=NOW)
        delivery.deliver_batch(now=timezone.now())
        ask_reminder(policy=a_policy("4410027599"), email="d@example.kz", language="kk", by=None, now=NOW)
        write(to="waits@example.kz")
        applied(as_csv(ROW | {"ID": "4410027540"}))
        received(as_csv(OTHER))
        want_appendix_1(
            policy=a_policy("КИ-1", insurer=an_insurer("kazakhinstrakh")), language="kk", to="a@example.kz",
            activated_on=NOW.date(), cover_from=date(2026, 12, 6), cover_until=date(2027, 12, 5), now=NOW,
        )  # fmt: skip
        SentForm.objects.create(key="sent", path="/", sent_at=NOW)
        Session.objects.create(session_key="ended", session_data="", expire_date=NOW)


def facts() -> dict[str, Counter[str]]:
    """All rows, without what differs from world to world: keys, instants, nonces and hashes."""
    return {model._meta.label: Counter(map(told, rows_of(model))) for model in apps.get_models()}


def rows_of(model: type[models.Model]) -> models.QuerySet[Any, tuple[Any, ...]]:
    untold = (models.AutoField, models.ForeignKey, models.DateTimeField, models.UUIDField, models.FileField)
    fields = [field.name for field in model._meta.concrete_fields if not isinstance(field, untold)]
    return model._default_manager.values_list(*fields)


def told(row: tuple[Any, ...]) -> str:
    return re.sub(r"[0-9a-f-]{32,}|argon2\S+", "…", repr(row))


@pytest.mark.parametrize("name", TASKS)
def test_a_task_run_twice_leaves_what_it_leaves_once(name: str, mail_server: MailServer) -> None:
    a_world()
    before = facts()
    with time_machine.travel(LATER):
        app.tasks[name]()
        once, letters = facts(), Counter(mail_server.keys)
        app.tasks[name]()
    assert once != before, "bring work for this task into a_world"
    assert (facts(), Counter(mail_server.keys)) == (once, letters)


def test_in_whatever_order_tasks_run_they_come_to_the_same_end(mail_server: MailServer) -> None:
    ends = {}
    for way, order in IN_SOME_ORDER.items():
        empty_tables(None)  # type: ignore[arg-type]  # a method of Django's that needs no self
        mail_server.letters.clear()
        a_world()
        come_to_rest(order)
        ends[way] = facts(), sorted(letter["To"] for letter in mail_server.letters)
    assert ends["forwards"] == ends["backwards"] == ends["from the middle"]


def come_to_rest(order: Sequence[str]) -> None:
    before = None
    with time_machine.travel(LATER):
        while (now := facts()) != before:
            before = now
            for name in order:
                app.tasks[name]()


def test_without_the_claim_the_second_run_would_send_every_letter_again(
    mail_server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control: rows that are looked at and not taken."""

    def looks(now: Any, lease: Any, size: int) -> list[Notice]:
        return list(Notice.objects.order_by("pk")[:size])

    monkeypatch.setattr(delivery, "_claim", looks)
    write(to="waits@example.kz")
    for _ in range(2):
        delivery.deliver_batch(now=timezone.now())
    assert Counter(mail_server.keys).most_common(1)[0][1] == 2
