"""What a decision to pay becomes: vector V3 divided by hand, and any derivation to the tiyn."""

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.rules.derivations import Derivation
from claims.rules.payouts import Disability, death, fixed_term, lump_sum
from claims.rules.plan import plan
from claims.rules.shares import ShareNotAccepted
from tests.claims.loans import every_15th, letter, limit, tenge
from tests.claims.strategies import derivations

WHOLE, THIRD = [Fraction(1)], [Fraction(1, 3)] * 3
V3 = fixed_term(
    disability=Disability(date(2025, 3, 10), date(2026, 3, 9)), contract_until=date(2025, 12, 31),
    schedule=every_15th(2025), limit=limit(420_000),
)  # fmt: skip


def rows(derivation: Derivation, shares: list[Fraction]) -> list[tuple[int, int, date | None, Decimal]]:
    return [(one.number, one.payee, one.scheduled_on, one.part.value.amount) for one in plan(derivation, shares)]


def test_v3_is_paid_on_the_days_of_the_loan() -> None:
    assert rows(V3, WHOLE) == [
        *((number, 0, date(2025, number + 2, 15), Decimal(50_000)) for number in range(1, 9)),
        (9, 0, date(2025, 11, 15), Decimal(20_000)),
    ]


def test_of_three_heirs_the_last_receives_what_rounding_leaves_each_time() -> None:
    thirds = [Decimal("16666.66"), Decimal("16666.66"), Decimal("16666.68")]
    assert [amount for *_when, amount in rows(V3, THIRD)][:6] == thirds * 2


def test_v4_is_paid_at_once() -> None:
    assert rows(lump_sum(V3, paid=tenge(150_000)), WHOLE) == [(1, 0, None, Decimal(270_000))]


def test_a_part_of_nothing_is_not_paid() -> None:
    tiyn = death(died_on=date(2025, 1, 1), letter=letter(date(2025, 1, 1), "0.01"), limit=limit(1))
    assert rows(tiyn, THIRD) == [(1, 2, None, Decimal("0.01"))]


def test_nothing_is_divided_into_shares_that_are_not_the_whole() -> None:
    with pytest.raises(ShareNotAccepted):
        rows(V3, THIRD[:2])


weights = st.lists(st.integers(1, 40), min_size=1, max_size=6)


@given(derivations(), weights)
def test_the_plan_is_the_decision_to_the_tiyn(derivation: Derivation, weights: list[int]) -> None:
    planned = list(plan(derivation, [Fraction(weight, sum(weights)) for weight in weights]))
    assert sum((one.part.value.amount for one in planned), Decimal(0)) == derivation.amount.amount
    assert all(one.part.value.amount > 0 for one in planned)
    by_day = Counter[date]()
    for one in planned:
        if one.scheduled_on:
            by_day[one.scheduled_on] += one.part.value.amount  # type: ignore[assignment]
    assert dict(by_day) == {one.due_on: one.amount.amount for one in derivation.instalments}
