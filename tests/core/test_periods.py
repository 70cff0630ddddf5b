"""Days on an insurer's own calendar, also where its clock was moved, and the parts a chart has of them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period, Preset, parts_of, period_of

ALMATY, MOSCOW = ZoneInfo("Asia/Almaty"), ZoneInfo("Europe/Moscow")
SATURDAY = date(2026, 11, 21)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        (Preset.TODAY, SATURDAY, SATURDAY),
        (Preset.YESTERDAY, date(2026, 11, 20), date(2026, 11, 20)),
        (Preset.WEEK, date(2026, 11, 16), SATURDAY),
        (Preset.MONTH, date(2026, 11, 1), SATURDAY),
        (Preset.LAST_MONTH, date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_a_period_ends_today_at_the_latest(preset: Preset, first: date, last: date) -> None:
    assert period_of(preset, SATURDAY) == Period(first, last)


def test_the_month_before_january_is_december() -> None:
    assert period_of(Preset.LAST_MONTH, date(2026, 1, 31)) == Period(date(2025, 12, 1), date(2025, 12, 31))


@pytest.mark.parametrize("today", [date(2026, 11, 16), date(2026, 11, 22)])
def test_a_week_begins_on_its_monday_and_has_its_sunday(today: date) -> None:
    assert period_of(Preset.WEEK, today).first == date(2026, 11, 16)


def test_the_day_on_which_almaty_moved_its_clock_has_25_hours() -> None:
    """At midnight of 1 March 2024 it was 23:00 once more."""
    day = Period(date(2024, 2, 29), date(2024, 2, 29))
    assert day.span(ALMATY) == (datetime(2024, 2, 28, 18, tzinfo=UTC), datetime(2024, 2, 29, 19, tzinfo=UTC))
    hours = parts_of(day, ALMATY).starts
    assert [f"{hour:%H:%M}" for hour in hours][-3:] == ["22:00", "23:00", "23:00"]
    assert len(hours) == 25
    assert hours[-1].astimezone(UTC) == datetime(2024, 2, 29, 18, tzinfo=UTC)


def test_the_day_before_has_24_hours_and_so_has_the_day_after() -> None:
    for day in (date(2024, 2, 28), date(2024, 3, 1)):
        assert len(parts_of(Period(day, day), ALMATY).starts) == 24
    assert Period(date(2024, 3, 1), date(2024, 3, 1)).span(ALMATY)[0] == datetime(2024, 2, 29, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "unit", "parts"), [(1, "hour", 24), (2, "day", 2), (31, "day", 31), (32, "week", 5), (366, "month", 13)]
)
def test_a_long_period_has_few_parts(days: int, unit: str, parts: int) -> None:
    found = parts_of(Period(SATURDAY - timedelta(days=days - 1), SATURDAY), MOSCOW)
    assert (found.unit, len(found.starts)) == (unit, parts)


@given(DAYS, st.integers(1, 366), st.sampled_from([ALMATY, MOSCOW]))
def test_the_parts_fill_the_period_without_a_gap(first: date, days: int, zone: ZoneInfo) -> None:
    period = Period(first, first + timedelta(days=days - 1))
    starts, (begins, ends) = parts_of(period, zone).starts, period.span(zone)
    assert starts[0] == begins
    assert list(starts) == sorted(set(starts), key=lambda instant: instant.astimezone(UTC))
    assert starts[-1].astimezone(UTC) < ends.astimezone(UTC)
    assert period.days == days
