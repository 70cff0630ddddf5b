"""A derivation is stored with the decision and read years later: nothing is lost, and old codes are never forgotten."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given

from claims.rules.derivations import GIVES, Derivation, Figure, Rule
from claims.rules.payouts import Disability, fixed_term, lump_sum
from claims.rules.penalty import penalty
from claims.rules.shares import divide
from claims.rules.wording import FORMULAS, NAMES
from tests.claims.loans import RATES, every_15th, limit, tenge
from tests.claims.strategies import derivations


def stored_and_read(derivation: Derivation) -> Derivation:
    return Derivation.from_data(json.loads(json.dumps(derivation.data)))


@given(derivations())
def test_nothing_is_lost_on_the_way_through_json(derivation: Derivation) -> None:
    assert stored_and_read(derivation) == derivation


def test_a_penalty_and_a_share_come_back_whole_too() -> None:
    late = penalty(amount=tenge(1_000_000), pay_by=date(2025, 11, 12), paid_on=date(2025, 11, 22), rates=RATES)
    one, _other = divide(tenge(100), [Fraction(1, 3), Fraction(2, 3)])
    for derivation in (late, Derivation((one,))):
        assert stored_and_read(derivation) == derivation


def test_the_same_sum_is_the_same_text() -> None:
    one, other = (Derivation(tuple(divide(tenge(amount), [Fraction(1)]))) for amount in ("1E+2", "100.00"))
    assert one.data == other.data


def test_every_rule_says_what_it_gives_and_every_code_has_words() -> None:
    assert set(GIVES) == set(FORMULAS) == set(Rule)
    assert set(NAMES) == set(Figure)


# What the first version stored. It may be added to, and no line of it changes.
STORED: dict[str, Any] = {
    "currency": "KZT",
    "steps": [
        {
            "rule": "less_illness",
            "given": {"sum_insured": "435000.00", "illness_paid": "15000.00"},
            "value": "420000.00",
        },
        {
            "rule": "less_paid_before",
            "given": {"sum_at_event": "420000.00", "paid_before": "0.00"},
            "value": "420000.00",
        },
        {"rule": "from_established", "given": {"disabled_since": "2025-10-10"}, "value": "2025-10-10"},
        {
            "rule": "until_either_ends",
            "given": {"disabled_until": "2026-10-09", "contract_until": "2025-12-31"},
            "value": "2025-12-31",
        },
        {
            "rule": "due_in_term",
            "given": {"counted_from": "2025-10-10", "counted_until": "2025-12-31", "repayments": "3"},
            "value": "150000.00",
        },
        {
            "rule": "fixed_term",
            "given": {"repayments_sum": "150000.00", "left": "420000.00"},
            "value": "150000.00",
        },
        {
            "rule": "lump_sum",
            "given": {"periodic": "150000.00", "instalments_paid": "50000.00"},
            "value": "100000.00",
        },
    ],
    "instalments": [],
}


def test_what_the_first_version_stored_is_read() -> None:
    periodic = fixed_term(
        disability=Disability(date(2025, 10, 10), date(2026, 10, 9)),
        contract_until=date(2025, 12, 31),
        schedule=every_15th(2025),
        limit=limit(435_000, illness_paid=15_000),
    )
    found = Derivation.from_data(STORED)
    assert found == lump_sum(periodic, paid=tenge(50_000))
    assert found.data == STORED
