"""A worker is killed in the middle of a mailing, or the mail server is away: nobody twice, nobody lost (F2, F7)."""

import subprocess
import sys
from collections import Counter

import pytest

from dev import processes
from dev.places import ROOT
from notices.rules import PAUSES
from tests.faults.house import House
from tests.faults.results import wait_for_quiet
from tests.faults.stops import Moment
from tests.waiting import wait_until

HAND_OUT, DELIVER = "activation.tasks.hand_out_letters", "notices.tasks.deliver"
PEOPLE = 30


def write_to_a_firm(house: House, name: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "tests.faults.firm", name, str(PEOPLE)], cwd=ROOT, check=True,
        env={**house.variables, processes.MARK: str(house.state)},
    )  # fmt: skip


def arrived(house: House, name: str) -> Counter[str]:
    return Counter(letter["To"] for letter in house.mail.letters if letter["To"].startswith(name))


def keys(house: House, name: str) -> set[str]:
    return {letter["Message-ID"] for letter in house.mail.letters if letter["To"].startswith(name)}


def everybody(name: str) -> set[str]:
    return {f"{name}{number}@firm.example" for number in range(PEOPLE)}


@pytest.mark.long
@pytest.mark.parametrize("moment", ["after write", "after commit"])
def test_a_worker_killed_while_it_hands_out_letters_loses_and_doubles_none(house: House, moment: Moment) -> None:
    name = f"out{moment[6]}"
    stop = house.stop_at(HAND_OUT, "activation_personalletter", moment)
    write_to_a_firm(house, name)
    house.kill_process(stop.wait())
    stop.let_go()
    wait_until(
        lambda: set(arrived(house, name)) == everybody(name), "a letter for everybody", instead=house.state_of_letters
    )
    wait_for_quiet(house)
    assert set(arrived(house, name).values()) == {1}


@pytest.mark.long
def test_letters_that_were_handed_over_and_not_recorded_leave_again_as_the_same_letters(house: House) -> None:
    name = "deliver"
    stop = house.stop_at(DELIVER, "notices_delivery", "before write")
    write_to_a_firm(house, name)
    house.kill_process(stop.wait())
    stop.let_go()
    house.leases_run_out()
    wait_until(
        lambda: set(arrived(house, name)) == everybody(name), "a letter for everybody", instead=house.state_of_letters
    )
    wait_for_quiet(house)
    assert len(keys(house, name)) == PEOPLE


@pytest.mark.long
def test_a_mail_server_that_is_down_for_an_hour_loses_nobody(house: House) -> None:
    name = "hour"
    tried = "SELECT count(*) FROM notices_notice WHERE \"to\" LIKE 'hour%%' AND tries >= %s"
    with house.mail.away():
        write_to_a_firm(house, name)
        for tries in range(1, 7):
            wait_until(lambda tries=tries: house.rows(tried, [tries]) == [(PEOPLE,)], f"try {tries}")  # type: ignore[misc]
            house.letters_wait_out(PAUSES[tries - 1])
        wait_until(lambda: house.rows(tried, [7]) == [(PEOPLE,)], "try 7")
    house.letters_wait_out(PAUSES[6])
    wait_until(
        lambda: set(arrived(house, name)) == everybody(name), "a letter for everybody", instead=house.state_of_letters
    )
    assert set(arrived(house, name).values()) == {1}
