"""A term as segments: days, then weeks, then months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ruler import Ruler, add_months, day_ruler

SIGNED, OPENS = date(2026, 11, 16), date(2026, 12, 1)


def test_five_days_of_fifteen_are_over() -> None:
    ruler = day_ruler(SIGNED, OPENS, date(2026, 11, 21))
    assert ruler == Ruler(total=15, done=5, now=5, unit="day", days=15, days_left=10)


@pytest.mark.parametrize(
    ("today", "done", "now", "days_left"),
    [
        (date(2026, 11, 15), 0, None, 15),
        (date(2026, 11, 16), 0, 0, 15),
        (date(2026, 11, 30), 14, 14, 1),
        (date(2026, 12, 1), 15, None, 0),
        (date(2027, 1, 1), 15, None, 0),
    ],
)
def test_both_sides_of_the_start_and_of_the_end(today: date, done: int, now: int | None, days_left: int) -> None:
    ruler = day_ruler(SIGNED, OPENS, today)
    assert (ruler.done, ruler.now, ruler.days_left) == (done, now, days_left)


@pytest.mark.parametrize(
    ("length", "total", "unit"),
    [(31, 31, "day"), (32, 5, "week"), (60, 9, "week"), (217, 31, "week"), (218, 8, "month")],
)
def test_longer_terms_have_larger_segments(length: int, total: int, unit: str) -> None:
    start = date(2026, 1, 1)
    ruler = day_ruler(start, start + timedelta(days=length), start)
    assert (ruler.total, ruler.unit) == (total, unit)


def test_a_year_has_twelve_months() -> None:
    ruler = day_ruler(date(2026, 9, 1), date(2027, 9, 1), date(2026, 11, 21))
    assert (ruler.total, ruler.done, ruler.now, ruler.days_left) == (12, 2, 2, 284)


def test_months_that_are_shorter_end_on_their_last_day() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2023, 10, 31), 4) == date(2024, 2, 29)
    assert add_months(date(2026, 1, 31), 12) == date(2027, 1, 31)


def test_no_term_has_no_segments() -> None:
    assert day_ruler(SIGNED, SIGNED, SIGNED) == Ruler(0, 0, None, "day", 0, 0)


def test_a_term_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        day_ruler(OPENS, SIGNED, SIGNED)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 4000), st.integers(-100, 4100))
def test_today_is_always_the_segment_after_those_that_are_done(start: date, length: int, after: int) -> None:
    ruler = day_ruler(start, start + timedelta(days=length), start + timedelta(days=after))
    assert 0 <= ruler.done <= ruler.total
    assert (ruler.now is None) == (not 0 <= after < length)
    assert ruler.now in (None, ruler.done)
    assert (ruler.done == ruler.total) == (after >= length)
