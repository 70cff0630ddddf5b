"""The number of a claim is said on the telephone: a misread digit is found before somebody looks for a foreign case."""

from datetime import date

import pytest

from claims.rules.numbers import check_digit, number_shown, parse_number

ON = date(2026, 11, 21)


def test_the_check_digit_is_luhns() -> None:
    assert check_digit("7992739871") == "3"  # the example of ISO/IEC 7812-1


@pytest.mark.parametrize(
    ("number", "shown"), [(1, "26-0000001-8"), (1234567, "26-1234567-4"), (98765432, "26-98765432-9")]
)
def test_a_number_is_read_back_as_it_is_shown(number: int, shown: str) -> None:
    assert number_shown(number, ON) == shown
    assert parse_number(f" {shown.replace('-', ' ')} ") == number


@pytest.mark.parametrize("place", range(3, 10))
def test_a_misread_digit_is_no_number(place: int) -> None:
    shown = number_shown(1234567, ON)
    for digit in set("0123456789") - {shown[place]}:
        assert parse_number(shown[:place] + digit + shown[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "26", "0000001", "заявление", "26-000001-4"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None
