"""Terms: so many calendar or working days after a day, with pauses. All dates are in the insurer's zone.

The library knows the days off of Kazakhstan and Russia; what staff enter (CalendarDay) beats it. Kazakhstan moved its
holidays in the middle of 2026, so a term is computed when asked and never frozen without its calendar.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, cached_property
from itertools import count, islice, takewhile

from holidays import HolidayBase
from holidays.countries.kazakhstan import Kazakhstan
from holidays.countries.russia import Russia

LIBRARY: dict[str, type[HolidayBase]] = {"KZ": Kazakhstan, "RU": Russia}
ONE_DAY = timedelta(days=1)


class Unit(StrEnum):
    CALENDAR = "calendar"
    WORKING = "working"


class TermError(ValueError):
    """A pause or its end that does not fit the term's history."""


def add_calendar_days(day: date, n: int) -> date:
    """Days of the calendar and not 24 hours each: Almaty moved its clocks on 1 March 2024."""
    return day + n * ONE_DAY


def last_day(first: date, *, months: int) -> date:
    """Of a term of so many months, in which both days count: 16 March, 12 → 15 March.

    Where the last month has no such day it is that month's last one: 29 February, 12 → 28 February.
    """
    year, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + year, month + 1
    length = monthrange(year, month)[1]
    return date(year, month, length) if first.day > length else date(year, month, first.day) - ONE_DAY


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days of "KZ" or "RU"; of "" every Monday to Friday. `overrides`: date → is it a working day."""

    country: str = ""
    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day]
        return day in working_days_of(self.country, day.year)

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which itself never counts; n = 0 is `day`, working or not."""
        return next(islice(self.working_days_after(day), n - 1, None)) if n else day

    def working_days_after(self, day: date) -> Iterator[date]:
        return (later for later in days_after(day) if self.is_working(later))


@dataclass(frozen=True)
class Pause:
    """The days after `since` up to and including `until` do not count; without `until` it still lasts."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return day > self.since and (self.until is None or day <= self.until)


def merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """As a term wants them, in order and apart: of two that meet or overlap, the clock stands until the later end."""
    apart: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.since):
        if apart and (apart[-1].until is None or pause.since <= apart[-1].until):
            earlier = apart.pop()
            lasts = None in (earlier.until, pause.until)
            pause = Pause(earlier.since, None if lasts else max(filter(None, (earlier.until, pause.until))))
        apart.append(pause)
    return tuple(apart)


@dataclass(frozen=True)
class Term:
    """`n` days after `start`, which does not count itself. Nomad Life 7.8: a request to an authority pauses it.

    `pauses` are `merged`. One that began when the days had run out stops nothing.
    """

    start: date
    n: int
    unit: Unit
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    pauses: tuple[Pause, ...] = ()

    @property
    def due(self) -> date | None:
        """The last day that is in time; None while the term is paused. Paused on its last day, it has until the pause ends."""
        if self.is_paused:
            return None
        last = self._runs_out
        return max([last, *(pause.until for pause in self.pauses if pause.until and pause.since <= last)])

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days that count, in order; while the term is paused those up to the pause."""
        return tuple(islice(self._counted(), self.n))

    @property
    def is_paused(self) -> bool:
        lasting = self._lasting
        return lasting is not None and (len(self.days) < self.n or self._runs_out >= lasting.since)

    def days_by(self, day: date) -> int:
        """How many of its days have come: on the evening of the start 0, at most `n`."""
        return sum(counted <= day for counted in self.days)

    def is_late(self, day: date) -> bool:
        return self.due is not None and day > self.due

    def pause(self, day: date) -> "Term":
        """The clock stops in the evening of `day`: it still counts. Raises TermError."""
        if self.due is None:
            raise TermError("the term is paused already")
        if not self._latest() <= day <= self.due:
            raise TermError("a pause begins while the term runs")
        return replace(self, pauses=(*self.pauses, Pause(day)))

    def resume(self, day: date) -> "Term":
        """The days left are counted from the day after `day`. Raises TermError."""
        if not self.is_paused or day < self._latest():
            raise TermError("only a pause that began can end")
        return replace(self, pauses=(*self.pauses[:-1], Pause(self._latest(), day)))

    def extended(self, until: date) -> "Term":
        """With as many days as end on `until`, or on the next day that counts; never fewer than it has."""
        before = takewhile(lambda day: day < until, self._counted())
        return replace(self, n=max(self.n, 1 + sum(1 for _day in before)))

    @property
    def _lasting(self) -> Pause | None:
        """The pause that has no end yet."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].until is None else None

    @property
    def _runs_out(self) -> date:
        """The last day that counts, where a pause does not keep it from coming."""
        return self.days[-1] if self.n else self.start

    def _latest(self) -> date:
        """The last day on which something happened to the term."""
        if not self.pauses:
            return self.start
        return self.pauses[-1].until or self.pauses[-1].since

    def _counted(self) -> Iterator[date]:
        running = self.calendar.working_days_after if self.unit == Unit.WORKING else days_after
        for day in running(self.start):
            if self._lasting and self._lasting.holds(day):
                return
            if not any(pause.holds(day) for pause in self.pauses):
                yield day


def days_after(day: date) -> Iterator[date]:
    return (add_calendar_days(day, n) for n in count(1))


@cache
def working_days_of(country: str, year: int) -> frozenset[date]:
    """One year as a plain set: the library's own objects fill a year lazily, which two threads must not share."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    if not country:
        return frozenset(day for day in days if day.weekday() < 5)
    library = LIBRARY[country](years=year)
    return frozenset(day for day in days if library.is_working_day(day))
