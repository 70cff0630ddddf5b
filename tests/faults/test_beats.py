"""Two beats, none, or one that was killed: periodic work is done once, and what was missed is caught up (F3)."""

import time
from collections import Counter

import pytest

from tests.faults.house import House
from tests.faults.results import is_quiet, wait_for_quiet
from tests.faults.test_worker_killed import write_letters

pytestmark = pytest.mark.long


def test_two_beats_and_two_workers_send_each_letter_once(house: House) -> None:
    house.wait_for_all()
    before = len(house.mail.letters)
    write_letters(house, 200, "beats")
    wait_for_quiet(house)
    arrived = Counter(letter["To"] for letter in house.mail.letters[before:] if letter["To"].startswith("beats"))
    assert (len(arrived), set(arrived.values())) == (200, {1})


def test_while_both_beats_are_dead_letters_wait_and_then_catch_up_without_a_hand(house: House) -> None:
    house.wait_for_all()
    for beat in ("beat-1", "beat-2"):
        house.kill(beat)
    write_letters(house, 20, "late")
    time.sleep(6)  # three periods: what was not woken does not happen
    assert not is_quiet(house)
    house.start("beat-1")
    wait_for_quiet(house)
    arrived = Counter(letter["To"] for letter in house.mail.letters if letter["To"].startswith("late"))
    assert (len(arrived), set(arrived.values())) == (20, {1})


def test_a_killed_beat_starts_again_with_what_is_left_of_its_schedule(house: House) -> None:
    """The file of its last runs may be half written."""
    house.wait_for_all()
    for _ in range(3):
        house.kill("beat-1")
        house.start("beat-1")
        house.wait_for_all()
    for file in house.state.glob("beat-1*"):
        file.write_bytes(b"half a sch")
    house.kill("beat-1")
    house.kill("beat-2")
    house.start("beat-1")
    write_letters(house, 5, "again")
    wait_for_quiet(house)
    assert not house.children["beat-1"].has_ended()
