"""A derivation in words: the same steps in every language."""

from datetime import date
from fractions import Fraction

import pytest
from django.utils.translation import override

from claims.rules.derivations import Derivation
from claims.rules.payouts import death
from claims.rules.penalty import penalty
from claims.rules.shares import divide
from claims.rules.wording import Explained, clause_in_words, explained, share_in_words
from tests.claims.loans import RATES, letter, limit, tenge

DIED_ON = date(2025, 6, 20)
V1 = death(died_on=DIED_ON, letter=letter(DIED_ON, 2_480_000, not_principal=130_000), limit=limit(2_000_000))
LATE = penalty(amount=tenge(1_000_000), pay_by=date(2025, 11, 12), paid_on=date(2026, 1, 27), rates=RATES)


def test_a_death_is_told_step_by_step() -> None:
    with override("en"):
        at_event, left, principal, payout = explained(V1)
    assert principal == Explained(
        name="outstanding principal",
        value="2\u00a0350\u00a0000\u00a0₸",
        formula="Only the loan itself counts: the debt less interest, penalties and fines.",
        given=(
            ("day that the bank’s letter is about", "20 June 2025"),
            ("debt to the bank on that day", "2\u00a0480\u00a0000\u00a0₸"),
            ("interest, penalties and fines in it", "130\u00a0000\u00a0₸"),
        ),
        clause="Insurance rules, 7.2",
    )
    assert [step.clause.split()[-1] for step in (at_event, left, payout)] == ["7.12", "7.2", "7.3"]
    assert payout.value == left.value == "2\u00a0000\u00a0000\u00a0₸"
    assert [name for name, _value in payout.given] == [principal.name, left.name]


def test_a_penalty_names_days_and_rate() -> None:
    with override("en"):
        days, due = explained(LATE)
        given = dict(due.given)
    assert (days.value, given[days.name]) == ("76", "76")
    assert given["rate of the National Bank, a year"] == "14.25\u00a0%"
    assert given["rate in force since"] == "26 January 2026"
    assert due.value == "29\u00a0671.23\u00a0₸"


@pytest.mark.parametrize(
    ("language", "day", "rate"), [("ru", "26 января 2026 года", "14,25"), ("kk", "2026 жылғы 26 қаңтар", "14,25")]
)
def test_what_was_stored_once_is_read_in_any_language(language: str, day: str, rate: str) -> None:
    read = Derivation.from_data(LATE.data)
    with override(language):
        *_days, due = explained(read)
        values = [value for _name, value in due.given]
    assert day in values
    assert "14,25\u00a0%" in values


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Fraction(1, 3), "1/3"), (Fraction(1, 2), "50\u00a0%"), (Fraction(1, 8), "12,5\u00a0%"), (Fraction(1), "100\u00a0%"),
        (Fraction("0.3333"), "33,33\u00a0%"), (Fraction(1, 16), "6,25\u00a0%"), (Fraction(1, 32), "1/32"),
    ],
)  # fmt: skip
def test_a_share_is_a_percentage_where_that_is_exact(share: Fraction, words: str) -> None:
    with override("ru"):
        assert share_in_words(share) == words


def test_a_share_of_a_payout_is_told_too() -> None:
    with override("en"):
        [one, *_others] = explained(Derivation(tuple(divide(tenge(100), [Fraction(1, 3), Fraction(2, 3)]))))
    assert one.given == (("payout", "100\u00a0₸"), ("share of the beneficiary", "1/3"))
    assert one.value == "33.33\u00a0₸"


def test_a_clause_is_named() -> None:
    with override("en"):
        assert clause_in_words("7.4") == "Insurance rules, 7.4"
        assert clause_in_words("11.2(4)") == "Insurance rules, 11.2(4)"
