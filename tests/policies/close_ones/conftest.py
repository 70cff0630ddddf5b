from collections.abc import Iterator

import pytest
import time_machine

from policies.models import Person
from tests.factories import a_policy
from tests.policies.close_ones.invitations import NOW


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as hands:
        yield hands


@pytest.fixture
def person() -> Person:
    return a_policy().insured
