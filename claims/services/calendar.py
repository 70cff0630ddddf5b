"""The stored days of open claims follow an edit of the calendar: a worker asks the engine once for each clock and writes
what moved in batches, one statement each."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from claims.models import CalendarEdit
from claims.queries.calendar import open_clocks
from claims.rules.clock import Reading, read_clock
from core.queries import load_calendar

BATCH = 20_000  # claims in a transaction: a reviewer who saves one of them waits for no more than these
# Whoever had read the calendar before it was edited has committed by then, with days that are to be moved as well.
LONGEST_ACT = timedelta(minutes=2)


def note_edit(*, country: str, date: date, mark: str, note: str, seen: int, by: Any, now: datetime) -> CalendarEdit:
    """In the transaction of the edit."""
    return CalendarEdit.objects.create(country=country, date=date, mark=mark, note=note, seen=seen, by=by, at=now)


def follow_all(*, now: datetime) -> int:
    """How many dates were moved. Each edit is asked for again until nobody can be at work with the calendar of before."""
    moved = 0
    for edit in CalendarEdit.objects.filter(followed_at=None).order_by("pk"):
        moved_by_it = follow(edit.country)
        edit.moved += moved_by_it
        edit.followed_at = now if now >= edit.at + LONGEST_ACT else None
        edit.save(update_fields=["moved", "followed_at"])
        moved += moved_by_it
    return moved


def follow(country: str) -> int:
    """How many dates were moved. Twice is the same as once."""
    calendar = load_calendar(country)
    counted = open_clocks(country).values_list("clock").annotate(count=Count("pk")).order_by()
    read = [(clock, count, read_clock(clock, calendar)) for clock, count in counted]
    return sum(_write(country, batch) for batch in _batches(read))


def _batches(read: Sequence[tuple[str, int, Reading]]) -> Iterator[list[tuple[str, Reading]]]:
    """Whole clocks, so many that their claims are a batch."""
    before = 0
    placed = []
    for clock, count, reading in read:
        placed.append((before // BATCH, clock, reading))
        before += count
    for _batch, rows in groupby(placed, key=lambda row: row[0]):
        yield [(clock, reading) for _batch, clock, reading in rows]


@transaction.atomic
def _write(country: str, batch: Sequence[tuple[str, Reading]]) -> int:
    clocks, kinds, days = zip(*((clock, reading.kind or "", reading.on) for clock, reading in batch), strict=True)
    last_days = [(clock, number, day) for clock, reading in batch for number, day in reading.pay_by.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            NEXT_TERMS, {"country": country, "clocks": list(clocks), "kinds": list(kinds), "days": list(days)}
        )
        moved = cursor.rowcount
        if last_days:
            of, numbers, until = map(list, zip(*last_days, strict=True))
            cursor.execute(LAST_DAYS, {"country": country, "clocks": of, "numbers": numbers, "days": until})
    return moved


NEXT_TERMS = """
UPDATE claims_claim AS claim SET next_kind = read.kind, next_on = read.day
FROM unnest(%(clocks)s::text[], %(kinds)s::text[], %(days)s::date[]) AS read (clock, kind, day)
WHERE claim.is_open AND claim.clock = read.clock AND (claim.next_on <> read.day OR claim.next_kind <> read.kind)
    AND claim.insurer_id IN (SELECT id FROM policies_insurer WHERE country = %(country)s)
"""
LAST_DAYS = """
UPDATE claims_instalment AS one SET pay_by = greatest(one.scheduled_on, read.day)
FROM unnest(%(clocks)s::text[], %(numbers)s::int[], %(days)s::date[]) AS read (clock, number, day)
JOIN claims_claim AS claim ON claim.clock = read.clock AND claim.is_open
JOIN policies_insurer AS insurer ON insurer.id = claim.insurer_id AND insurer.country = %(country)s
JOIN claims_review AS review ON review.claim_id = claim.id AND review.number = read.number
JOIN claims_decision AS decision ON decision.review_id = review.id
WHERE one.decision_id = decision.id AND one.kind = 'payout' AND one.state IN ('planned', 'ordered', 'bounced')
    AND one.pay_by <> greatest(one.scheduled_on, read.day)
"""
