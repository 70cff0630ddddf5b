"""What passed, what runs, what comes by when, what would move it: one value for the insured person's page, the letter and
the staff queue (11.3(6)), so that all of them see the same days."""

from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.rules.coming import Coming, Mover, coming, waiting
from claims.rules.facts import Facts
from claims.rules.passed import Passed, passed
from claims.rules.terms import Deadline, Side, TermKind, deadlines, nearest
from core.calendar import Unit, WorkingCalendar, days_after

COUNTED = {Unit.WORKING: _("working day %(day)s of %(of)s"), Unit.CALENDAR: _("day %(day)s of %(of)s")}


class Urgency(TextChoices):
    OVERDUE = "overdue", _("overdue")
    TODAY = "today", _("today")
    TOMORROW = "tomorrow", _("tomorrow")
    LATER = "later", _("later")
    NOT_RUNNING = "not_running", _("not running")


@dataclass(frozen=True)
class Running:
    """An open term as it stands today."""

    deadline: Deadline
    day: int  # of as many days as the term has; 0 on the day it starts from
    days_late: int  # calendar days
    urgency: Urgency

    @property
    def counted(self) -> str:
        """«Working day 4 of 5», in the active language; nothing before the first of its days, or where it has none."""
        term = self.deadline.term
        return str(COUNTED[term.unit]) % {"day": self.day, "of": term.n} if self.day else ""


@dataclass(frozen=True)
class Timeline:
    passed: tuple[Passed, ...]
    running: tuple[Running, ...]  # the next due first; those whose clock stands last
    coming: tuple[Coming, ...]
    movers: tuple[Mover, ...]
    waits_for: Side
    nearest: Running | None  # of what the insurer has to do
    days_off: tuple[date, ...]  # from Monday to Friday, until the last day that is named

    @property
    def urgency(self) -> Urgency:
        """The word in the staff queue."""
        return self.nearest.urgency if self.nearest else Urgency.NOT_RUNNING


def timeline(facts: Facts, calendar: WorkingCalendar, *, today: date, expected_on: date | None = None) -> Timeline:
    """`expected_on`: on which day what we wait for is supposed to come; today, where nobody says otherwise."""
    found = deadlines(facts, calendar)
    first = nearest(found)
    running = tuple(running_on(today, one) for one in found if not one.done_on and _has_begun(one, today))
    ahead = coming(facts, found, calendar, today=today, expected_on=max(expected_on or today, today))
    named = [one.by for one in ahead] + [one.deadline.due for one in running if one.deadline.due]
    return Timeline(
        passed=passed(facts, calendar),
        running=tuple(sorted(running, key=lambda one: one.deadline.due or date.max)),
        coming=ahead,
        movers=waiting(facts).movers,
        waits_for=waiting(facts).side,
        nearest=running_on(today, first) if first else None,
        days_off=days_off(calendar, today, max(named, default=today)),
    )


def _has_begun(deadline: Deadline, today: date) -> bool:
    """A payment of the loan's schedule is to come until its day; any other term runs from the fact that begins it."""
    return deadline.kind != TermKind.INSTALMENT or deadline.term.start <= today


def running_on(today: date, deadline: Deadline) -> Running:
    return Running(deadline, deadline.day(today), deadline.days_late(today), urgency_of(deadline.due, today))


def urgency_of(due: date | None, today: date) -> Urgency:
    """`due`: the last day in time, None while the clock stands."""
    if due is None:
        return Urgency.NOT_RUNNING
    match (due - today).days:
        case 0:
            return Urgency.TODAY
        case 1:
            return Urgency.TOMORROW
        case left:
            return Urgency.OVERDUE if left < 0 else Urgency.LATER


def days_off(calendar: WorkingCalendar, after: date, until: date) -> tuple[date, ...]:
    """Which days from Monday to Friday do not count: why a date is later than it seems."""
    days = takewhile(lambda day: day <= until, days_after(after))
    return tuple(day for day in days if day.weekday() < 5 and not calendar.is_working(day))
