"""11.2(4): a payout that is late costs the insurer a penalty for each day, at the National Bank's rate on the day of payment.

That rate was the refinancing rate; the base rate has its place since 2017, and its name since 2021 (facts.md, section 7).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from claims.rules.derivations import Derivation, FactsDisagree, Figure, Given, Rule, Step
from core.money import Money, round_half_up

DAYS_IN_YEAR = 365  # requirements.md, section 9, 12: the rules name none, so a product may set another


@dataclass(frozen=True)
class Rate:
    """In force from `since` until the next one."""

    since: date
    percent: Decimal  # a year


def penalty(
    *, amount: Money, pay_by: date, paid_on: date, rates: Iterable[Rate], days_in_year: int = DAYS_IN_YEAR
) -> Derivation:
    """Of one payment. `pay_by` was its last day in time; before it is paid, `paid_on` is today and the penalty grows.

    Raise FactsDisagree where no rate is on file for the day of payment.
    """
    late = Step(Rule.LATE_BY, {Figure.PAY_BY: pay_by, Figure.PAID_ON: paid_on}, max((paid_on - pay_by).days, 0))
    given: Given = {Figure.AMOUNT_LATE: amount, late.gives: late.value}
    if not late.value:
        return Derivation((late, Step(Rule.IN_TIME, given, Money(Decimal(0), amount.currency))))
    rate = rate_on(paid_on, rates)
    given |= {Figure.RATE_SINCE: rate.since, Figure.RATE: rate.percent, Figure.DAYS_IN_YEAR: days_in_year}
    due = round_half_up(amount.amount * rate.percent / 100 * late.value / days_in_year)
    return Derivation((late, Step(Rule.LATE_PAYMENT, given, Money(due, amount.currency))))


def rate_on(day: date, rates: Iterable[Rate]) -> Rate:
    """Raise FactsDisagree."""
    known = [rate for rate in rates if rate.since <= day]
    if not known:
        raise FactsDisagree("rate", _("No rate of the National Bank is on file for the day of payment."))
    return max(known, key=lambda rate: rate.since)
