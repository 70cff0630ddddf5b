"""Identity numbers by the vectors of facts.md, section 1 (synthetic), and keys that people type their own way."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity import (
    IdentityNumberError,
    check_digit,
    iin_mismatches,
    mask_iin,
    normalise_key,
    parse_bin,
    parse_iin,
)

VALID = [
    ("900101300017", date(1990, 1, 1), "m"),
    ("851231400011", date(1985, 12, 31), "f"),
    ("050615500015", date(2005, 6, 15), "m"),
    ("120229600019", date(2012, 2, 29), "f"),
    ("991231100010", date(1899, 12, 31), "m"),
    ("900101000018", None, None),
    # the check digit comes from the second pass
    ("900101300811", date(1990, 1, 1), "m"),
    ("851231400207", date(1985, 12, 31), "f"),
    ("050615500600", date(2005, 6, 15), "m"),
    ("900101000906", None, None),
]

INVALID = [
    ("900101300018", "check"),
    ("900230300019", "date"),
    ("130229600010", "date"),
    ("90010130001", "length"),
    ("9001013000170", "length"),
    ("٩٠٠١٠١٣٠٠٠١٧", "digits"),
    ("90010130001X", "digits"),
    ("", "digits"),
    *((f"90010130080{last}", "check") for last in range(10)),  # both passes leave 10: never issued
]


@pytest.mark.parametrize(("number", "birth_date", "sex"), VALID)
def test_an_issued_iin_is_accepted_and_says_what_its_digits_say(
    number: str, birth_date: date | None, sex: str | None
) -> None:
    iin = parse_iin(number)
    assert (iin.number, iin.birth_date, iin.sex) == (number, birth_date, sex)


@pytest.mark.parametrize(("number", "code"), INVALID)
def test_what_is_no_iin_is_refused_with_the_reason(number: str, code: str) -> None:
    with pytest.raises(IdentityNumberError) as refusal:
        parse_iin(number)
    assert refusal.value.code == code


@pytest.mark.parametrize("century", "789")
def test_a_seventh_digit_from_7_to_9_is_refused_even_with_a_right_check_digit(century: str) -> None:
    stem = f"900101{century}0001"
    with pytest.raises(IdentityNumberError) as refusal:
        parse_iin(f"{stem}{check_digit(stem)}")
    assert refusal.value.code == "century"


def test_leading_zeros_survive_and_spaces_and_dashes_do_not_matter() -> None:
    assert parse_iin(" 050615-500\u00a0015 ").number == "050615500015"


def test_the_message_counts_the_digits() -> None:
    with pytest.raises(IdentityNumberError, match="11"):
        parse_iin("90010130001")


def test_a_mismatch_with_birth_date_or_sex_is_only_reported() -> None:
    iin = parse_iin("900101300017")
    assert iin_mismatches(iin, date(1990, 1, 1), "m") == []
    assert iin_mismatches(iin, date(1990, 1, 2), "m") == ["birth_date"]
    assert iin_mismatches(iin, date(1990, 1, 2), "f") == ["birth_date", "sex"]


def test_what_is_unknown_contradicts_nothing() -> None:
    assert iin_mismatches(parse_iin("900101300017"), None, None) == []
    assert iin_mismatches(parse_iin("900101000018"), date(1990, 5, 5), "f") == []


def bin_of(stem: str) -> str:
    return f"{stem}{check_digit(stem)}"


@pytest.mark.parametrize("stem", ["97124000131", "26125100001", "26016300002"])
def test_a_bin_is_accepted(stem: str) -> None:
    assert parse_bin(bin_of(stem)).number == bin_of(stem)


@pytest.mark.parametrize(
    ("stem", "code"),
    [("97134000131", "month"), ("97004000131", "month"), ("97123000131", "type"), ("97124400131", "type")],
)
def test_what_is_no_bin_is_refused_with_the_reason(stem: str, code: str) -> None:
    with pytest.raises(IdentityNumberError) as refusal:
        parse_bin(bin_of(stem))
    assert refusal.value.code == code


def test_a_bin_is_no_iin_and_an_iin_is_no_bin() -> None:
    with pytest.raises(IdentityNumberError):
        parse_iin(bin_of("97124000131"))
    with pytest.raises(IdentityNumberError):
        parse_bin("900101300017")


@given(st.text() | st.text(alphabet="0123456789 -–", min_size=10, max_size=16))
def test_any_text_is_a_number_or_a_typed_refusal(text: str) -> None:
    for parse in (parse_iin, parse_bin):
        with suppress(IdentityNumberError):
            assert len(parse(text).number) == 12


@pytest.mark.parametrize(
    "typed",
    ["АВ-204 118734", "ab204118734", "ＡＢ２０４１１８７３４", "\u200bAB\u00a0204—118734\n", "аb\u2212204\u00ad118734"],
)
def test_a_key_is_the_same_however_it_is_typed(typed: str) -> None:
    assert normalise_key(typed) == "AB204118734"


def test_every_cyrillic_twin_is_folded_and_other_letters_stay() -> None:
    assert normalise_key("авекмнорстухі") == "ABEKMHOPCTYXI"
    assert normalise_key("ки-204") == "KИ204"


@given(st.text())
def test_a_normal_key_is_normal_already(text: str) -> None:
    key = normalise_key(text)
    assert normalise_key(key) == key
    assert "\x00" not in key


@pytest.mark.parametrize(("number", "shown"), [("900101300017", "••••••••0017"), ("", "")])
def test_a_masked_iin_keeps_its_last_four_digits_and_not_the_birth_date(number: str, shown: str) -> None:
    assert mask_iin(number) == shown
