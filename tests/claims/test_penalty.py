"""11.2(4): each day of a delay costs the insurer the National Bank's rate of the day of payment."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.rules.derivations import FactsDisagree, Figure
from claims.rules.payouts import death
from claims.rules.penalty import Rate, penalty, rate_on
from core.calendar import Term, Unit, WorkingCalendar
from core.money import Money
from tests.claims.loans import RATES, letter, limit, tenge

PAY_BY = date(2025, 11, 12)  # V12
KAZAKHSTAN = WorkingCalendar("KZ", overrides={date(2026, 5, 8): False, date(2026, 5, 16): True})  # a moved day off


def owed(amount: str | int, paid_on: date, *, pay_by: date = PAY_BY, days_in_year: int = 365) -> Money:
    return penalty(amount=tenge(amount), pay_by=pay_by, paid_on=paid_on, rates=RATES, days_in_year=days_in_year).amount


def test_v11_ten_days_at_twelve_percent() -> None:
    assert owed(1_000_000, date(2025, 11, 22)) == tenge("3287.67")


@pytest.mark.parametrize(
    ("paid_on", "penalty"),
    [
        (date(2025, 11, 1), 0),
        (date(2025, 11, 12), 0),  # the last day in time
        (date(2025, 11, 13), "493.15"),  # 1 day at 18 %
        (date(2025, 11, 16), "1972.60"),  # 4 days at 18 %, a Sunday
        (date(2025, 11, 17), "1643.84"),  # 5 days at 12 %: the rate of the day of payment counts for all of them
        (date(2026, 1, 25), "24328.77"),  # 74 days at 12 %
        (date(2026, 1, 26), "29280.82"),  # 75 days at 14.25 %
        (date(2026, 11, 12), "142500.00"),  # 365 days: a year's rate
    ],
)
def test_days_count_from_the_day_after_the_term_at_the_rate_of_the_day_of_payment(paid_on: date, penalty: str) -> None:
    assert owed(1_000_000, paid_on) == tenge(penalty)


@pytest.mark.parametrize(
    ("decide_by", "pay_by"),
    [
        (date(2025, 10, 10), date(2025, 11, 3)),  # Republic Day is a Saturday, so Monday the 27th is off
        (date(2025, 12, 12), date(2026, 1, 8)),  # Independence Day, the New Year on two days, Christmas
        (date(2026, 3, 4), date(2026, 3, 31)),  # 8 March is a Sunday; Nauryz, moved on from the week-end
        (date(2026, 4, 27), date(2026, 5, 21)),  # the 8th is off and Saturday the 16th is worked for it
        (date(2027, 3, 1), date(2027, 3, 29)),  # Constitution Day is in March from 2027 on
    ],
)
def test_the_last_day_in_time_follows_the_calendar_of_kazakhstan(decide_by: date, pay_by: date) -> None:
    """7.8, fifteen working days, counted by hand; a delay then counts in days of the calendar."""
    found = Term(decide_by, 15, Unit.WORKING, KAZAKHSTAN).due
    assert found == pay_by
    assert owed(365_000, pay_by, pay_by=found) == tenge(0)
    assert owed(365_000, pay_by + timedelta(days=1), pay_by=found) == tenge(
        10 * rate_on(found + timedelta(days=1), RATES).percent
    )


def test_a_product_may_count_360_days() -> None:
    assert owed(1_000_000, date(2025, 11, 22), days_in_year=360) == tenge("3333.33")


@given(st.integers(0, 3_000), st.decimals("0", "9999999999.99", places=2), st.integers(0, 400))
def test_at_one_rate_a_penalty_grows_with_the_days_and_with_the_sum(days: int, amount: Decimal, more: int) -> None:
    rates = [Rate(date(2020, 1, 1), Decimal("16.5"))]

    def after(n: int, sum_of_money: Decimal) -> Decimal:
        paid_on = PAY_BY + timedelta(days=n)
        return penalty(amount=Money(sum_of_money, "KZT"), pay_by=PAY_BY, paid_on=paid_on, rates=rates).amount.amount

    assert 0 <= after(days, amount) <= after(days + more, amount) <= after(days + more, amount + 1)


def test_the_derivation_names_the_rate_and_since_when_it_is_in_force() -> None:
    late = penalty(amount=tenge(1_000_000), pay_by=PAY_BY, paid_on=date(2025, 11, 22), rates=reversed(RATES))
    assert late.steps[-1].given == {
        Figure.AMOUNT_LATE: tenge(1_000_000),
        Figure.DAYS_LATE: 10,
        Figure.RATE_SINCE: date(2025, 11, 17),
        Figure.RATE: Decimal("12"),
        Figure.DAYS_IN_YEAR: 365,
    }


def test_without_a_rate_of_the_day_of_payment_there_is_no_figure() -> None:
    with pytest.raises(FactsDisagree) as refused:
        owed(1, date(2025, 3, 9), pay_by=date(2025, 3, 1))
    assert refused.value.code == "rate"
    assert owed(1_000_000, date(2025, 3, 10), pay_by=date(2025, 3, 9)) == tenge("452.05")


def test_what_is_paid_in_time_needs_no_rate() -> None:
    assert penalty(amount=tenge(5), pay_by=PAY_BY, paid_on=PAY_BY, rates=[]).amount == tenge(0)


def test_a_late_payout_of_a_death_is_followed_to_its_penalty() -> None:
    payout = death(died_on=date(2025, 6, 20), letter=letter(date(2025, 6, 20), 730_000), limit=limit(2_000_000)).amount
    found = penalty(amount=payout, pay_by=PAY_BY, paid_on=date(2025, 11, 22), rates=RATES)
    assert found.amount == tenge("2400.00")  # 730 000 × 12 % × 10 ÷ 365
