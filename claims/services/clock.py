"""The nearest term of a claim as a column, so that a queue of a million can be sorted. Computed from the one engine
(claims.rules.terms), read by no page but the queue (adr/0040)."""

from datetime import date, datetime

from claims.models import NEVER, Claim
from claims.queries.facts import calendar_of, facts_of
from claims.rules.facts import Facts
from claims.rules.life import OPEN_STATES
from claims.rules.terms import deadlines, nearest
from core.calendar import WorkingCalendar


def wind(claim: Claim, *, now: datetime) -> None:
    """At the end of every service that changes a fact of the claim, in its transaction, under its lock."""
    facts = facts_of(claim)
    claim.is_open, claim.next_kind, claim.next_on = hand_of(facts, calendar_of(claim.insurer))
    claim.save(update_fields=["is_open", "next_kind", "next_on"])


def hand_of(facts: Facts, calendar: WorkingCalendar) -> tuple[bool, str, date]:
    """Whether anything is to be done, which term is the next, and its last day."""
    first = nearest(deadlines(facts, calendar))
    is_open = facts.state in OPEN_STATES or first is not None
    return is_open, first.kind if first else "", (first.due if first else None) or NEVER
