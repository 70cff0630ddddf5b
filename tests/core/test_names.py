"""Names are found without Kazakh letters, ordered by the Kazakh alphabet and compared with tolerance."""

import unicodedata
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.names import full_name, same_name, search_key, sort_key

ALPHABET = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ"


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Қабылов", "кабылов"),
        ("Фёдоров", "ФЕДОРОВ"),
        ("Әбдіғали  Үміт", " абдигали умит "),
        ("Һ", "х"),
        ("Ұлы Өң", "улы он"),
    ],
)
def test_a_name_is_found_as_it_is_typed_on_a_russian_keyboard(written: str, typed: str) -> None:
    assert search_key(written) == search_key(typed)


def test_й_in_two_pieces_is_still_й() -> None:
    assert search_key(unicodedata.normalize("NFD", "Андрей Фёдоров")) == "андрей федоров"


@given(st.permutations(ALPHABET))
def test_the_whole_alphabet_finds_its_order(letters: list[str]) -> None:
    assert "".join(sorted(letters, key=sort_key)) == ALPHABET


def test_case_does_not_change_the_order() -> None:
    assert sort_key(ALPHABET) == sort_key(ALPHABET.lower())


@given(st.permutations(["Ахмет Я", "Ахметов А", "Ахметова"]))
def test_a_short_name_stands_before_a_longer_one_and_a_space_before_any_letter(names: list[str]) -> None:
    assert sorted(names, key=sort_key) == ["Ахмет Я", "Ахметов А", "Ахметова"]


def test_latin_names_follow_and_accents_do_not_matter() -> None:
    assert sort_key("Яя") < sort_key("Oz") < sort_key("Öza") < sort_key("山")


@given(st.text())
def test_a_sort_key_is_digits_in_pairs(text: str) -> None:
    key = sort_key(text)
    assert key.isascii()
    assert key.isdigit() or not key
    assert len(key) % 2 == 0


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Ахметова", "Айгүл", "Серікқызы"), "Ахметова Айгүл Серікқызы"),
        (("Ким", " Вера ", ""), "Ким Вера"),
        (("", "Сукарно", ""), "Сукарно"),
    ],
)
def test_a_missing_part_leaves_no_gap(parts: tuple[str, str, str], name: str) -> None:
    assert full_name(*parts) == name


@pytest.mark.parametrize(
    "other",
    [
        "АХМЕТОВА АЙГҮЛ СЕРІКҚЫЗЫ",
        "Айгүл Серікқызы Ахметова",
        "Ахметова  Айгул   Серикқызы",
        "Ахметова Айгүл",
        "айгүл ахметова",
    ],
)
def test_the_same_person_may_be_written_otherwise(other: str) -> None:
    assert same_name("Ахметова Айгүл Серікқызы", other)
    assert same_name(other, "Ахметова Айгүл Серікқызы")


@pytest.mark.parametrize("other", ["Ахметова", "", "Ахметова Алия Серікқызы", "Ахметова Ахметова", "Айгүл Ахметов"])
def test_another_person_is_another_person(other: str) -> None:
    assert not same_name("Ахметова Айгүл Серікқызы", other)


def test_ё_and_a_hyphen_do_not_matter() -> None:
    assert same_name("Мамин-Сибиряк Семён", "мамин сибиряк семен")


def test_who_has_one_name_is_known_by_it() -> None:
    assert same_name("Сукарно", "СУКАРНО")


@given(st.lists(st.sampled_from(["Айгүл", "Ахметова", "Серікқызы"]), min_size=1, max_size=3))
def test_the_order_of_words_never_matters(words: list[str]) -> None:
    assert all(same_name(" ".join(words), " ".join(order)) for order in permutations(words))
