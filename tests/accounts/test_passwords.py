"""NSK-09, NSK-11 and decisions.md «Passwords»."""

from datetime import date

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accounts.passwords import (
    COMMON,
    CYRILLIC,
    OWN,
    common_words,
    own_words_asked,
    refusals,
    rules_for_screen,
    words_about,
)
from tests.people import aigul

ASCII = st.characters(min_codepoint=0x20, max_codepoint=0x7E)


@pytest.mark.parametrize("password", ["abc12x", "Zq 7rty", "k9#_+=", "1bcdef", "Tulpan 1950 gul", "  a1  b"])
def test_six_latin_characters_with_a_letter_and_a_digit_are_enough(password: str) -> None:
    assert refusals(password) == []


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("abc1x", {"length"}),
        ("", {"length", "letter", "digit", "latin"}),
        ("abcdef", {"digit"}),
        ("123456", {"letter"}),
        ("abc123é", {"latin"}),
        ("abc123\n", {"latin"}),
        ("abc\t123", {"latin"}),
        ("abc123\x7f", {"latin"}),
        ("abc123😀", {"latin"}),
        ("１２３abc", {"digit", "latin"}),
    ],
)
def test_each_broken_rule_is_said_in_the_words_of_the_page(password: str, broken: set[str]) -> None:
    assert refusals(password) == [rule.text for rule in rules_for_screen() if rule.id in broken]


@pytest.mark.parametrize("password", ["Пароль123", "қазақ1", "abc123ы", "abcІ123"])
def test_cyrillic_is_refused_by_name_and_the_message_states_the_rule(password: str) -> None:
    translation.activate("en")
    [reason] = refusals(password)
    assert reason == str(CYRILLIC)
    assert "Russian or Kazakh" in reason
    assert "6" in reason
    assert "digit" in reason


def test_no_listed_word_that_obeys_the_rule_is_taken() -> None:
    assert len(common_words()) > 8_800
    assert [word for word in common_words() if refusals(word) != [COMMON]] == []


@pytest.mark.parametrize("password", ["Qwerty1", "PASSWORD1", " abc123 "])
def test_a_listed_word_is_recognised_in_any_case_and_among_spaces(password: str) -> None:
    assert refusals(password) == [COMMON]


AIGUL = words_about(
    email="aigul.s@example.kz",
    birth_date=date(1950, 3, 1),
    names=["Сейтқалиева", "Айгүл", "Ян"],
    numbers=["KZ-0012345", "500301400123"],
    brands=["Freedom Дом"],
)


@pytest.mark.parametrize(
    "password",
    [
        "aigul.s1", "xAigulS9", "a01.03.1950", "1950-03-01z", "q010350q", "500301!x", "1March1950", "1marta50",
        "a1/3/1950", "03/01/1950a", "seitkalieva1", "Seitqalieva7", "aygul-77", "Aigul2024", "kz0012345",
        "my500301400123", "Freedom24", "yan123", "YAN!77", "Ian1234",
    ],
)  # fmt: skip
def test_own_data_is_refused_however_it_is_spelled(password: str) -> None:
    assert refusals(password, words=AIGUL) == [OWN]
    assert refusals(password) == []  # control: the words refuse it, nothing else does


@pytest.mark.parametrize("password", ["yankee2024", "tulpan1950", "zq7-march"])
def test_a_short_name_inside_another_word_or_a_year_alone_is_no_own_data(password: str) -> None:
    assert refusals(password, words=AIGUL) == []


def test_no_words_are_made_of_nothing() -> None:
    assert words_about(email="@", names=["", "  ", "-"], numbers=[""]) == frozenset()


@pytest.mark.django_db
def test_the_forms_of_allauth_learn_the_words_of_the_apps_above() -> None:
    def birth_date_of(user: AbstractBaseUser, **kwargs: object) -> frozenset[str]:
        return words_about(birth_date=date(1950, 3, 1))

    user = aigul()
    validate_password("x01031950", user)  # control: nobody has answered yet
    own_words_asked.connect(birth_date_of)
    try:
        with pytest.raises(ValidationError):
            validate_password("x01031950", user)
        with pytest.raises(ValidationError):
            validate_password("aigul77", user)
    finally:
        own_words_asked.disconnect(birth_date_of)


@given(st.text())
def test_any_text_gets_a_clear_answer(password: str) -> None:
    assert all(isinstance(reason, str) and reason for reason in refusals(password, words=AIGUL))


@given(st.text(), st.text(), st.text(), st.text())
def test_any_facts_about_a_person_make_words(email: str, name: str, number: str, brand: str) -> None:
    assert "" not in words_about(email=email, names=[name], numbers=[number], brands=[brand])


@given(st.text(ASCII, min_size=4), st.sampled_from("abcXYZ"), st.sampled_from("0189"))
def test_whatever_obeys_the_rule_and_is_not_listed_is_taken(text: str, letter: str, digit: str) -> None:
    password = text + letter + digit
    assert refusals(password) == ([COMMON] if password.strip().lower() in common_words() else [])


@pytest.mark.parametrize("length", [6, 64, 73, 128, 500])
def test_long_passwords_are_hashed_whole(length: int) -> None:
    password = ("aB3$ " * length)[:length]
    assert refusals(password) == []
    encoded = make_password(password)
    assert check_password(password, encoded)
    assert not check_password(password[:-1], encoded)
    assert not check_password(password[:-1] + "?", encoded)


def test_the_hash_is_argon2id_of_19_mib_two_passes_one_lane() -> None:
    encoded = make_password("Tulpan 1950 gul")
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert not identify_hasher(encoded).must_update(encoded)
