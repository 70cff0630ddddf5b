"""When an office answers: told in words, and known to the minute."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.hours import OpeningHours, OpeningHoursError, OpenState

ALMATY = ZoneInfo("Asia/Almaty")
OFFICE = OpeningHours.parse({"mon-fri": ["09:00", "21:00"], "sat": ["10:00", "16:00"]})


def at(day: int, clock: str) -> datetime:
    """November 2026: the 23rd is a Monday."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=ALMATY)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (at(23, "8:59"), OpenState(False, at(23, "9:00"))),
        (at(23, "9:00"), OpenState(True, at(23, "21:00"))),
        (at(23, "20:59"), OpenState(True, at(23, "21:00"))),
        (at(23, "21:00"), OpenState(False, at(24, "9:00"))),
        (at(28, "16:00"), OpenState(False, at(30, "9:00"))),  # from Saturday over Sunday to Monday
    ],
)
def test_both_sides_of_opening_and_closing(moment: datetime, state: OpenState) -> None:
    assert OFFICE.state(moment) == state


def test_a_break_closes_and_opens_again() -> None:
    clinic = OpeningHours.parse({"mon": [["9:00", "13:00"], ["14:00", "18:00"]]})
    assert clinic.state(at(23, "13:00")) == OpenState(False, at(23, "14:00"))
    assert clinic.lines("en") == ["Mon 9:00–13:00, 14:00–18:00"]


def test_open_one_hour_a_week_the_next_opening_is_in_a_week() -> None:
    rare = OpeningHours.parse({"mon": ["9:00", "10:00"]})
    assert rare.state(at(23, "10:00")).changes_at == at(30, "9:00")


def test_hours_that_meet_at_midnight_are_one() -> None:
    night = OpeningHours.parse({"mon": ["20:00", "24:00"], "tue": ["00:00", "8:00"]})
    assert night.state(at(23, "23:00")) == OpenState(True, at(24, "8:00"))


def test_around_the_clock_never_changes() -> None:
    hours = OpeningHours.parse({"daily": ["00:00", "24:00"]})
    assert hours.state(at(23, "3:00")) == OpenState(True, None, around_clock=True)
    assert [hours.lines(language) for language in ("kk", "ru", "en")] == [
        ["тәулік бойы"], ["круглосуточно"], ["around the clock"],
    ]  # fmt: skip


def test_without_hours_it_never_opens() -> None:
    closed = OpeningHours.parse({})
    assert closed.state(at(23, "12:00")) == OpenState(False, None)
    assert closed.lines("ru") == []


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("ru", ["пн–пт 9:00–21:00", "сб 10:00–16:00"]),
        ("kk", ["дс–жм 9:00–21:00", "сб 10:00–16:00"]),
        ("en", ["Mon–Fri 9:00–21:00", "Sat 10:00–16:00"]),
    ],
)
def test_the_week_is_told_in_few_words(language: str, lines: list[str]) -> None:
    assert OFFICE.lines(language) == lines


def test_equal_days_are_told_together() -> None:
    assert OpeningHours.parse({"daily": ["9:00", "18:00"]}).lines("ru") == ["ежедневно 9:00–18:00"]
    sunday_too = {"mon-sat": ["9:00", "18:00"], "sun": ["00:00", "24:00"]}
    assert OpeningHours.parse(sunday_too).lines("ru") == ["пн–сб 9:00–18:00", "вс круглосуточно"]


@pytest.mark.parametrize(
    "data",
    [
        {"monday": ["9:00", "18:00"]},
        {"fri-mon": ["9:00", "18:00"]},
        {"mon-": ["9:00"]},
        {"mon-fri": ["9:00", "18:00"], "wed": ["10:00", "12:00"]},
        {"mon": ["18:00", "9:00"]},
        {"mon": ["9:00", "9:00"]},
        {"mon": ["9:00", "24:01"]},
        {"mon": ["9.00", "18.00"]},
        {"mon": []},
        {"mon": "9:00-18:00"},
        {"mon": [["9:00", "13:00"], ["12:00", "18:00"]]},
        {"mon": [9, 18]},
    ],
)
def test_data_that_means_nothing_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(OpeningHoursError):
        OpeningHours.parse(data)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(OpeningHoursError):
        OFFICE.state(datetime(2026, 11, 23, 12))  # noqa: DTZ001


@given(st.integers(0, 14 * 24 * 60))
def test_at_the_promised_minute_the_state_really_changes(minute: int) -> None:
    moment = at(9, "0:00") + timedelta(minutes=minute)
    state = OFFICE.state(moment)
    assert state.changes_at is not None
    assert OFFICE.state(state.changes_at - timedelta(minutes=1)).open == state.open
    assert OFFICE.state(state.changes_at).open != state.open
