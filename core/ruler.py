"""The day ruler: a term as a row of segments beside the sentence with its date (design.md, section 1)."""

import calendar
from dataclasses import dataclass
from datetime import date
from itertools import count, takewhile
from typing import Literal

Unit = Literal["day", "week", "month"]
MOST_SEGMENTS = 31


@dataclass(frozen=True)
class Ruler:
    total: int  # segments
    done: int  # segments that are over
    now: int | None  # the segment of today, from 0; None before the start and after the end
    unit: Unit
    days: int  # length of the term
    days_left: int  # from today to the end, never more than the term


def day_ruler(start: date, end: date, today: date) -> Ruler:
    """One segment a day up to 31 days, then a week, then a month. `end` is the first day after the term:
    signed on 16 November, open on 1 December = 15 segments. Raises ValueError where it lies before `start`.
    """
    days = (end - start).days
    if days < 0:
        raise ValueError("a term cannot end before it starts")
    unit, bounds = segments(start, end)
    done = sum(bound <= today for bound in bounds)
    return Ruler(
        total=len(bounds),
        done=done,
        now=done if start <= today < end else None,
        unit=unit,
        days=days,
        days_left=min(max((end - today).days, 0), days),
    )


def segments(start: date, end: date) -> tuple[Unit, list[date]]:
    """The unit and the first day after each segment; the last segment may be shorter."""
    days = (end - start).days
    if days <= MOST_SEGMENTS:
        return "day", [date.fromordinal(start.toordinal() + n) for n in range(1, days + 1)]
    if days <= 7 * MOST_SEGMENTS:
        return "week", [date.fromordinal(start.toordinal() + n) for n in range(7, days, 7)] + [end]
    months = takewhile(lambda day: day < end, (add_months(start, n) for n in count(1)))
    return "month", [*months, end]


def add_months(day: date, n: int) -> date:
    """The same day n months later, or the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
