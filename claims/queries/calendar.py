"""Which claims an edit of the calendar would move. The engine is asked once for each different clock (adr/0047)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from claims.models import Claim
from claims.rules.clock import NEVER, Reading, read_clock
from core.calendar import WorkingCalendar

SHOWN = 50


@dataclass(frozen=True)
class Moved:
    """One claim: its next day before and after."""

    claim: Claim
    before: date
    after: date


@dataclass(frozen=True)
class Moves:
    count: int
    first: list[Moved]


def open_clocks(country: str) -> QuerySet[Claim]:
    return Claim.objects.open().filter(insurer__country=country).exclude(clock="")


def moves(*, before: WorkingCalendar, after: WorkingCalendar) -> Moves:
    """Of both queues: the next term, or the last day for paying."""
    counted = open_clocks(before.country).values_list("clock").annotate(count=Count("pk")).order_by()
    moved: dict[str, tuple[Reading, Reading]] = {}
    together = 0
    for clock, count in counted:
        was, becomes = read_clock(clock, before), read_clock(clock, after)
        if was != becomes:
            moved[clock] = was, becomes
            together += count
    rows = open_clocks(before.country).filter(clock__in=list(moved)).order_by("next_on", "pk")[:SHOWN]
    return Moves(together, [Moved(claim, *map(day_of, moved[claim.clock])) for claim in rows])


def day_of(reading: Reading) -> date:
    """What the person sees move: the next day, or where none runs the first last day for paying."""
    return min([reading.on, *reading.pay_by.values()], default=NEVER)
