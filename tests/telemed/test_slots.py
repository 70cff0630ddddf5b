"""Free times: hours on the wall, breaks, absences, what is taken; days on which the clock is moved."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemed.rules.slots import LEAST_NOTICE, Hours, Span, free_slots, held_until, instant, is_offered, part_of_day

ALMATY, MOSCOW, BERLIN = "Asia/Almaty", "Europe/Moscow", "Europe/Berlin"
MONDAY = date(2026, 11, 23)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NINE, ONE, TWO, FIVE = 9 * 60, 13 * 60, 14 * 60, 17 * 60


def hours(opens: int = NINE, closes: int = FIVE, **facts: Any) -> Hours:
    given: dict[str, Any] = {"weekday": 0, "minutes": 30, "since": date(2020, 1, 1)}
    return Hours(opens=opens, closes=closes, **(given | facts))


def on(day: date, *of: Hours, busy: tuple[Span, ...] = (), zone: str = ALMATY, now: datetime = LONG_AGO) -> list[str]:
    """As the wall clock shows them."""
    slots = free_slots(of, busy=busy, first=day, last=day, zone=zone, now=now)
    return [f"{instant(begins).astimezone(ZoneInfo(zone)):%H:%M}" for begins, _ends in slots]


def span(hour: int, minute: int, minutes: int, day: date = MONDAY, zone: str = ALMATY) -> Span:
    begins = int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).timestamp())
    return begins, begins + minutes * 60


def test_slots_fill_the_hours_and_spare_the_break() -> None:
    assert on(MONDAY, hours(NINE, NINE + 90)) == ["09:00", "09:30", "10:00"]
    assert on(MONDAY, hours(12 * 60, 15 * 60, break_from=ONE - 10, break_until=TWO)) == ["12:00", "14:00", "14:30"]
    assert on(MONDAY, hours(23 * 60, 24 * 60)) == ["23:00", "23:30"]
    assert on(MONDAY + timedelta(days=1), hours()) == []


@pytest.mark.parametrize(
    ("since", "until", "is_open"),
    [
        (MONDAY, MONDAY, True),  # extra hours of one date
        (MONDAY + timedelta(days=1), None, False),
        (date(2020, 1, 1), MONDAY, True),
        (date(2020, 1, 1), MONDAY - timedelta(days=1), False),
    ],
)
def test_hours_are_valid_from_their_first_to_their_last_day(since: date, until: date | None, is_open: bool) -> None:
    assert bool(on(MONDAY, hours(since=since, until=until))) == is_open


def test_what_is_busy_is_not_offered_and_its_neighbours_are() -> None:
    morning = hours(NINE, NINE + 120)
    assert on(MONDAY, morning, busy=(span(9, 30, 30),)) == ["09:00", "10:00", "10:30"]
    assert on(MONDAY, morning, busy=(span(9, 40, 10), span(10, 29, 2))) == ["09:00"]
    assert on(MONDAY, morning, busy=(span(0, 0, 24 * 60),)) == []


def test_nothing_begins_sooner_than_a_quarter_of_an_hour_from_now() -> None:
    ten = instant(span(10, 0, 30)[0])
    assert on(MONDAY, hours(NINE, 11 * 60), now=ten - LEAST_NOTICE) == ["10:00", "10:30"]
    assert on(MONDAY, hours(NINE, 11 * 60), now=ten - LEAST_NOTICE + timedelta(seconds=1)) == ["10:30"]


def test_two_hours_that_overlap_offer_no_time_twice() -> None:
    assert on(MONDAY, hours(NINE, 11 * 60), hours(NINE + 15, 10 * 60 + 15)) == ["09:00", "09:30", "10:00", "10:30"]


# ── Days on which the clock is moved ─────────────────────────────────────────
def test_almaty_had_an_hour_twice_and_offers_it_once() -> None:
    thursday = date(2024, 2, 29)  # at midnight the clocks went back to 23:00
    late = hours(22 * 60, 24 * 60, weekday=3)
    assert on(thursday, late) == ["22:00", "22:30", "23:00", "23:30"]
    assert on(date(2024, 3, 1), hours(0, 60, weekday=4)) == ["00:00", "00:30"]
    before, after = (
        free_slots([hours(NINE, 10 * 60, weekday=day.weekday())], busy=(), first=day, last=day, zone=ALMATY, now=LONG_AGO)
        for day in (thursday, date(2024, 3, 1))
    )  # fmt: skip
    assert after[0][0] - before[0][0] == 25 * 3600  # 9:00 on the wall both days


def test_an_hour_that_the_clock_skips_is_not_offered() -> None:
    sunday = date(2026, 3, 29)  # Berlin: 2:00 is 3:00
    assert on(sunday, hours(60, 4 * 60, weekday=6), zone=BERLIN) == ["01:00", "01:30", "03:00", "03:30"]


def test_moscow_offers_the_hours_of_its_own_wall() -> None:
    assert free_slots([hours()], busy=(), first=MONDAY, last=MONDAY, zone=MOSCOW, now=LONG_AGO)[0] == span(
        9, 0, 30, zone=MOSCOW
    )


# ── Properties ───────────────────────────────────────────────────────────────
DAYS = st.dates(date(2024, 2, 20), date(2024, 4, 10))  # clocks move in Almaty, Moscow and Berlin
ZONES = st.sampled_from([ALMATY, MOSCOW, BERLIN])


@st.composite
def some_hours(draw: st.DrawFn) -> Hours:
    minutes = draw(st.sampled_from([15, 20, 30, 45, 60]))
    opens = draw(st.integers(0, 24 * 60 - minutes))
    closes = draw(st.integers(opens + minutes, 24 * 60))
    pause = draw(st.none() | st.tuples(st.integers(opens, closes), st.integers(opens, closes)).map(sorted))
    return Hours(
        weekday=draw(st.integers(0, 6)), opens=opens, closes=closes, minutes=minutes, since=draw(DAYS),
        until=draw(st.none() | DAYS), break_from=pause[0] if pause else None, break_until=pause[1] if pause else None,
    )  # fmt: skip


@st.composite
def some_busy(draw: st.DrawFn) -> list[Span]:
    first = int(datetime(2024, 2, 20, tzinfo=UTC).timestamp())
    begins = draw(st.lists(st.integers(first, first + 50 * 86400), max_size=8))
    return [(one, one + draw(st.integers(60, 86400))) for one in begins]


@given(
    st.lists(some_hours(), max_size=4),
    some_busy(),
    DAYS,
    ZONES,
    st.integers(0, 60),
)
def test_free_times_keep_clear_of_everything(
    of: list[Hours], busy: list[Span], first: date, zone: str, days: int
) -> None:
    now, last = datetime(2024, 2, 1, 7, tzinfo=UTC) + timedelta(days=days), first + timedelta(days=10)
    slots = free_slots(of, busy=busy, first=first, last=last, zone=zone, now=now)
    assert slots == sorted(slots)
    assert all(one[1] <= other[0] for one, other in pairwise(slots))
    assert not [slot for slot in slots for taken in busy if slot[0] < taken[1] and taken[0] < slot[1]]
    assert all(instant(begins) >= now + LEAST_NOTICE for begins, _ends in slots)
    for begins, ends in slots:
        at = instant(begins).astimezone(ZoneInfo(zone))
        minute = at.hour * 60 + at.minute
        assert first <= at.date() <= last
        assert any(
            one.holds(at.date())
            and any(opens <= minute <= closes - one.minutes for opens, closes in one.parts)
            and ends - begins == one.minutes * 60
            for one in of
        )


@given(some_hours(), some_busy(), DAYS, ZONES, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_moving_the_clock_on_never_adds_a_time(
    one: Hours, busy: list[Span], first: date, zone: str, later: timedelta
) -> None:
    now, last = datetime(2024, 2, 25, tzinfo=UTC), first + timedelta(days=10)
    before, after = (
        set(free_slots([one], busy=busy, first=first, last=last, zone=zone, now=at)) for at in (now, now + later)
    )
    assert after <= before


@given(st.lists(some_hours(), max_size=3), some_busy(), some_busy(), DAYS, ZONES)
def test_what_was_taken_is_never_offered_again(
    of: list[Hours], busy: list[Span], more: list[Span], first: date, zone: str
) -> None:
    last = first + timedelta(days=10)
    for taken in free_slots(of, busy=busy, first=first, last=last, zone=zone, now=LONG_AGO)[:20]:
        left = free_slots(of, busy=[*busy, *more, taken], first=first, last=last, zone=zone, now=LONG_AGO)
        assert not [slot for slot in left if slot[0] < taken[1] and taken[0] < slot[1]]


# ── One time ─────────────────────────────────────────────────────────────────
def test_a_time_is_offered_by_its_beginning() -> None:
    ten = instant(span(10, 0, 30)[0])
    assert is_offered(ten, [hours()], busy=(), zone=ALMATY, now=LONG_AGO) == span(10, 0, 30)
    assert not is_offered(ten + timedelta(minutes=1), [hours()], busy=(), zone=ALMATY, now=LONG_AGO)
    assert not is_offered(ten, [hours()], busy=[span(10, 0, 30)], zone=ALMATY, now=LONG_AGO)


def test_an_unpaid_time_is_held_two_hours_and_never_past_its_beginning() -> None:
    assert held_until(LONG_AGO, LONG_AGO + timedelta(days=1)) == LONG_AGO + timedelta(hours=2)
    assert held_until(LONG_AGO, LONG_AGO + timedelta(hours=1)) == LONG_AGO + timedelta(hours=1)


@pytest.mark.parametrize(
    ("hour", "minute", "part"),
    [(0, 0, "morning"), (11, 59, "morning"), (12, 0, "afternoon"), (16, 59, "afternoon"), (17, 0, "evening")],
)
def test_the_day_has_three_parts(hour: int, minute: int, part: str) -> None:
    assert part_of_day(datetime(2026, 11, 23, hour, minute, tzinfo=UTC)) == part
