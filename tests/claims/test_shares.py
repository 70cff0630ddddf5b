"""Several beneficiaries: shares as documents have them, parts that make the whole."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.rules.derivations import Figure
from claims.rules.shares import ShareNotAccepted, check_shares, divide, read_share
from core.money import Money
from tests.claims.loans import tenge
from tests.claims.strategies import sums

THIRD = Fraction(1, 3)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("1/3", THIRD), (" 1 / 3 ", THIRD), ("2⁄6", THIRD), ("1/1", Fraction(1)), ("50", Fraction(1, 2)),
        ("50%", Fraction(1, 2)), ("33,33 %", Fraction(3333, 10_000)), ("12.5", Fraction(1, 8)), ("100", Fraction(1)),
    ],
)  # fmt: skip
def test_a_share_is_read_as_the_document_has_it(text: str, share: Fraction) -> None:
    assert read_share(text) == share


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "form"), ("half", "form"), ("1/0", "form"), ("-1/3", "form"), ("1/3/2", "form"), ("33,333", "form"), ("٣", "form"),
        ("1e2", "form"), ("0", "size"), ("0/3", "size"), ("4/3", "size"), ("100,01", "size"),
    ],
)  # fmt: skip
def test_what_is_no_share_is_said_so(text: str, code: str) -> None:
    with pytest.raises(ShareNotAccepted) as refused:
        read_share(text)
    assert refused.value.code == code


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_share_or_refused(text: str) -> None:
    with suppress(ShareNotAccepted):
        assert 0 < read_share(text) <= 1


def test_three_heirs_of_a_third_each_have_the_whole() -> None:
    assert [step.value for step in divide(tenge(100), [THIRD] * 3)] == [tenge("33.33"), tenge("33.33"), tenge("33.34")]


@pytest.mark.parametrize("shares", [[], [THIRD, THIRD], [Fraction("0.3333")] * 3, [Fraction(1), Fraction(1, 100)]])
def test_shares_that_are_not_the_whole_divide_nothing(shares: list[Fraction]) -> None:
    for attempt in (lambda: check_shares(shares), lambda: divide(tenge(100), shares)):
        with pytest.raises(ShareNotAccepted) as refused:
            attempt()
        assert refused.value.code == "sum"


@given(sums, st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_the_parts_make_the_payout_and_each_is_explained(payout: Money, weights: list[int]) -> None:
    steps = divide(payout, [Fraction(weight, sum(weights)) for weight in weights])
    assert sum((step.value for step in steps), tenge(0)) == payout
    for step, weight in zip(steps, weights, strict=True):
        assert step.given == {Figure.PAYOUT: payout, Figure.SHARE: Fraction(weight, sum(weights))}
        exact = payout.amount * weight / sum(weights)
        assert abs(step.value.amount - exact) < len(weights) / 100
