"""Which rule of chapter 7 applies to what is known of a claim, and what is missing before one does."""

from dataclasses import replace
from datetime import date

import pytest

from claims.rules.derivations import Rule
from claims.rules.events import InsuredEvent
from claims.rules.inputs import Inputs, Missing, NotEnough, derive, missing
from claims.rules.payouts import Disability
from tests.claims.loans import every_15th, letter, limit, tenge

SINCE = date(2025, 3, 10)
DEATH = Inputs(InsuredEvent.DEATH, SINCE, limit("2000000"), letter(SINCE, "2480000", not_principal="130000"))
DISABILITY = Inputs(
    InsuredEvent.DISABILITY, SINCE, limit("420000"), None, Disability(SINCE, date(2026, 3, 9)), date(2025, 12, 31),
    every_15th(2025),
)  # fmt: skip


def test_a_death_needs_the_contract_and_the_banks_letter() -> None:
    assert derive(DEATH).amount == tenge("2000000")  # V1
    assert missing(replace(DEATH, limit=None, letter=None)) == (Missing.CONTRACT, Missing.LETTER)


def test_a_disability_for_a_term_needs_no_letter() -> None:
    assert derive(DISABILITY).amount == tenge("420000")  # V3
    assert len(derive(DISABILITY).instalments) == 9


def test_an_indefinite_one_does() -> None:
    for_good = replace(DISABILITY, disability=Disability(SINCE, None))
    assert missing(for_good) == (Missing.LETTER,)
    derived = derive(replace(for_good, letter=letter(SINCE, "480000")))
    assert (derived.steps[-1].rule, derived.amount) == (Rule.INDEFINITE, tenge("420000"))  # V5


def test_what_is_missing_is_named_all_at_once() -> None:
    bare = Inputs(InsuredEvent.DISABILITY, SINCE)
    with pytest.raises(NotEnough) as refused:
        derive(bare)
    assert refused.value.missing == (
        Missing.CONTRACT, Missing.CERTIFICATE, Missing.SCHEDULE, Missing.CONTRACT_END,
    )  # fmt: skip
