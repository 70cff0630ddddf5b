"""Sums of money are exact, and what is divided adds up again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import Money, MoneyError, format_money, round_half_up, split

amounts = st.decimals("-999999999999.99", "999999999999.99", places=2)


def tenge(amount: str) -> Money:
    return Money(Decimal(amount), "KZT")


@pytest.mark.parametrize("amount", [1.5, 1, Decimal("0.001"), Decimal("1000000000000"), Decimal("NaN"), Decimal("inf")])
def test_what_does_not_fit_the_column_is_not_a_sum(amount: object) -> None:
    with pytest.raises(MoneyError):
        Money(amount, "KZT")  # type: ignore[arg-type]


def test_the_largest_sum_of_the_column_fits() -> None:
    assert tenge("999999999999.99").amount == Decimal("999999999999.99")


def test_sums_of_one_currency_add_up() -> None:
    assert tenge("0.10") + tenge("0.20") == tenge("0.30")
    assert tenge("0.10") - tenge("0.20") == tenge("-0.10")


def test_two_currencies_do_not() -> None:
    with pytest.raises(MoneyError):
        tenge("1") + Money(Decimal(1), "RUB")


def test_sums_of_one_currency_are_compared_and_of_two_are_not() -> None:
    assert min(tenge("2"), tenge("10"), tenge("1.99")) == tenge("1.99")
    assert max(tenge("2"), tenge("10")) == tenge("10")
    with pytest.raises(MoneyError):
        min(tenge("1"), Money(Decimal(2), "RUB"))


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.004999", "0.00"), ("0.005", "0.01"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("3287.671232", "3287.67")],
)
def test_a_half_is_rounded_up(exact: str, rounded: str) -> None:
    assert round_half_up(Decimal(exact)) == Decimal(rounded)


def test_the_last_part_takes_what_rounding_leaves() -> None:
    assert split(tenge("100"), [1, 1, 1]) == [tenge("33.33"), tenge("33.33"), tenge("33.34")]
    assert split(tenge("100"), [Decimal("50"), Decimal("30"), Decimal("20")]) == [tenge("50"), tenge("30"), tenge("20")]


def test_small_sums_promise_nobody_more_than_there_is() -> None:
    assert split(tenge("0.05"), [1] * 10) == [tenge("0")] * 9 + [tenge("0.05")]


@given(amounts, st.lists(st.integers(0, 1000), min_size=1).filter(any))
def test_the_parts_always_make_the_whole(amount: Decimal, shares: list[int]) -> None:
    parts = split(Money(amount, "KZT"), shares)
    assert sum(part.amount for part in parts) == amount
    assert len(parts) == len(shares)
    assert all(part.amount * amount >= 0 for part in parts)


@pytest.mark.parametrize("shares", [[], [0, 0], [2, -1]])
def test_without_positive_shares_nothing_is_divided(shares: list[int]) -> None:
    with pytest.raises(MoneyError):
        split(tenge("1"), shares)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("ru", "1\u00a0234\u00a0567,50\u00a0₸"),
        ("kk", "1\u00a0234\u00a0567,50\u00a0₸"),
        ("en", "1\u00a0234\u00a0567.50\u00a0₸"),
    ],
)
def test_a_sum_is_written_with_hard_spaces(language: str, written: str) -> None:
    assert format_money(tenge("1234567.5"), language) == written


def test_a_whole_sum_drops_the_zeros_and_keeps_its_sign() -> None:
    assert format_money(tenge("12500.00"), "ru") == "12\u00a0500\u00a0₸"
    assert format_money(tenge("-999.05"), "ru") == "-999,05\u00a0₸"
    assert str(Money(Decimal(0), "RUB")) == "0\u00a0₽"


def test_a_currency_without_a_sign_is_named_by_its_code() -> None:
    assert format_money(Money(Decimal("10"), "USD"), "ru") == "10\u00a0USD"


@given(amounts)
def test_what_is_written_can_be_counted_again(amount: Decimal) -> None:
    written = format_money(Money(amount, "KZT"), "ru").removesuffix("\u00a0₸")
    assert Decimal(written.replace("\u00a0", "").replace(",", ".")) == amount
