"""What the beat wakes exists, may run twice, and is late rather than piled up."""

from typing import Any

import pytest
from celery.exceptions import QueueNotFound
from django.conf import settings

from portal.celery import app

app.loader.import_default_modules()
SCHEDULE: dict[str, dict[str, Any]] = settings.CELERY_BEAT_SCHEDULE


@pytest.mark.parametrize("entry", SCHEDULE.values(), ids=SCHEDULE.keys())
def test_every_entry_names_a_task_and_expires_before_the_next(entry: dict[str, object]) -> None:
    assert entry["task"] in app.tasks
    assert entry["options"] == {"expires": entry["schedule"]}


def test_every_task_of_ours_is_woken() -> None:
    ours = {name for name in app.tasks if not name.startswith(("celery.", "tests."))}
    assert ours == {entry["task"] for entry in SCHEDULE.values()}


@pytest.mark.parametrize("entry", SCHEDULE.values(), ids=SCHEDULE.keys())
def test_letters_share_a_queue_with_nothing_else(entry: dict[str, object]) -> None:
    """Registers of a million rows would stand before them."""
    queue = app.amqp.router.route({}, entry["task"])["queue"].name
    assert queue == ("notices" if entry["task"] == "notices.tasks.deliver" else "work")


def test_a_queue_that_no_worker_serves_is_an_error() -> None:
    with pytest.raises(QueueNotFound):
        app.amqp.router.route({"queue": "notice"}, "notices.tasks.deliver")


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(entry["task"] for entry in SCHEDULE.values() if "deliver" not in entry["task"]))
def test_with_nothing_to_do_a_task_does_nothing_twice(name: str) -> None:
    app.tasks[name]()
    app.tasks[name]()
