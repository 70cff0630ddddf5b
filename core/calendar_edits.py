"""An edit of the working calendar is looked at before it is made: each app says what it would move (core.apps)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.dispatch import Signal

from core.calendar import WorkingCalendar
from core.models import CalendarDay
from core.queries import load_calendar

# Sent with `before` and `after`, two calendars of one country. A receiver returns a Consequence, or None where nothing moves.
looked_ahead = Signal()
# Sent in the transaction of the edit, with `country`, `date`, `mark` ("off", "work", "none"), `note`, `seen`, `by`, `now`.
edited = Signal()


@dataclass(frozen=True)
class Consequence:
    """`title` says how many of what; `heading` and `rows` are a table of the first of them."""

    title: str
    count: int
    heading: Sequence[str]
    rows: Sequence[Sequence[str]]


def consequences_of(day: CalendarDay | None, *, instead_of: CalendarDay | None) -> list[Consequence]:
    """Of `day` in the place of what stands there now; None: as the library has it."""
    found: list[Consequence] = []
    for country in sorted({one.country for one in (day, instead_of) if one}):
        before = load_calendar(country)
        marks: dict[date, bool] = dict(before.overrides)
        if instead_of and instead_of.country == country:
            marks.pop(instead_of.date, None)
        if day and day.country == country:
            marks[day.date] = day.kind == CalendarDay.Kind.WORK
        after = WorkingCalendar(country, marks)
        answers: list[tuple[Any, Any]] = looked_ahead.send(CalendarDay, before=before, after=after)
        found += [answer for _receiver, answer in answers if answer]
    return found
