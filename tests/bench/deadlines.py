"""An edit of the calendar: the stored days of two hundred thousand open claims follow it."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from datetime import date, timedelta
from functools import partial

from django.db import connection
from django.utils import timezone

from claims.models import Claim
from claims.rules.clock import read_clock
from claims.services.calendar import follow
from core.calendar import working_days_of
from core.models import CalendarDay
from core.queries import load_calendar
from core.rows.viewers import working
from core.rows.walls import HOUSE
from tests.bench import claims_house
from tests.bench.contest import Contest, Goal, Side, Work, WrongAnswer
from tests.bench.measure import House
from tests.bench.sides import timed, worker

# Two terms and no pause: what the invented claims have. It knows no kinds of terms, no batches, no payments.
FLOOR = """
WITH day AS (
    SELECT day::date, row_number() OVER (ORDER BY day) AS place FROM unnest(%(working)s::date[]) AS day
), found AS (
    SELECT id, coalesce(clock::json ->> 'check', clock::json -> 'reviews' -> 0 ->> 2)::date AS start,
        CASE WHEN clock::json ->> 'check' IS NULL THEN 15 ELSE 5 END AS days
    FROM claims_claim WHERE is_open AND clock LIKE '%%-%%'
), due AS (
    SELECT found.id, later.day FROM found
    JOIN LATERAL (SELECT max(place) AS place FROM day WHERE day.day <= found.start) AS start ON true
    JOIN day AS later ON later.place = start.place + found.days
)
UPDATE claims_claim AS claim SET next_on = due.day FROM due WHERE claim.id = due.id AND claim.next_on <> due.day
"""


class Edit(ABC):
    """Each turn the same day becomes a day off, or a working day again."""

    def prepare(self) -> None:
        claims_house.settle()
        today = timezone.localdate()
        self.day = next(
            day for n in range(3, 9) if (day := today + timedelta(days=n)) in working_days_of("KZ", day.year)
        )
        if not CalendarDay.objects.filter(country="KZ", date=self.day).delete()[0]:
            CalendarDay.objects.create(country="KZ", date=self.day, kind="off", note="…")

    def work(self) -> Work:
        with working(HOUSE):
            seconds = timed(self.follow)
        return Work(1, [seconds])

    @abstractmethod
    def follow(self) -> None:
        """The stored days, by the calendar as it is now."""

    def check(self) -> None:
        """Every stored day is the engine's."""
        calendar = load_calendar("KZ")
        with working(HOUSE):
            stored = list(Claim.objects.open().values_list("clock", "next_on").distinct())
        if wrong := [clock for clock, next_on in stored if read_clock(clock, calendar).on != next_on]:
            raise WrongAnswer(f"{len(wrong)} clocks with another day, as {wrong[0]}")


class Product(Edit):
    def follow(self) -> None:
        follow("KZ")


class Floor(Edit):
    def follow(self) -> None:
        marks = load_calendar("KZ")
        days = [date(2020, 1, 1) + timedelta(days=n) for n in range(12 * 366)]
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, {"working": [day for day in days if marks.is_working(day)]})


def side(name: str, house: House) -> AbstractContextManager[Side]:
    claims_house.settle(house)
    return worker(f"{__name__}:{name}")


CONTESTS = [
    Contest(
        name="deadlines", work="an edit of the calendar, followed by the stored days of 200,000 open claims",
        floor_is="one set-based UPDATE that numbers the working days and knows two terms",
        goal=Goal(0.5), floor=partial(side, "Floor"), product=partial(side, "Product"), turns=2,
    )
]  # fmt: skip
