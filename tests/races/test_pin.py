"""Two hundred PINs typed at one trusted device at once: five are compared."""

from collections import Counter
from threading import Barrier

import pytest

from accounts import rules
from accounts.models import Device
from accounts.rules import Answer
from accounts.services import check_pin, pin, set_pin
from tests.accounts.test_pin import ANOTHER, BRAND, NOON, PIN
from tests.people import aigul
from tests.races.crowd import CROWD, all_at_once
from tests.races.test_limits import read_modify_save

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every PIN that was held against the right one, which none of them is."""
    held: list[str] = []

    def is_wrong(typed: str, encoded: str) -> bool:
        held.append(typed)
        return False

    monkeypatch.setattr(pin, "check_password", is_wrong)
    return held


@pytest.fixture
def device() -> Device:
    user = aigul()
    set_pin(user=user, pin=PIN, brand=BRAND, now=NOON)
    return Device.objects.create(user=user, key_hash="its", first_seen=NOON, last_seen=NOON, trusted_at=NOON)


def guessed_at(device: Device, *, times: int) -> Counter[Answer]:
    """By each of the crowd."""

    def tries(number: int) -> list[Answer]:
        return [check_pin(device=device, pin=ANOTHER, now=NOON) for _ in range(times)]

    return Counter(answer for answers in all_at_once(tries) for answer in answers)


def test_of_two_hundred_pins_at_once_five_are_compared(device: Device, compared: list[str]) -> None:
    answers = guessed_at(device, times=5)
    assert len(compared) == rules.PIN_TRIES
    assert answers == {Answer.WRONG: rules.PIN_TRIES - 1, Answer.LOCKED: CROWD * 5 - rules.PIN_TRIES + 1}


@pytest.mark.long
def test_counting_by_reading_and_saving_would_compare_more(
    device: Device, compared: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: everybody has read before the first one saves."""
    spends = read_modify_save(Barrier(CROWD))
    monkeypatch.setattr(pin.limits, "spend", lambda *asked, now: spends(*asked, now=now))
    guessed_at(device, times=1)
    assert len(compared) == CROWD
