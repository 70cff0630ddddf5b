"""Dates are read as people type them and written in the case the sentence needs."""

from contextlib import suppress
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.dates import (
    DateNotUnderstood,
    day_month,
    from_date,
    long_date,
    on_date,
    parse_date,
    short_date,
    short_weekday,
    until_date,
    weekday,
)

NOVEMBER = date(2026, 11, 24)
DECEMBER = date(2026, 12, 1)


@pytest.mark.parametrize(
    "typed",
    ["14.03.1961", "14/03/1961", "14 03 1961", "14-03-1961", "1961-03-14", " 14 . 3 . 1961 ", "14.\u00a003.1961\n"],
)
def test_a_date_is_understood_however_it_is_typed(typed: str) -> None:
    assert parse_date(typed) == date(1961, 3, 14)


@pytest.mark.parametrize("typed", ["", "14.03.61", "14031961", "14 марта 1961", "03.1961", "١٤.٠٣.١٩٦١", "1.2.3.1961"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(DateNotUnderstood) as refusal:
        parse_date(typed)
    assert refusal.value.code == "form"


@pytest.mark.parametrize("typed", ["29.02.2025", "31.11.2026", "00.01.2026", "12.13.2026", "01.01.0000"])
def test_a_day_that_never_was_is_refused_by_name(typed: str) -> None:
    with pytest.raises(DateNotUnderstood) as refusal:
        parse_date(typed)
    assert refusal.value.code == "day"


def test_29_february_exists_in_a_leap_year() -> None:
    assert parse_date("29.02.2024") == date(2024, 2, 29)


@given(st.dates())
def test_a_short_date_is_read_back(day: date) -> None:
    assert parse_date(short_date(day)) == day == parse_date(day.isoformat())


@given(st.text() | st.text(alphabet="0123456789./- ", max_size=12))
def test_any_text_is_a_date_or_a_typed_refusal(text: str) -> None:
    with suppress(DateNotUnderstood):
        assert isinstance(parse_date(text), date)


@pytest.mark.parametrize(
    ("language", "phrases"),
    [
        ("ru", ["24 ноября 2026 года", "24 ноября", "вторник", "вт"]),
        ("kk", ["2026 жылғы 24 қараша", "24 қараша", "сейсенбі", "сс"]),
        ("en", ["24 November 2026", "24 November", "Tuesday", "Tue"]),
    ],
)
def test_a_day_has_its_name_in_each_language(language: str, phrases: list[str]) -> None:
    written = [phrase(NOVEMBER, language) for phrase in (long_date, day_month, weekday, short_weekday)]
    assert written == phrases


@pytest.mark.parametrize(
    ("language", "phrases"),
    [
        ("ru", ["с 1 декабря 2026 года", "до 1 декабря 2026 года", "1 декабря 2026 года"]),
        ("kk", ["2026 жылғы 1 желтоқсаннан", "2026 жылғы 1 желтоқсанға дейін", "2026 жылғы 1 желтоқсанда"]),
        ("en", ["from 1 December 2026", "until 1 December 2026", "on 1 December 2026"]),
    ],
)
def test_from_until_and_on_stand_in_their_case(language: str, phrases: list[str]) -> None:
    assert [phrase(DECEMBER, language) for phrase in (from_date, until_date, on_date)] == phrases


def test_russian_says_со_before_the_second_only() -> None:
    assert from_date(date(2026, 12, 2), "ru") == "со 2 декабря 2026 года"
    assert from_date(date(2026, 12, 22), "ru") == "с 22 декабря 2026 года"


HARD, NASAL, SOFT = "аоұыяёую", "мнң", "әеіөүи"


def kazakh_suffixes(month: str) -> tuple[str, str, str]:
    """The grammar, told independently of the table: vowel harmony by the last vowel, then the last sound."""
    vowel = next(letter for letter in reversed(month) if letter in HARD + SOFT)
    a = "а" if vowel in HARD else "е"
    voiceless = month[-1] in "кқпстфхцчшщ"
    start = "т" if voiceless else "д"
    velar = {"а": "қ", "е": "к"}[a] if voiceless else {"а": "ғ", "е": "г"}[a]
    return f"{'н' if month[-1] in NASAL else start}{a}н", f"{velar}{a}", f"{start}{a}"


@pytest.mark.parametrize("month", range(1, 13))
def test_every_kazakh_month_takes_the_suffixes_of_the_grammar(month: int) -> None:
    day = date(2026, month, 1)
    name = day_month(day, "kk").removeprefix("1 ")
    from_suffix, until_suffix, on_suffix = kazakh_suffixes(name)
    assert from_date(day, "kk") == f"2026 жылғы 1 {name}{from_suffix}"
    assert until_date(day, "kk") == f"2026 жылғы 1 {name}{until_suffix} дейін"
    assert on_date(day, "kk") == f"2026 жылғы 1 {name}{on_suffix}"


def test_the_active_language_is_taken_when_none_is_named() -> None:
    with translation.override("kk"):
        assert long_date(NOVEMBER) == "2026 жылғы 24 қараша"
        assert long_date(NOVEMBER, "en") == "24 November 2026"


def test_without_any_language_or_with_a_foreign_one_the_default_speaks() -> None:
    with translation.override(None):
        assert long_date(NOVEMBER) == "24 ноября 2026 года"
    assert long_date(NOVEMBER, "de") == "24 ноября 2026 года"


def test_a_regional_variant_is_its_language() -> None:
    assert long_date(NOVEMBER, "en-gb") == "24 November 2026"
