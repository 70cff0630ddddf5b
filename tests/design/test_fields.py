from datetime import date

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from core.fields import DateBoxes, DateBoxesField, KeyField
from core.templatetags.components import error_words


class Card(forms.Form):
    number = KeyField(digits=True, width="w6")
    born = DateBoxesField()


class Optional(forms.Form):
    born = DateBoxesField(required=False)


def card(day: str = "14", month: str = "03", year: str = "1961", number: str = "4410 0275 31") -> Card:
    return Card({"number": number, "born_0": day, "born_1": month, "born_2": year})


def test_three_boxes_make_a_date() -> None:
    form = card()
    assert form.is_valid()
    assert form.cleaned_data["born"] == date(1961, 3, 14)


@pytest.mark.parametrize("text", ["14.03.1961", "14/03/1961", " 14 03 1961 ", "1961-03-14", "14.3.1961"])
@pytest.mark.parametrize("box", ["born_0", "born_1", "born_2"])
def test_a_whole_date_is_understood_in_any_box(text: str, box: str) -> None:
    form = Card({"number": "1", "born_0": "", "born_1": "", "born_2": "", box: text})
    assert form.is_valid()
    assert form.cleaned_data["born"] == date(1961, 3, 14)


@pytest.mark.parametrize(
    ("boxes", "code"),
    [
        (("", "", ""), "required"),
        (("", "03", "1961"), "day"),
        (("14", "", "1961"), "month"),
        (("14", "03", ""), "year"),
        (("14", "", ""), "month"),
        (("14", "03", "61"), "short_year"),
        (("31", "02", "1961"), "day"),
        (("29", "02", "1900"), "day"),
        (("14", "марта", "1961"), "form"),
        (("14.03.61", "", ""), "form"),
        (("٣", "03", "1961"), "form"),
    ],
)
def test_each_mistake_has_its_own_words(boxes: tuple[str, str, str], code: str) -> None:
    errors = card(*boxes).errors.as_data()["born"]
    assert [error.code for error in errors] == [code]


def test_the_last_day_of_a_leap_february_is_accepted_and_the_day_after_is_not() -> None:
    assert card("29", "02", "2000").is_valid()
    assert not card("30", "02", "2000").is_valid()


def test_what_was_typed_comes_back_as_it_was_typed() -> None:
    html = str(card("4", "13", "1961")["born"])
    assert [value in html for value in ('value="4"', 'value="13"', 'value="1961"')] == [True] * 3


def test_a_known_date_fills_the_boxes_with_two_and_four_digits() -> None:
    html = str(Card(initial={"born": date(1961, 3, 4)})["born"])
    assert [value in html for value in ('value="04"', 'value="03"', 'value="1961"')] == [True] * 3


def test_the_boxes_are_named_for_the_browser_and_for_the_ear() -> None:
    html = str(Card()["born"])
    for purpose in ("bday-day", "bday-month", "bday-year"):
        assert f'autocomplete="{purpose}"' in html
    for number in range(3):
        assert f'<label for="id_born_{number}">' in html


def test_an_optional_date_may_be_left_empty() -> None:
    form = Optional({"born_0": "", "born_1": "", "born_2": ""})
    assert form.is_valid()
    assert form.cleaned_data["born"] is None


def test_an_unchanged_date_is_unchanged() -> None:
    typed = {"number": "1", "born_0": "14", "born_1": "3", "born_2": "1961"}
    assert "born" not in Card(typed, initial={"born": date(1961, 3, 14)}).changed_data
    assert "born" in Card(typed, initial={"born": date(1961, 3, 15)}).changed_data


@given(st.lists(st.text(max_size=12), min_size=3, max_size=3))
def test_any_text_is_a_date_or_a_sentence(boxes: list[str]) -> None:
    form = Card({"number": "1", "born_0": boxes[0], "born_1": boxes[1], "born_2": boxes[2]})
    assert isinstance(form.cleaned_data["born"], date) if form.is_valid() else form.errors["born"]


@given(st.dates())
def test_every_date_survives_the_boxes(day: date) -> None:
    shown = DateBoxes().decompress(day)
    assert DateBoxesField().clean(shown) == day


def test_spaces_dashes_and_cyrillic_twins_do_not_matter_in_a_number() -> None:
    form = card(number=" ки-204 118734 ")
    assert form.is_valid()
    assert form.cleaned_data["number"] == card(number="КИ204118734").fields["number"].clean("КИ-204118734")


def test_a_number_made_of_spaces_is_empty() -> None:
    assert [error.code for error in card(number=" - ").errors.as_data()["number"]] == ["required"]


def test_a_number_asks_the_phone_for_digits_and_no_spelling() -> None:
    html = str(Card()["number"])
    for attribute in ('inputmode="numeric"', 'spellcheck="false"', 'autocomplete="off"', 'class="w6"'):
        assert attribute in html


class Wish(forms.Form):
    word = forms.CharField()

    def clean_word(self) -> str:
        raise forms.ValidationError(self.cleaned_data["word"].split("|"))


@pytest.mark.parametrize(
    ("errors", "shown"),
    [
        ("Choose a day", "Choose a day"),
        ("At least 6 characters|At least one digit", "At least 6 characters. At least one digit."),
        ("It is full.|Is it yours?|Choose another", "It is full. Is it yours? Choose another."),
    ],
)
def test_several_errors_of_a_field_are_several_sentences(errors: str, shown: str) -> None:
    assert error_words(Wish({"word": errors})["word"]) == shown
