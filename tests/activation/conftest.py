from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from notices.models import Notice
from notices.services.wording import word
from tests.policies.conftest import originals  # noqa: F401  a fixture: files of this test lie in its own folder

NOON = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)  # 12:00 in Almaty


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon of tests.factories.TODAY at the insurer; move it with `clock.move_to` and `clock.shift`."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def every_letter_can_be_worded(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test's journey writes to people has all the facts that its templates name."""
    yield
    if request.node.get_closest_marker("django_db"):
        for notice in Notice.objects.exclude(context={}):
            word(notice)


@pytest.fixture(autouse=True)
def at_noon(clock: time_machine.Traveller) -> None:
    """Every test of the door begins at the same moment."""
