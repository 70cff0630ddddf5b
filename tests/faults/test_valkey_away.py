"""Valkey carries wake-ups and nothing else: without it pages answer as ever, and letters wait (F4, F5)."""

import pytest

from tests.faults.house import House
from tests.faults.results import BEGUN, FINISHED, is_quiet, left_by
from tests.faults.visitor import Visitor
from tests.waiting import wait_until


def test_without_valkey_one_activates_and_the_letter_follows_when_it_is_back(house: House, visitor: Visitor) -> None:
    house.stop_valkey()
    visitor.finds()
    visitor.begins()
    assert left_by(visitor) == BEGUN
    house.start_valkey()
    visitor.confirms()
    assert (left_by(visitor), visitor.broken, house.ended()) == (FINISHED, [], [])


@pytest.mark.long
def test_a_flushed_valkey_forgets_no_letter_and_no_sign_in(house: House, visitor: Visitor) -> None:
    visitor.finds()
    visitor.begins()
    house.flush_valkey()
    visitor.confirms()
    house.flush_valkey()
    assert visitor.opens("/").text.count("Sign out") >= 1
    wait_until(lambda: is_quiet(house), "every letter has left")
    assert (left_by(visitor), visitor.broken) == (FINISHED, [])
