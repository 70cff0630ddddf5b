from collections.abc import Iterator

import pytest
import time_machine

from tests.claims.factories import NOW
from tests.policies.conftest import originals

__all__ = ["originals"]  # the fixture: where files lie


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon in Almaty of tests.factories.TODAY, a Saturday."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
