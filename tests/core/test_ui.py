"""The filters of templates, and Django's own formats in three languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils import formats, timezone, translation
from django.utils.safestring import mark_safe

from core.money import Money

DECEMBER = date(2026, 12, 1)


def drawn(source: str, language: str = "ru", **context: Any) -> str:
    with translation.override(language):
        return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("long_date", "2026 жылғы 1 желтоқсан"),
        ("short_date", "01.12.2026"),
        ("day_month", "1 желтоқсан"),
        ("from_date", "2026 жылғы 1 желтоқсаннан"),
        ("until_date", "2026 жылғы 1 желтоқсанға дейін"),
        ("on_date", "2026 жылғы 1 желтоқсанда"),
        ("weekday", "сейсенбі"),
        ("short_weekday", "сс"),
    ],
)
def test_each_date_phrase_is_a_filter(name: str, written: str) -> None:
    assert drawn(f"{{{{ day|{name} }}}}", "kk", day=DECEMBER) == written
    assert drawn(f"{{{{ day|{name} }}}}", "kk", day=None) == ""


def test_an_instant_is_shown_as_the_day_in_the_current_zone() -> None:
    evening = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
    with timezone.override("Asia/Almaty"):
        assert drawn("{{ at|short_date }}", at=evening) == "01.12.2026"
    with timezone.override("UTC"):
        assert drawn("{{ at|short_date }}", at=evening) == "30.11.2026"


def test_money_is_a_filter_for_sums_and_for_amounts() -> None:
    assert drawn("{{ sum|money }}", sum=Money(Decimal(12500), "KZT")) == "12\u00a0500\u00a0₸"
    assert drawn('{{ sum|money:"RUB" }}', sum=Decimal("1.5")) == "1,50\u00a0₽"
    assert drawn("{{ sum|money }}", sum=None) == ""


@pytest.mark.parametrize(
    ("span", "written"),
    [
        (timedelta(seconds=-1), "0 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(seconds=60), "1 min 0 s"),
        (timedelta(minutes=59, seconds=59), "59 min 59 s"),
        (timedelta(hours=1), "1 h 0 min"),
        (timedelta(days=2, minutes=5), "48 h 5 min"),
        (None, ""),
    ],
)
def test_how_long_it_lasted_has_two_units_at_most(span: timedelta | None, written: str) -> None:
    assert drawn("{{ span|lasted }}", "en", span=span) == written.replace(" ", "\N{NO-BREAK SPACE}")


def test_a_share_is_written_with_the_mark_of_the_language() -> None:
    assert drawn("{{ share|percent }}", share=0.925) == "92,5\u00a0%"
    assert drawn("{{ share|percent }}", "en", share=1.0) == "100.0\u00a0%"
    assert drawn("{{ share|percent }}", share=None) == ""


def test_contacts_are_masked_by_filters() -> None:
    assert drawn("{{ phone|mask_phone }}", phone="+77012344567") == "+7 701 ••• 45 67"
    assert drawn("{{ email|mask_email }}", email="aigul@example.kz") == "a•••l@example.kz"


@pytest.mark.parametrize(
    ("loose", "tight"),
    [
        ("осталось 15 дней из 20", "осталось 15~дней из 20"),
        ("24 ноября 2026 года", "24~ноября 2026~года"),
        ("с 1 декабря", "с~1~декабря"),
        ("В полисе № 7 и в письме", "В~полисе №~7 и~в~письме"),
        ("сразу в дом", "сразу в~дом"),
        ("24.11.2026 г.", "24.11.2026~г."),
        ("15 күн күту", "15~күн күту"),
        ("10 20", "10 20"),
    ],
)
def test_numbers_and_short_words_stay_with_what_follows(loose: str, tight: str) -> None:
    assert drawn("{{ text|nbsp }}", text=loose) == tight.replace("~", "\u00a0")


def test_the_spaces_inside_tags_are_left_alone_and_text_is_still_escaped() -> None:
    safe = mark_safe('<a title="в 1 день" href="#">в 1 день</a>')
    assert drawn("{{ text|nbsp }}", text=safe) == '<a title="в 1 день" href="#">в\u00a01\u00a0день</a>'
    assert drawn("{{ text|nbsp }}", text="<b>1 день") == "&lt;b&gt;1\u00a0день"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("typed", ["05.11.2026", "05/11/2026", "2026-11-05"])
def test_a_form_reads_the_day_first_in_every_language(language: str, typed: str) -> None:
    with translation.override(language):
        assert forms.DateField(localize=True).clean(typed) == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("language", "number"), [("kk", "1\u00a0234,5"), ("ru", "1\u00a0234,5"), ("en", "1\u00a0234.5")]
)
def test_django_writes_dates_and_numbers_our_way(language: str, number: str) -> None:
    with translation.override(language):
        assert formats.date_format(date(2026, 11, 5), "SHORT_DATE_FORMAT") == "05.11.2026"
        assert formats.localize(datetime(2026, 11, 5, 18, 30)) == "05.11.2026 18:30"  # noqa: DTZ001
        assert formats.number_format(Decimal("1234.5"), use_l10n=True, force_grouping=True) == number
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1
