"""Free times of a doctor: weekly hours on the wall of the organisation, less absences and what is taken.

Instants are whole seconds since 1970, because a month of five hundred doctors has a quarter of a million of them; only
what is shown becomes a datetime (`instant`). Hours are minutes from midnight, as in core.hours, and 1440 ends the day.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.hours import MIDNIGHT

Span = tuple[int, int]  # begins, ends: seconds since 1970
ONE_DAY = timedelta(days=1)
LEAST_NOTICE = timedelta(minutes=15)  # nobody books a talk that begins sooner: the doctor has to see it
UNPAID_HOLD = timedelta(hours=2)  # a booking that waits for its payment keeps the time so long
PARTS_OF_DAY = ((0, "morning"), (12 * 60, "afternoon"), (17 * 60, "evening"))


@dataclass(frozen=True, slots=True)
class Hours:
    """Open from `opens` to `closes` on `weekday` (Monday is 0), a slot each `minutes`, one break at most. Valid from
    `since` up to and including `until`; extra hours of one date have it as both."""

    weekday: int
    opens: int
    closes: int
    minutes: int
    since: date
    until: date | None = None
    break_from: int | None = None
    break_until: int | None = None

    def holds(self, day: date) -> bool:
        return day.weekday() == self.weekday and self.since <= day and (self.until is None or day <= self.until)

    @property
    def parts(self) -> Iterator[tuple[int, int]]:
        """Without the break: a slot never runs into it, and the first one after it begins when it ends."""
        if self.break_from is None or self.break_until is None:
            yield self.opens, self.closes
        else:
            yield self.opens, self.break_from
            yield self.break_until, self.closes


def free_slots(
    hours: Iterable[Hours], *, busy: Iterable[Span], first: date, last: date, zone: str, now: datetime
) -> list[Span]:
    """Of one doctor from `first` to `last`, both days included, in order: none overlaps another or what is `busy`
    (absences, talks taken), none begins earlier than LEAST_NOTICE from `now`."""
    begins = int((now + LEAST_NOTICE).timestamp())
    offered = sorted(span for one in hours for span in _offered(one, first, last, zone) if span[0] >= begins)
    return list(_apart(offered, sorted(busy)))


def _offered(hours: Hours, first: date, last: date, zone: str) -> Iterator[Span]:
    day = max(first, hours.since)
    day += ONE_DAY * ((hours.weekday - day.weekday()) % 7)
    while day <= last and hours.holds(day):
        for opens, closes in hours.parts:
            yield from _slots_of(day, opens, closes, hours.minutes, zone)
        day += 7 * ONE_DAY


def _slots_of(day: date, opens: int, closes: int, minutes: int, zone: str) -> Iterator[Span]:
    starts = range(opens, closes - minutes + 1, minutes)
    midnight, is_even = midnight_of(day, zone)
    if is_even:
        first, step = midnight + opens * 60, minutes * 60
        return zip(
            range(first, first + step * len(starts), step), range(first + step, first + step * len(starts) + 1, step),
            strict=True,
        )  # fmt: skip
    walls = (wall(day, start, zone) for start in starts)
    return ((start, start + minutes * 60) for start in walls if start is not None)


def _apart(offered: Iterable[Span], busy: Sequence[Span]) -> Iterator[Span]:
    """Those that meet neither one another nor what is busy. Both in the order of their beginnings."""
    free_from, place = 0, 0
    for begins, ends in offered:
        while place < len(busy) and busy[place][0] < ends:
            free_from = max(free_from, busy[place][1])
            place += 1
        if begins >= free_from:
            yield begins, ends
            free_from = ends


@lru_cache(maxsize=4096)
def midnight_of(day: date, zone: str) -> tuple[int, bool]:
    """When the day begins, and whether its clock runs evenly to the next midnight, as on all but two days a year."""
    here = ZoneInfo(zone)
    begins, ends = (datetime.combine(one, time(), here) for one in (day, day + ONE_DAY))
    seconds = int(begins.timestamp())
    return seconds, int(ends.timestamp()) - seconds == MIDNIGHT * 60


def wall(day: date, minute: int, zone: str) -> int | None:
    """The instant at which the clock on the wall shows it: of an hour that comes twice the first; None of one that the
    clock skips (Almaty had 23:00 of 29 February 2024 twice)."""
    shown = datetime.combine(day, time()) + timedelta(minutes=minute)
    at = shown.replace(tzinfo=ZoneInfo(zone))
    is_real = at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) == shown
    return int(at.timestamp()) if is_real else None


def instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def is_offered(
    starts_at: datetime, hours: Iterable[Hours], *, busy: Iterable[Span], zone: str, now: datetime
) -> Span | None:
    """The slot that begins at this instant, where it is still free."""
    seconds, day = int(starts_at.timestamp()), starts_at.astimezone(ZoneInfo(zone)).date()
    slots = free_slots(hours, busy=busy, first=day, last=day, zone=zone, now=now)
    return next((slot for slot in slots if slot[0] == seconds), None)


def held_until(asked_at: datetime, starts_at: datetime) -> datetime:
    """From then on a time that nobody has paid for is free for others."""
    return min(asked_at + UNPAID_HOLD, starts_at)


def part_of_day(at: datetime) -> str:
    """Of an instant in the reader's zone."""
    minute = at.hour * 60 + at.minute
    return next(name for begins, name in reversed(PARTS_OF_DAY) if minute >= begins)
