"""The documents of chapter 10: each with its form, and who gives it."""

import pytest

from claims.rules.checklists import CHECKLISTS, ITEMS, Form, Giver, needs_translation
from claims.rules.events import InsuredEvent

DEATH, DISABILITY = CHECKLISTS[InsuredEvent.DEATH], CHECKLISTS[InsuredEvent.DISABILITY]


def test_every_event_has_its_list_in_the_order_of_the_rules() -> None:
    assert set(CHECKLISTS) == set(InsuredEvent)
    assert [item.code for item in DEATH] == ["D1", "D1b", "D2", "D3", "D4", "D5", "D6", "D6b"]
    assert [item.code for item in DISABILITY] == ["I1", "I1b", "I2", "I3", "I4", "I5", "I6"]
    assert [item.clause for item in DEATH] == [f"10.1({n})" for n in (1, 1, 2, 3, 4, 5, 6, 6)]
    assert [item.clause for item in DISABILITY] == [f"10.2({n})" for n in (1, 1, 2, 3, 4, 5, 6)]
    assert len(ITEMS) == len(DEATH) + len(DISABILITY)


def test_three_of_them_wait_for_paper() -> None:
    paper = {code: item.form for code, item in ITEMS.items() if item.form.is_paper}
    assert paper == {"D1b": Form.ORIGINAL, "D6": Form.NOTARISED, "I1b": Form.ORIGINAL}


def test_an_extract_is_signed_and_sealed_and_a_body_gives_what_it_issued() -> None:
    assert ITEMS["I5"].form == Form.CERTIFIED
    assert {code for code, item in ITEMS.items() if item.form == Form.AS_ISSUED} == {"D4", "I6"}


def test_the_bank_gives_the_contract_and_the_letter() -> None:
    assert {code for code, item in ITEMS.items() if item.giver == Giver.BANK} == {"D1", "D1b", "I1", "I1b"}


def test_what_a_payout_is_derived_from_cannot_be_waived() -> None:
    """10.4: the rest of the list may be shortened."""
    assert {code for code, item in ITEMS.items() if not item.waivable} == {"D1b", "D2", "I1", "I3"}


@pytest.mark.parametrize(("language", "translated"), [("kk", False), ("ru", False), ("en", True), ("tr", True)])
def test_what_is_neither_kazakh_nor_russian_needs_a_certified_translation(language: str, translated: bool) -> None:
    """10.6."""
    assert needs_translation(language) is translated
