"""Lists of addresses that came back, as people paste them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activation.rules import Bounces, read_bounces

NAMES = st.from_regex(r"[a-z0-9][a-z0-9._+-]{0,20}[a-z0-9]", fullmatch=True)
ADDRESSES = st.builds("{}@{}.kz".format, NAMES, st.from_regex(r"[a-z0-9][a-z0-9-]{0,15}", fullmatch=True))
REASONS = st.text(st.characters(categories=["L", "N", "Zs"]), max_size=60)


@pytest.mark.parametrize(
    ("line", "address", "reason"),
    [
        ("aigul@alma.kz", "aigul@alma.kz", ""),
        ("  AIGUL@Alma.KZ \t", "aigul@alma.kz", ""),
        ("<aigul@alma.kz>: 550 5.1.1 no such mailbox", "aigul@alma.kz", "550 5.1.1 no such mailbox"),
        ('"aigul@alma.kz";"mailbox full"', "aigul@alma.kz", "mailbox full"),
        ("Final-Recipient: rfc822; aigul@alma.kz", "aigul@alma.kz", "Final-Recipient: rfc822"),
        ("2026-11-21,aigul@alma.kz,hard", "aigul@alma.kz", "2026-11-21 hard"),
        ("айгуль@алма.қз", "айгуль@алма.қз", ""),
        ("aigul@alma.kz.", "aigul@alma.kz", ""),
    ],
)
def test_an_address_is_found_with_what_stands_beside_it(line: str, address: str, reason: str) -> None:
    assert read_bounces(line) == Bounces({address: reason}, [])


def test_a_heading_and_blank_lines_are_let_pass_and_rubbish_is_named() -> None:
    text = "E-mail;Причина\n\naigul@alma.kz;нет ящика\nникто\nerlan@\n;;\n"
    assert read_bounces(text) == Bounces({"aigul@alma.kz": "нет ящика"}, [4, 5])


def test_nothing_is_nothing() -> None:
    assert read_bounces("") == read_bounces("\n \n\ufeff\n") == Bounces({}, [])


@settings(deadline=None)
@given(st.lists(st.tuples(ADDRESSES, REASONS)), st.sampled_from(["{};{}", "<{}>: {}", '"{}",{}', "{}\t{}"]))
def test_every_address_of_a_list_is_read_once_however_it_is_written(rows: list[tuple[str, str]], form: str) -> None:
    found = read_bounces("\n".join(form.format(address.upper(), reason) for address, reason in rows))
    assert set(found.addresses) == {address for address, _reason in rows}
    assert found.not_read == []


@settings(deadline=None)
@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    found = read_bounces(text)
    for address, reason in found.addresses.items():
        assert address == address.lower()
        assert address.count("@") == 1
        assert len(address) <= 254
        assert len(reason) <= 200
        assert "\0" not in address + reason
    assert len(found.addresses) + len(found.not_read) <= len(text.splitlines())
