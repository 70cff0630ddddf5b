"""Payments that were late, or are: by how much, and what it costs (11.2(4))."""

from collections.abc import Iterable
from datetime import date

from claims.models import BaseRate, Claim, Instalment
from claims.queries.facts import calendar_of, facts_of
from claims.rules.derivations import Derivation
from claims.rules.penalty import DAYS_IN_YEAR, penalty
from claims.rules.terms import payment_term


def penalty_of(instalment: Instalment, *, paid_on: date | None = None) -> Derivation | None:
    """Of one that is paid; of one that is not, what it would be on `paid_on`. None: nobody knows the last day for paying.

    Raise FactsDisagree: no rate is on file for the day of payment.
    """
    last, paid_on = last_day_of(instalment), instalment.paid_on or paid_on
    if last is None or paid_on is None:
        return None
    rates = [one.rate for one in BaseRate.objects.current()]
    return penalty(amount=instalment.money, pay_by=last, paid_on=paid_on, rates=rates, days_in_year=DAYS_IN_YEAR)


def last_day_of(instalment: Instalment) -> date | None:
    """By the engine, from the facts as they are."""
    return last_days_of(instalment.claim, [instalment])[instalment.pk]


def last_days_of(claim: Claim, instalments: Iterable[Instalment]) -> dict[int, date | None]:
    """By the key of each: the end of the term for paying, or the loan's later day (7.8, 7.4); None while the clock stands.
    Eight queries, for however many of one claim; they come with their `decision__review`."""
    facts, calendar = facts_of(claim), calendar_of(claim.insurer)
    ends = {number: payment_term(review, calendar) for number, review in enumerate(facts.reviews, 1)}
    due = {number: term.due if term else None for number, term in ends.items()}
    return {one.pk: _later(one.scheduled_on, due[one.decision.review.number]) for one in instalments}


def _later(scheduled_on: date | None, due: date | None) -> date | None:
    return max(scheduled_on or due, due) if due else None
