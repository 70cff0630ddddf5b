"""A number is accepted when an SMS can reach it, and is shown only to those who know it."""

from collections.abc import Callable
from contextlib import suppress

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.phones import PhoneNotAccepted, mask_email, mask_phone, parse_mobile, parse_unusual_mobile


@pytest.mark.parametrize("region", ["KZ", "RU"])
@pytest.mark.parametrize(
    "typed", ["+7 701 234 45 67", "8 (701) 234-45-67", "7012344567", "77012344567", "+7\u00a0701\u00a0234‑45‑67"]
)
def test_a_mobile_number_is_the_same_however_it_is_typed(typed: str, region: str) -> None:
    assert parse_mobile(typed, region) == "+77012344567"


@pytest.mark.parametrize("prefix", ["700", "701", "706", "747", "771", "775", "778", "916"])
def test_kazakh_and_russian_mobiles_are_accepted(prefix: str) -> None:
    assert parse_mobile(f"8{prefix}2344567", "KZ") == f"+7{prefix}2344567"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "form"),
        ("позвоните мне", "form"),
        ("2258", "form"),
        ("+7 600 123 45 67", "form"),
        ("+7 701 234 45", "form"),
        ("+7 7272 58 18 00", "mobile"),  # a landline in Almaty
        ("8 800 080 00 00", "mobile"),  # toll-free
        ("+7 751 123 45 67", "mobile"),  # VoIP
        ("+7 701 234 45 67 ext. 5", "extension"),
    ],
)
def test_what_no_sms_reaches_is_refused_with_the_reason(typed: str, code: str) -> None:
    with pytest.raises(PhoneNotAccepted) as refusal:
        parse_mobile(typed, "KZ")
    assert refusal.value.code == code


@given(st.text() | st.text(alphabet="+78 ()-0123456789x;", max_size=20))
def test_any_text_is_a_number_or_a_typed_refusal(text: str) -> None:
    with suppress(PhoneNotAccepted):
        assert phonenumbers.is_valid_number(phonenumbers.parse(parse_mobile(text, "KZ")))


@pytest.mark.parametrize(
    ("number", "mask"),
    [
        ("+77012344567", "+7 701 ••• 45 67"),
        ("+4915112345678", "+49 151 ••• 56 78"),
        ("+37410123456", "+374 •••"),  # too short to hide anything in between
        ("2258", "•••"),
        ("", "•••"),
    ],
)
def test_a_phone_is_masked(number: str, mask: str) -> None:
    assert mask_phone(number) == mask


@pytest.mark.parametrize(
    ("address", "mask"),
    [
        ("aigul@example.kz", "a•••l@example.kz"),
        ("vera@example.kz", "v•••a@example.kz"),
        ("kim@example.kz", "k•••@example.kz"),
        ("a@example.kz", "•••@example.kz"),
        ("nobody", "•••"),
        ("", "•••"),
    ],
)
def test_an_address_is_masked(address: str, mask: str) -> None:
    assert mask_email(address) == mask


@given(st.text())
def test_any_text_can_be_masked(text: str) -> None:
    assert "•••" in mask_phone(text)
    assert "•••" in mask_email(text)


SPACING = st.text(alphabet=" -()", max_size=2)


@given(st.sampled_from(["KZ", "RU"]), st.sampled_from(["+7", "8", "7", ""]), st.data())
def test_the_short_way_for_usual_numbers_comes_to_what_the_library_says(
    region: str, start: str, data: st.DataObject
) -> None:
    digits = data.draw(st.sampled_from(["701", "747", "777", "912", "999"])) + data.draw(
        st.from_regex(r"[0-9]{7}", fullmatch=True)
    )
    typed = "".join(char + data.draw(SPACING) for char in start + digits)
    assert said(parse_mobile, typed, region) == said(parse_unusual_mobile, typed, region)


def said(parse: Callable[[str, str], str], typed: str, region: str) -> str:
    try:
        return parse(typed, region)
    except PhoneNotAccepted as refusal:
        return refusal.code
