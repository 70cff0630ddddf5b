from collections.abc import Iterator

import pytest

from tests.faults.house import House, open_house
from tests.faults.visitor import Visitor
from tests.notices.conftest import mail_server  # noqa: F401  a fixture
from tests.policies.conftest import originals  # noqa: F401  a fixture: uploaded files lie in the test's own folder

# Seconds: whoever comes first waits for the house, which takes minutes where others compute. To be ended for that ends the
# process of xdist, and the next one begins to furnish anew.
FURNISHING = 900


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One house for all: whoever needs it runs in the same process of xdist (--dist=loadgroup). To furnish it takes as long as
    a hundred other tests, so it is opened for the long suite only."""
    for item in items:
        if "furnished" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("house"))
            item.add_marker(pytest.mark.long)
            item.add_marker(pytest.mark.timeout(FURNISHING))


@pytest.fixture(scope="package")
def furnished() -> Iterator[House]:
    with open_house() as house:
        yield house


@pytest.fixture
def house(furnished: House) -> House:
    furnished.mend()
    return furnished


@pytest.fixture
def visitor(house: House) -> Iterator[Visitor]:
    with Visitor(house) as visitor:
        yield visitor
