"""A mail server that is slow, refuses, drops the line after DATA or is down: pages go on, letters arrive once (F7)."""

import time
from datetime import timedelta

import pytest

from notices.rules import PAUSES
from tests.faults.house import House
from tests.faults.results import FINISHED, left_by
from tests.faults.visitor import Visitor
from tests.waiting import wait_until

pytestmark = pytest.mark.long


def outcomes(house: House, visitor: Visitor) -> list[str]:
    """What the mail server was heard to say to each try of the visitor's letters."""
    rows = house.rows(
        'SELECT d.outcome FROM notices_delivery d JOIN notices_notice n ON n.id = d.notice_id WHERE n."to" = %s ORDER BY d.id',
        [visitor.email],
    )
    return [outcome for (outcome,) in rows]


def state(house: House, visitor: Visitor) -> str:
    return str(house.rows('SELECT state FROM notices_notice WHERE "to" = %s', [visitor.email])[0][0])


def test_a_slow_server_keeps_no_page_waiting(house: House, visitor: Visitor) -> None:
    house.mail.mode, house.mail.pause = "slow", 40.0
    visitor.finds()
    visitor.begins()
    wait_until(lambda: house.letters_to(visitor.email), "the letter is being handed over")
    began = time.monotonic()
    assert visitor.opens("/activate/letter/").status_code == 200
    assert time.monotonic() - began < house.mail.pause / 2
    wait_until(lambda: outcomes(house, visitor) == ["temporary"], "EMAIL_TIMEOUT is over")
    house.mail.mode = "accept"
    house.letters_wait_out(PAUSES[0])
    wait_until(lambda: len(house.letters_to(visitor.email)) == 2, "the letter once more")
    assert len({letter["Message-ID"] for letter in house.letters_to(visitor.email)}) == 1
    visitor.confirms()
    assert (left_by(visitor), visitor.broken) == (FINISHED, [])


@pytest.mark.parametrize(("mode", "on_the_wire"), [("451", 1), ("busy", 1), ("drop", 2)])
def test_what_is_refused_for_now_arrives_later(house: House, visitor: Visitor, mode: str, on_the_wire: int) -> None:
    house.mail.mode = mode
    visitor.finds()
    visitor.begins()
    wait_until(lambda: outcomes(house, visitor) == ["temporary"], "the first try")
    assert "The letter did not arrive" not in visitor.opens("/activate/letter/").text
    house.mail.mode = "accept"
    house.letters_wait_out(PAUSES[0])
    wait_until(lambda: outcomes(house, visitor) == ["temporary", "accepted"], "the second try")
    assert len(house.letters_to(visitor.email)) == on_the_wire
    assert len({letter["Message-ID"] for letter in house.letters_to(visitor.email)}) == 1
    visitor.confirms()
    assert left_by(visitor) == FINISHED


def test_a_mailbox_that_does_not_exist_is_told_on_the_page_and_can_be_corrected(house: House, visitor: Visitor) -> None:
    house.mail.mode = "550"
    visitor.finds()
    visitor.begins()
    wait_until(lambda: state(house, visitor) == "parked", "the refusal")
    page = visitor.opens("/activate/letter/")
    assert (page.status_code, outcomes(house, visitor)) == (200, ["refused"])
    assert "The letter did not arrive" in page.text


def test_a_server_that_is_down_for_an_hour_loses_nothing(house: House, visitor: Visitor) -> None:
    with house.mail.away():
        visitor.finds()
        visitor.begins()
        for tries in range(1, 7):
            wait_until(lambda tries=tries: outcomes(house, visitor) == ["temporary"] * tries, f"try {tries}")  # type: ignore[misc]
            house.letters_wait_out(PAUSES[tries - 1])
        wait_until(lambda: len(outcomes(house, visitor)) == 7, "try 7")
    assert sum(PAUSES[:7], timedelta()) > timedelta(hours=1)
    house.letters_wait_out(PAUSES[6])
    visitor.confirms()
    assert (left_by(visitor), visitor.broken) == (FINISHED, [])
