"""The page on which a time is chosen: days with their places, the times of one of them, the nearest one."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import nsmallest
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from core.dates import day_month, weekday
from policies.rules import Service
from telemed.models import Doctor
from telemed.queries.slots import bookable_days, free_times
from telemed.rules.slots import instant, part_of_day

DAYS_IN_ROW = 7
MOST_AROUND = 6  # times that are offered in place of one that was taken


@dataclass(frozen=True)
class Time:
    """One radio: a doctor's time, on the reader's clock."""

    doctor: Doctor
    at: datetime

    @property
    def key(self) -> str:
        """`read_key` reads it back."""
        return f"{self.doctor.slug}.{int(self.at.timestamp())}"

    @property
    def in_words(self) -> str:
        """«Вторник, 24 ноября, 18:30, Оспанов Ерлан Болатович», in the active language."""
        return f"{weekday(self.at).capitalize()}, {day_month(self.at)}, {self.at:%H:%M}, {self.doctor.full_name}"


@dataclass(frozen=True)
class Day:
    day: date
    places: int


@dataclass(frozen=True)
class TimesPage:
    times: list[Time]  # of all days that may be booked, in order
    day: date  # the one that is open
    first: date
    last: date
    zone: ZoneInfo  # the reader's

    @property
    def nearest(self) -> Time | None:
        return self.times[0] if self.times else None

    @property
    def days(self) -> list[Day]:
        """The week, counted from today, that has the open day."""
        begins = self.first + (self.day - self.first) // timedelta(days=DAYS_IN_ROW) * timedelta(days=DAYS_IN_ROW)
        places = defaultdict(int, {day: len(list(times)) for day, times in groupby(self.times, _day)})
        row = [begins + timedelta(days=n) for n in range(DAYS_IN_ROW)]
        return [Day(day, places[day]) for day in row if day <= self.last]

    @property
    def earlier(self) -> date | None:
        begins = self.days[0].day
        return begins - timedelta(days=DAYS_IN_ROW) if begins > self.first else None

    @property
    def later(self) -> date | None:
        ends = self.days[-1].day
        return ends + timedelta(days=1) if ends < self.last else None

    @property
    def has_times(self) -> bool:
        return any(_day(time) == self.day for time in self.times)

    @property
    def parts(self) -> Iterator[tuple[str, list[Time]]]:
        """(«morning», …) of the open day, those without a time left out."""
        open_ones = [time for time in self.times if time.at.date() == self.day]
        return ((part, list(times)) for part, times in groupby(open_ones, lambda time: part_of_day(time.at)))


def _day(time: Time) -> date:
    return time.at.date()


def times_page(
    doctors: QuerySet[Doctor], *, service: Service, zone: ZoneInfo, wanted: date | None, now: datetime
) -> TimesPage:
    """Of one doctor or of several, of whom each time names one. Opens on `wanted`, or on the first day with a place.
    Three queries."""
    first, last = bookable_days(zone, now)
    times = free_of(doctors, service=service, zone=zone, first=first, last=last, now=now)
    day = wanted if wanted and first <= wanted <= last else _day(times[0]) if times else first
    return TimesPage(times, day, first, last, zone)


def free_of(
    doctors: QuerySet[Doctor], *, service: Service, zone: ZoneInfo, first: date, last: date, now: datetime
) -> list[Time]:
    """In order, each instant once. Three queries."""
    found = free_times(doctors, service=service, first=first, last=last, zone=zone, now=now)
    by_instant: dict[int, Doctor] = {}
    for doctor in doctors:
        for begins, _ends in found.get(doctor.pk, ()):
            by_instant.setdefault(begins, doctor)
    return [Time(by_instant[begins], instant(begins).astimezone(zone)) for begins in sorted(by_instant)]


def nearest_to(
    at: datetime, doctor: Doctor, others: QuerySet[Doctor], *, service: Service, zone: ZoneInfo, now: datetime
) -> list[Time]:
    """What is still free around a time that was taken, in order: of the same doctor within the week around it, else of
    `others` within the month. Two queries, five where that week is full."""
    (first, last), day, around = bookable_days(zone, now), at.astimezone(zone).date(), timedelta(days=DAYS_IN_ROW // 2)
    own = free_times(
        Doctor.objects.filter(pk=doctor.pk), service=service, first=max(first, day - around),
        last=min(last, day + around), zone=zone, now=now,
    )  # fmt: skip
    free = [Time(doctor, instant(begins).astimezone(zone)) for begins, _ends in own.get(doctor.pk, ())]
    free = free or free_of(others, service=service, zone=zone, first=first, last=last, now=now)
    return sorted(nsmallest(MOST_AROUND, free, key=lambda time: abs(time.at - at)), key=lambda time: time.at)


def read_key(key: str) -> tuple[str, datetime] | None:
    """Slug of the doctor and the instant; None for what no radio of ours says."""
    slug, _dot, seconds = key.rpartition(".")
    if not slug or not seconds.isascii() or not seconds.isdigit() or len(seconds) > 10:
        return None
    return slug, instant(int(seconds))
