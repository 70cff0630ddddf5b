"""Each address of the resolver × each actor × method × own, related, foreign and missing object."""

import pytest

from tests.security.matrix.actors import ACCOUNTS, EVERYBODY, SAMPLES
from tests.security.matrix.law import Row, every_url
from tests.security.matrix.permissions import ROWS
from tests.security.matrix.walk import complaints
from tests.security.matrix.world import World

pytestmark = pytest.mark.usefixtures("world")
METHODS = ["GET", "POST"]


def test_every_address_has_a_row() -> None:
    without = sorted(set(every_url()) - {row.url for row in ROWS})
    assert not without, (
        f"Say in a line of tests/security/matrix/permissions/<app>.py who may open: {', '.join(without)}"
    )


def test_every_row_is_an_address() -> None:
    assert {row.url for row in ROWS} <= set(every_url())


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("method", METHODS)
def test_who_may(world: World, row: Row, method: str) -> None:
    is_personal = row.gate == ACCOUNTS or row.url == "home"
    assert not list(complaints(world, row, method, EVERYBODY if is_personal else SAMPLES))


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("method", [*METHODS, "HEAD"])
def test_who_may_without_samples(world: World, row: Row, method: str) -> None:
    assert not list(complaints(world, row, method))
