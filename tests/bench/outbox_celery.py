"""How it is done without an outbox loop: a Celery task for each letter, which takes its row, delivers and writes."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from dev.processes import start, wait_until
from notices.models import Delivery, Notice
from notices.rules import Answer, State
from notices.services.wording import word
from portal.celery import app
from tests.bench.contest import Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.outbox import LETTERS, Dropped, check_all_sent, fill

PATIENCE = 120  # seconds for one turn


@shared_task
def deliver(pk: int) -> None:
    with transaction.atomic():
        notice = Notice.objects.select_for_update(skip_locked=True).get(pk=pk, state=State.WAITING)
        accepted = Dropped().deliver(word(notice))
        notice.state, notice.answer, notice.tries = State.SENT, Answer.ACCEPTED, 1
        notice.save(update_fields=["state", "answer", "tries"])
        Delivery.objects.create(
            notice=notice, at=timezone.now(), outcome=Answer.ACCEPTED, answer=accepted.answer,
            provider_id=accepted.provider_id,
        )  # fmt: skip


class Tasks:
    def prepare(self) -> None:
        fill()

    def work(self) -> Work:
        for pk in Notice.objects.filter(state=State.WAITING).values_list("pk", flat=True):
            deliver.delay(pk)
        deadline = time.monotonic() + PATIENCE
        while Notice.objects.filter(state=State.WAITING).exists():
            if time.monotonic() > deadline:
                raise WrongAnswer("the worker does not keep up")
            time.sleep(0.02)
        return Work(LETTERS, [])

    def check(self) -> None:
        check_all_sent()


@contextmanager
def celery_worker(house: House) -> Iterator[Side]:
    command: list[str | Path] = [
        Path(sys.executable).with_name("celery"), "--app=portal", "worker", "--include=tests.bench.outbox_celery",
        "--concurrency=1",
    ]  # fmt: skip
    child = start("celery", command, state=house.state, environment=os.environ)
    try:
        wait_until(lambda: bool(app.control.ping(timeout=0.5)), child)
        yield Side(Tasks(), child.process.pid)
    finally:
        child.end()
