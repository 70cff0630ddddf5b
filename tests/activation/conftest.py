from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

NOON = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)  # 12:00 in Almaty


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon of tests.factories.TODAY at the insurer; move it with `clock.move_to` and `clock.shift`."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def at_noon(clock: time_machine.Traveller) -> None:
    """Every test of the door begins at the same moment."""
