"""The loan behind the policy (2.4): its repayment schedule, and what the bank's letter says was owed on a day.

Only principal is here: interest, penalties and fines are never paid (7.2).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from claims.rules.derivations import FactsDisagree
from core.money import Money


@dataclass(frozen=True)
class Repayment:
    """One line of the schedule. A month of interest alone has a principal of 0."""

    due_on: date
    principal: Money


@dataclass(frozen=True)
class Schedule:
    """At least one repayment, each on a later day than the one before (`loan_rows` reads them). Raise ValueError."""

    repayments: tuple[Repayment, ...]

    def __post_init__(self) -> None:
        if not self.repayments or any(later.due_on <= earlier.due_on for earlier, later in pairwise(self.repayments)):
            raise ValueError("a schedule has repayments, one a day, in order")

    @property
    def total(self) -> Money:
        """What the loan is, to the tiyn."""
        return self.sum_of(self.repayments)

    def due_within(self, first: date, last: date) -> tuple[Repayment, ...]:
        """Both days included (requirements.md, section 7)."""
        return tuple(one for one in self.repayments if first <= one.due_on <= last)

    def outstanding_on(self, day: date) -> Money:
        """If everything was repaid in time. A repayment of the day itself is still owed: 7.4 pays it too.

        For comparison only: a payout rests on what was owed in fact, which the bank's letter says (7.3, 7.6).
        """
        return self.sum_of(self.due_within(day, date.max))

    def sum_of(self, repayments: tuple[Repayment, ...]) -> Money:
        currency = self.repayments[0].principal.currency
        return sum((one.principal for one in repayments), Money(Decimal(0), currency))


@dataclass(frozen=True)
class BankLetter:
    """D1b, I1b: what the person owed on the day of the event. Raise FactsDisagree."""

    as_of: date
    debt: Money
    not_principal: Money  # of the debt: interest, penalties, fines

    def __post_init__(self) -> None:
        if self.not_principal.amount < 0 or self.principal.amount < 0:
            raise FactsDisagree(
                "letter_parts", _("Interest, penalties and fines are a part of the debt, not more than it.")
            )

    @property
    def principal(self) -> Money:
        return self.debt - self.not_principal
