"""Each address of the resolver × each actor × method × own, related, foreign and missing object."""

import pytest

from tests.security.matrix.actors import ACCOUNTS, EVERYBODY, SAMPLES, Actor, Actors
from tests.security.matrix.law import Row, every_url
from tests.security.matrix.permissions import ROWS
from tests.security.matrix.walk import complaints
from tests.security.matrix.world import World

pytestmark = pytest.mark.usefixtures("world")


def test_every_address_has_a_row() -> None:
    without = sorted(set(every_url()) - {row.url for row in ROWS})
    assert not without, (
        f"Say in a line of tests/security/matrix/permissions/<app>.py who may open: {', '.join(without)}"
    )


def test_every_row_is_an_address() -> None:
    assert {row.url for row in ROWS} <= set(every_url())


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_who_may_read(world: World, row: Row) -> None:
    assert not list(complaints(world, row, "GET", enough(row)))


@pytest.mark.parametrize("row", [row for row in ROWS if row.post != 405], ids=str)
def test_who_may_post(world: World, row: Row) -> None:
    assert not list(complaints(world, row, "POST", enough(row)))


def enough(row: Row) -> Actors:
    """To whom it opens, and who stands for those whom it refuses. A public page knows nobody but its visitor."""
    if row.url == "home":
        return EVERYBODY
    if row.gate in (EVERYBODY, ACCOUNTS) and not row.of:
        return frozenset({Actor.VISITOR, Actor.OWNER, Actor.NEWCOMER, Actor.CHIEF})
    return row.may | row.sees | SAMPLES


def the_others(row: Row, method: str) -> Actors:
    """Whom the two tests above have not asked."""
    return EVERYBODY if method == "POST" and row.post == 405 else EVERYBODY - enough(row)


OTHERS = [(method, row) for method in ("GET", "POST") for row in ROWS if the_others(row, method)]


@pytest.mark.long
@pytest.mark.parametrize(("method", "row"), OTHERS, ids=str)
def test_who_may_asked_of_all_the_others(world: World, method: str, row: Row) -> None:
    assert not list(complaints(world, row, method, the_others(row, method)))
