"""The periodic jobs: twice is the same as once. (Two beats at once: test_races.)"""

from datetime import timedelta

import pytest
from django.utils import timezone

from notices import services, tasks
from notices.models import Delivery, Notice
from portal.celery import app
from tests.notices.conftest import write
from tests.peers.smtp import MailServer


@pytest.mark.django_db
def test_delivering_twice_is_delivering_once(mail_server: MailServer) -> None:
    write()
    tasks.deliver()
    tasks.deliver()
    assert (len(mail_server.letters), Delivery.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_wake_up_goes_on_until_nothing_is_due(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        write()
    deliver_batch = services.deliver_batch
    monkeypatch.setattr(services, "deliver_batch", lambda *, now: deliver_batch(now=now, size=2))
    tasks.deliver()
    assert len(mail_server.letters) == 5


@pytest.mark.django_db
def test_a_wake_up_ends_even_if_there_is_always_more(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        write()
    deliver_batch = services.deliver_batch
    monkeypatch.setattr(tasks, "MOST_BATCHES", 2)
    monkeypatch.setattr(services, "deliver_batch", lambda *, now: deliver_batch(now=now, size=2))
    tasks.deliver()
    assert len(mail_server.letters) == 4


@pytest.mark.django_db
def test_forgetting_twice_is_forgetting_once() -> None:
    write()
    Notice.objects.update(state="sent", answer="accepted", created_at=timezone.now() - timedelta(days=91))
    tasks.forget_old()
    after_once = Notice.objects.values().get()
    tasks.forget_old()
    assert Notice.objects.values().get() == after_once
    assert after_once["to"] == ""


def test_every_beat_wakes_a_task_that_exists_and_expires() -> None:
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] <= max(entry["schedule"], 2)


def test_celery_needs_no_result_backend_and_speaks_json_only() -> None:
    assert app.conf.result_backend is None
    assert app.conf.task_ignore_result
    assert app.conf.accept_content == ["json"]


def test_a_task_at_work_does_not_end_its_worker_when_valkey_goes_away() -> None:
    """Seen in 3 of 18 stops while tasks were acknowledged late (tests/faults stops it for real)."""
    assert not app.conf.task_acks_late
