"""Sums, schedules and limits that the tests of payouts begin with."""

from datetime import date
from decimal import Decimal

from claims.rules.loan import BankLetter, Repayment, Schedule
from claims.rules.payouts import Limit
from claims.rules.penalty import Rate
from core.money import Money

RATES = (  # as staff keep them; the percentages are invented
    Rate(date(2025, 3, 10), Decimal("16.5")),
    Rate(date(2025, 10, 13), Decimal("18")),
    Rate(date(2025, 11, 17), Decimal("12")),
    Rate(date(2026, 1, 26), Decimal("14.25")),
)


def tenge(amount: str | int | Decimal) -> Money:
    return Money(Decimal(amount), "KZT")


def repaid(*rows: tuple[str, str | int]) -> Schedule:
    return Schedule(tuple(Repayment(date.fromisoformat(day), tenge(principal)) for day, principal in rows))


def every_15th(year: int, *, principal: str | int = 50_000) -> Schedule:
    """The loan of the vectors: the same sum each month (requirements.md, section 7, V3)."""
    return repaid(*((f"{year}-{month:02}-15", principal) for month in range(1, 13)))


def limit(sum_insured: str | int, *, illness_paid: str | int = 0, paid_before: str | int = 0) -> Limit:
    return Limit(tenge(sum_insured), illness_paid=tenge(illness_paid), paid_before=tenge(paid_before))


def letter(as_of: date, debt: str | int | Decimal, *, not_principal: str | int = 0) -> BankLetter:
    return BankLetter(as_of, tenge(debt), tenge(not_principal))
