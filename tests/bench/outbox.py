"""The outbox: letters that wait are worded, built as MIME messages and handed to a transport that drops them.

A real mail server would add the same to both sides and hide the difference.
"""

from contextlib import AbstractContextManager
from datetime import date

from django.db.models import Count
from django.utils import timezone

from notices.gateways.base import Accepted, Connectionless, Message
from notices.gateways.smtp import compose
from notices.models import Delivery, Notice
from notices.rules import State
from notices.services import deliver_batch, delivery
from policies.models import Insurer
from policies.queries import brand_of
from tests.bench.contest import Contest, Goal, Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.sides import worker

LETTERS = 500  # a turn
LANGUAGES = ("kk", "ru", "en")


class Dropped(Connectionless):
    """E-mail up to the wire: the letter is built and forgotten."""

    def deliver(self, message: Message) -> Accepted:
        letter = compose(message)
        return Accepted(provider_id=message.key[:6], answer=f"250 OK {len(letter.body)}")


def fill() -> None:
    """LETTERS more wait, in three languages."""
    insurer = Insurer.objects.get(slug="nsk")
    brands = {language: brand_of(insurer, language) for language in LANGUAGES}
    Notice.objects.bulk_create(
        Notice(
            kind="policy_activated", channel="email", to=f"owner{number}@example.kz",
            language=LANGUAGES[number % 3], context=facts(number, brands[LANGUAGES[number % 3]]),
        )
        for number in range(LETTERS)
    )  # fmt: skip


def facts(number: int, brand: dict[str, str]) -> dict[str, object]:
    day = date(2026, 1, 1).replace(month=number % 12 + 1)
    return {
        "product": f"Сфера {number}", "insured": f"Айгуль{number} С.", "cover_from": day.isoformat(),
        "cover_until": day.replace(year=2027).isoformat(),
        "url": "https://portal.example/", "brand": brand,
    }  # fmt: skip


def check_all_sent() -> None:
    """Each left once: its row says so, and so does exactly one line of the log."""
    left = Notice.objects.exclude(state=State.SENT).count()
    twice = Delivery.objects.values("notice").annotate(times=Count("pk")).filter(times__gt=1).count()
    lines = Delivery.objects.filter(answer__startswith="250 OK").count()
    if left or twice or lines != Notice.objects.count():
        raise WrongAnswer(f"{left} letters wait, {twice} left twice, {lines} are logged")


class Outbox:
    def prepare(self) -> None:
        delivery.gateway_for = lambda channel: Dropped()
        fill()

    def work(self) -> Work:
        sent = 0
        while claimed := deliver_batch(now=timezone.now()).claimed:
            sent += claimed
        return Work(sent, [])

    def check(self) -> None:
        check_all_sent()


def product(house: House) -> AbstractContextManager[Side]:
    return worker("tests.bench.outbox:Outbox")


def bare_loop(house: House) -> AbstractContextManager[Side]:
    return worker("tests.bench.outbox_floor:Loop")


def celery(house: House) -> AbstractContextManager[Side]:
    from tests.bench.outbox_celery import celery_worker  # needs a broker

    return celery_worker(house)


CONTESTS = [
    Contest(
        name="outbox, against Celery",
        work="a letter worded, built as MIME and dropped; letters a second",
        floor_is="one Celery task a letter, one worker, the same letter and the same rows",
        goal=Goal(50),
        floor=celery,
        product=product,
        figure="wall",
        turns=1,
    ),
    Contest(
        name="outbox",
        work="a letter worded, built as MIME and dropped",
        floor_is="a bare loop: SKIP LOCKED, the same letter, the same rows; no lease, no retries, one transaction a batch",
        goal=Goal(0.70),
        floor=bare_loop,
        product=product,
    ),
]
