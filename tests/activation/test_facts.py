"""What is typed at a door fits what is on file, or does not; codes are read as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.rules import (
    CODE_LENGTH,
    NOBODY,
    IdAndBirthDate,
    NumberIinAndName,
    OnFile,
    PolicyCode,
    code_as_typed,
    in_groups,
    new_code,
)
from activation.rules.codes import ALPHABET

IIN = "610314400020"
AIGUL = OnFile(date(1961, 3, 14), "Садыкова Айгуль Сериковна", IIN, code_fits=True)


def policy_code(**changes: str) -> PolicyCode:
    return PolicyCode(**({"insured_id": "1", "iin": IIN, "name": "Садыкова Айгуль Сериковна", "code": "x"} | changes))


@pytest.mark.parametrize(
    "name",
    ["садыкова айгуль сериковна", "Айгуль Садыкова", "САДЫКОВА АЙГУЛЬ", "Садыкова  Айгуль  Сериковна", "Sadykova Aigul",
     "SADYKOVA AIGUL SERIKOVNA"],
)  # fmt: skip
def test_a_name_is_compared_as_people_write_it(name: str) -> None:
    assert policy_code(name=name).fit(AIGUL)


@pytest.mark.parametrize("changes", [{"name": "Садыкова Дана"}, {"name": "Айгуль"}, {"iin": "900101300007"}])
def test_one_wrong_fact_is_enough(changes: dict[str, str]) -> None:
    assert not policy_code(**changes).fit(AIGUL)


def test_without_its_code_the_rest_does_not_fit() -> None:
    assert not policy_code().fit(without := OnFile(AIGUL.birth_date, AIGUL.name, AIGUL.iin, code_fits=False))
    assert NumberIinAndName("1", IIN, AIGUL.name).fit(without)


def test_a_register_without_the_iin_has_the_birth_date() -> None:
    assert policy_code().fit(OnFile(date(1961, 3, 14), AIGUL.name, None, code_fits=True))
    assert not policy_code().fit(OnFile(date(1961, 3, 15), AIGUL.name, None, code_fits=True))


def test_nothing_fits_nobody() -> None:
    assert not policy_code().fit(NOBODY)
    assert not IdAndBirthDate("1", date(1961, 3, 14)).fit(NOBODY)


def test_one_name_is_a_whole_name_for_whoever_has_one() -> None:
    assert policy_code(name="Айгуль").fit(OnFile(AIGUL.birth_date, "Айгуль", IIN, code_fits=True))


# ── Codes ────────────────────────────────────────────────────────────────────
def test_a_code_has_forty_bits() -> None:
    assert len(set(ALPHABET)) ** CODE_LENGTH >= 2**40
    assert {len(new_code()) for _ in range(50)} == {CODE_LENGTH}


@given(st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_a_printed_code_is_read_back_however_it_is_typed(code: str) -> None:
    printed = in_groups(code)
    for typed in (
        printed,
        printed.lower(),
        f" {printed.replace('-', ' – ')} ",
        code.replace("0", "o").replace("1", "l"),
    ):
        assert code_as_typed(typed) == code


def test_a_cyrillic_keyboard_types_the_same_letters() -> None:
    assert code_as_typed("А5ВЕ-КМНР") == "A5BEKMHP"


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    code_as_typed(text)
