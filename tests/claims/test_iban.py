"""Accounts in banks of Kazakhstan. Those that should pass were checked with schwifty 2026.10 as well."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.rules.iban import IbanNotAccepted, check_digits, in_fours, parse_iban

VALID = "KZ86125KZT5004100100"  # the example of the IBAN registry
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
accounts = st.builds("{:03}{}".format, st.integers(0, 999), st.text(SIGNS, min_size=13, max_size=13))


@pytest.mark.parametrize("text", [VALID, "kz86 125k zt50 0410 0100", "KZ86-125K-ZT50-0410-0100", f" {VALID}\u00a0"])
def test_an_iban_is_read_however_it_is_spaced(text: str) -> None:
    assert parse_iban(text) == VALID


def test_cyrillic_letters_that_look_latin_are_read_as_such() -> None:
    assert parse_iban("КZ86125КZТ5004100100") == VALID


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "country"), ("DE89370400440532013000", "country"), ("40817810099910004312", "country"), ("KZ86", "length"),
        (VALID + "0", "length"), (VALID[:-1], "length"), ("KZ86A25KZT5004100100", "form"), ("KZ861٢5KZT5004100100", "form"),
        ("KZ86125KZT5004100101", "check"), ("KZ86125KZT5004101000", "check"), ("KZ87125KZT5004100100", "check"),
    ],
)  # fmt: skip
def test_what_is_no_account_here_is_said_so(text: str, code: str) -> None:
    with pytest.raises(IbanNotAccepted) as refused:
        parse_iban(text)
    assert refused.value.code == code


@given(accounts, st.integers(0, 99))
def test_of_all_check_digits_one_pair_fits_an_account(account: str, digits: int) -> None:
    fitting = check_digits(account)
    assert parse_iban(f"KZ{fitting}{account}") == f"KZ{fitting}{account}"
    if f"{digits:02}" != fitting:
        with pytest.raises(IbanNotAccepted):
            parse_iban(f"KZ{digits:02}{account}")


@given(accounts, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_or_letter_is_noticed(account: str, place: int, by: int) -> None:
    right = account[place]
    kind = SIGNS[:10] if right.isdigit() else SIGNS[10:]  # a letter for a digit can pass: the numbers differ in length
    wrong = kind[(kind.index(right) + by) % len(kind)]
    with pytest.raises(IbanNotAccepted) as refused:
        parse_iban(f"KZ{check_digits(account)}{account[:place]}{wrong}{account[place + 1 :]}")
    assert refused.value.code == "check"


@given(st.text(max_size=40))
def test_whatever_is_typed_is_an_account_or_refused(text: str) -> None:
    with suppress(IbanNotAccepted):
        assert len(parse_iban(text)) == 20


def test_it_is_shown_in_fours() -> None:
    assert in_fours(VALID) == "KZ86 125K ZT50 0410 0100"
    assert parse_iban(in_fours(VALID)) == VALID
