"""The order and the words of the staff queue."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.rules.queue import Place, groups
from claims.rules.timeline import Urgency

TODAY = date(2026, 11, 23)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    due_on: date | None


def test_a_page_is_read_in_the_words_of_whoever_works_it_off() -> None:
    days = [TODAY - 2 * A_DAY, TODAY - A_DAY, TODAY, TODAY + A_DAY, TODAY + 2 * A_DAY, None]
    found = [(urgency, len(rows)) for urgency, rows in groups([Row(day) for day in days], today=TODAY)]
    assert found == [
        (Urgency.OVERDUE, 2), (Urgency.TODAY, 1), (Urgency.TOMORROW, 1), (Urgency.LATER, 1), (Urgency.NOT_RUNNING, 1),
    ]  # fmt: skip


def test_an_empty_queue_has_no_group() -> None:
    assert list(groups([], today=TODAY)) == []


@given(st.dates(), st.integers(1, 10**18 - 1))
def test_a_place_is_read_as_it_is_written(day: date, key: int) -> None:
    assert Place.read(str(Place(day, key))) == Place(day, key)


@pytest.mark.parametrize("text", ["", "2026-11-23", "2026-11-31.7", "2026-11-23.", "2026-11-23.٧", "2026-11-23.7 OR 1"])
def test_what_is_no_place_is_none(text: str) -> None:
    assert Place.read(text) is None
