from collections.abc import Iterator

import pytest
import time_machine

from tests.policies.conftest import originals
from tests.telemed.factories import NOW

__all__ = ["originals"]  # the fixture: where documents lie


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Noon in Almaty of tests.factories.TODAY."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
