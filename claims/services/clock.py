"""The nearest term of a claim and the last days of its payments as columns, so that a queue of a million is sorted. Computed
by the one engine (claims.rules.terms), read by no page but the queues (adr/0040, adr/0047)."""

from datetime import date, datetime

from django.db.models import Value
from django.db.models.functions import Coalesce, Greatest

from claims.models import Claim, Instalment
from claims.queries.facts import calendar_of, facts_of
from claims.rules.clock import clock_of, read_clock
from claims.rules.life import OPEN_STATES, UNPAID


def wind(claim: Claim, *, now: datetime) -> None:
    """At the end of every service that changes a fact of the claim, in its transaction, under its lock."""
    claim.clock = clock_of(facts_of(claim))
    read = read_clock(claim.clock, calendar_of(claim.insurer))
    claim.next_kind, claim.next_on = read.kind or "", read.on
    claim.is_open = claim.state in OPEN_STATES or bool(claim.next_kind)
    claim.save(update_fields=["is_open", "next_kind", "next_on", "clock"])
    for number, pay_by in read.pay_by.items():
        _set_last_days(claim, number, pay_by)


def _set_last_days(claim: Claim, review: int, pay_by: date) -> None:
    """What the loan's schedule has for a later day is due on its own (7.4)."""
    of_review = Instalment.objects.payouts().filter(claim=claim, decision__review__number=review, state__in=UNPAID)
    of_review.update(pay_by=Greatest(Coalesce("scheduled_on", Value(pay_by)), Value(pay_by)))
