"""Payments that were late, or are: by how much, and what it costs (11.2(4))."""

from datetime import date

from claims.models import BaseRate, Instalment
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
    """By the engine, from the facts as they are: the end of the term for paying, or the loan's later day (7.8, 7.4)."""
    claim, review = instalment.claim, instalment.decision.review
    term = payment_term(facts_of(claim).reviews[review.number - 1], calendar_of(claim.insurer))
    if term is None or term.due is None:
        return None
    return max(instalment.scheduled_on or term.due, term.due)
