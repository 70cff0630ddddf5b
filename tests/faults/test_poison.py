"""One bad row among a thousand: it parks alone, and the rest leaves in time (F19)."""

import pytest

from tests.faults.house import House
from tests.faults.test_worker_killed import write_letters
from tests.waiting import wait_until

pytestmark = pytest.mark.long


def test_a_row_that_always_fails_holds_up_nobody(house: House) -> None:
    house.wait_for_all()
    write_letters(house, 1000, "poison")
    house.rows(
        "UPDATE notices_notice SET context = '{\"brand\": null}' WHERE \"to\" = 'poison500@example.kz' RETURNING id"
    )
    wait_until(lambda: states(house) == {"sent": 999, "parked": 1}, "the others have left")


def states(house: House) -> dict[str, int]:
    return dict(house.rows("SELECT state, count(*) FROM notices_notice WHERE \"to\" LIKE 'poison%%' GROUP BY state"))
