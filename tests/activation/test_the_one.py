"""Of several who fit, one is meant, or nobody."""

from datetime import date

import pytest

from activation.rules import OnFile, the_one

MINE, OTHER = "+77012344567", "+77019999999"


def known(policy: int, person: int, phone: str = "", *, is_active: bool = False) -> OnFile:
    return OnFile(date(1961, 3, 14), "Садыкова Айгуль", None, False, policy, person, phone, is_active)


@pytest.mark.parametrize(
    ("fitting", "meant"),
    [
        ([], None),
        ([known(1, 1)], 1),
        ([known(1, 1, OTHER)], 1),  # one person: another number is a matter of proof
        ([known(1, 1, OTHER), known(2, 2, MINE)], 2),
        ([known(1, 1, OTHER), known(2, 2)], None),
        ([known(1, 1), known(2, 2)], None),
        ([known(1, 1, is_active=True), known(2, 1)], 2),
        ([known(1, 1, is_active=True), known(2, 1, is_active=True)], 1),
        ([known(1, 1, MINE, is_active=True), known(2, 2, MINE)], 2),  # twice in the registers
    ],
)
def test_the_number_on_file_decides_or_nobody_is_meant(fitting: list[OnFile], meant: int | None) -> None:
    found = the_one(fitting, phone=MINE)
    assert (found.policy if found else None) == meant


def test_where_no_number_was_proved_nobody_without_one_is_meant_by_it() -> None:
    assert the_one([known(1, 1), known(2, 2)], phone="") is None
