"""An SMS gateway that is slow, fails, or takes the message and loses its answer: one SMS, and the page goes on (F8).

The gateway reports nothing to the portal by itself: after a lost answer it is asked, any number of times.
"""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from notices.rules import PAUSES
from tests.faults.house import House
from tests.faults.results import left_by, wait_for_quiet
from tests.faults.visitor import START, Visitor
from tests.waiting import wait_until

pytestmark = pytest.mark.long
PROOF, CODES = f"{START}proof/", f"{START}proof/codes/"


@pytest.fixture
def asked(house: House) -> Iterator[Visitor]:
    """Somebody whose phone is on file and who is asked for a code."""
    with Visitor(house, has_phone=True) as visitor:
        answer = visitor.finds()
        assert answer.headers["Location"] == PROOF
        yield visitor


def asks_for_a_code(visitor: Visitor) -> httpx.Response:
    return visitor.sends("POST", CODES, visitor.form_at(PROOF, action=CODES))


def sent_to(house: House, visitor: Visitor) -> list[dict[str, Any]]:
    phone = house.rows(
        "SELECT person.phone FROM policies_person person JOIN policies_party party ON party.person_id = person.id"
        " JOIN policies_policy policy ON policy.id = party.policy_id WHERE policy.insured_key = %s LIMIT 1",
        [visitor.id],
    )[0][0]
    return [sms for sms in house.sms.sent if sms["phones"] == phone]


def activates_with_the_code(house: House, visitor: Visitor) -> None:
    code = re.search(r"\d{6}", sent_to(house, visitor)[0]["mes"])
    assert code
    answer = visitor.fills(PROOF, {"answer": code.group()})
    assert answer.headers["Location"] == f"{START}account/"
    visitor.begins()
    visitor.confirms()
    assert (left_by(visitor).activations, visitor.broken) == (["finished"], [])


def test_a_slow_gateway_keeps_no_page_waiting(house: House, asked: Visitor) -> None:
    house.sms.mode, house.sms.pause = "slow", 20.0
    began = time.monotonic()
    assert asks_for_a_code(asked).status_code == 302
    assert "It may take a minute to arrive." in asked.opens(PROOF).text
    assert time.monotonic() - began < house.sms.pause / 2
    wait_until(lambda: sent_to(house, asked), "the gateway took it in the end", seconds=90)
    house.sms.mode = "ok"
    house.letters_wait_out(PAUSES[0])
    wait_until(lambda: not waiting(house), "the status was asked")
    assert len(sent_to(house, asked)) == 1
    activates_with_the_code(house, asked)


@pytest.mark.parametrize("mode", ["5xx", "lost", "garbage"])
def test_a_gateway_that_fails_sends_one_sms_in_the_end(house: House, asked: Visitor, mode: str) -> None:
    house.sms.mode = mode
    asks_for_a_code(asked)
    wait_until(lambda: waiting(house) == [("waiting", 1)], "the first try")
    house.sms.mode = "ok"
    house.letters_wait_out(PAUSES[0])
    wait_until(lambda: not waiting(house), "the second try")
    assert len(sent_to(house, asked)) == 1
    activates_with_the_code(house, asked)


def test_a_web_that_dies_after_the_code_was_written_sends_no_second_one(house: House, asked: Visitor) -> None:
    stop = house.stop_at(CODES, "notices_notice", "after commit")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(asks_for_a_code, asked)
        house.kill_process(stop.wait())
        stop.let_go()
        assert answer.result().headers["Location"] == PROOF
    wait_until(lambda: sent_to(house, asked), "the code")
    wait_for_quiet(house)
    assert len(sent_to(house, asked)) == 1
    activates_with_the_code(house, asked)


def waiting(house: House) -> list[Any]:
    return house.rows(
        "SELECT state, tries FROM notices_notice WHERE channel = 'sms' AND state IN ('waiting', 'claimed') AND tries > 0"
    )
