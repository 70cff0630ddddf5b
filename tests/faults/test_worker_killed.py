"""A worker dies with letters in its hands: the lease runs out and another takes them (F2)."""

from typing import Any

import pytest

from notices.rules import LEASE
from tests.faults import cast
from tests.faults.house import House
from tests.faults.results import FINISHED, left_by, wait_for_quiet
from tests.faults.stops import Moment
from tests.faults.visitor import Visitor
from tests.waiting import wait_until

DELIVER = "notices.tasks.deliver"


def kill_the_worker(house: House, visitor: Visitor, table: str, moment: Moment) -> None:
    """While it has the visitor's letter."""
    visitor.finds()
    stop = house.stop_at(DELIVER, table, moment)
    visitor.begins()
    house.kill_process(stop.wait())
    stop.let_go()


def states(house: House, visitor: Visitor) -> list[Any]:
    return house.rows('SELECT kind, state, tries FROM notices_notice WHERE "to" = %s ORDER BY id', [visitor.email])


def test_a_letter_that_was_claimed_and_not_handed_over_leaves_with_another_worker(
    house: House, visitor: Visitor
) -> None:
    kill_the_worker(house, visitor, "notices_notice", "after commit")
    assert states(house, visitor) == [("confirm_address", "claimed", 1)]
    assert house.letters_to(visitor.email) == []
    house.leases_run_out()
    visitor.confirms()
    wait_for_quiet(house)
    assert left_by(visitor) == FINISHED
    assert len(house.letters_to(visitor.email)) == 2


def test_a_letter_that_was_handed_over_and_not_recorded_leaves_again_as_the_same_letter(
    house: House, visitor: Visitor
) -> None:
    kill_the_worker(house, visitor, "notices_delivery", "before write")
    assert states(house, visitor) == [("confirm_address", "claimed", 1)]
    house.leases_run_out()
    wait_until(lambda: len(house.letters_to(visitor.email)) == 2, "the letter once more")
    assert len({letter["Message-ID"] for letter in house.letters_to(visitor.email)}) == 1
    visitor.confirms()
    assert left_by(visitor) == FINISHED


@pytest.mark.long
def test_three_hundred_letters_survive_four_kills_and_two_flushes_without_a_hand(house: House) -> None:
    """What a dead worker had in hand waits for its lease, four minutes, and here nobody turns the clock."""
    for wave in range(4):
        stop = house.stop_at(DELIVER, "notices_delivery", "before write")
        write_letters(house, 75, f"wave{wave}-")
        house.kill_process(stop.wait())
        stop.let_go()
        if wave % 2:
            house.flush_valkey()
        wait_until(house.ended, "the killed worker has ended")
        house.start(*house.ended())
    wait_for_quiet(house, seconds=LEASE.total_seconds() * 2)
    arrived = [letter for letter in house.mail.letters if letter["To"].startswith("wave")]
    assert len({letter["To"] for letter in arrived}) == len({letter["Message-ID"] for letter in arrived}) == 300
    assert house.rows("SELECT DISTINCT state FROM notices_notice WHERE \"to\" LIKE 'wave%%'") == [("sent",)]


COPIES = """
    INSERT INTO notices_notice
    SELECT (jsonb_populate_record(sample, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('notices_notice', 'id')), 'public_id', gen_random_uuid(),
        'to', %s || n || '@example.kz', 'state', 'waiting', 'tries', 0, 'answer', '', 'leased_until', NULL,
        'created_at', now(), 'next_try_at', now()
    ))).*
    FROM generate_series(1, %s) AS n, notices_notice AS sample WHERE sample."to" = %s
    RETURNING id
"""


def write_letters(house: House, count: int, to: str) -> None:
    """To `to`1@example.kz and so on."""
    assert len(house.rows(COPIES, [to, count, cast.SAMPLE])) == count
