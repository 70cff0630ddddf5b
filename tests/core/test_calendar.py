"""Terms by the vectors of requirements.md (V12–V15) and the library checks of facts.md, section 2."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.contrib.admin.sites import site
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.calendar import (
    Pause,
    Term,
    TermError,
    Unit,
    WorkingCalendar,
    add_calendar_days,
    last_day,
    merged,
    working_days_of,
)
from core.models import AuditEvent, CalendarDay
from core.queries import load_calendar

EMPTY = WorkingCalendar()
KAZAKHSTAN = WorkingCalendar("KZ")
RUSSIA = WorkingCalendar("RU")
COMPLETE = date(2025, 10, 1)  # V12: all documents are there

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 12, 6), 12, date(2027, 12, 5)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
    ],
)
def test_both_days_of_a_term_of_months_count(first: date, months: int, last: date) -> None:
    assert last_day(first, months=months) == last


@given(days, st.integers(1, 60))
def test_the_day_after_a_term_of_months_begins_the_next_one_or_a_month(first: date, months: int) -> None:
    following = last_day(first, months=months) + timedelta(days=1)
    assert following.day in (first.day, 1)
    assert (following.year - first.year) * 12 + following.month - first.month in (months, months + 1)


# ── Vectors ──────────────────────────────────────────────────────────────────


def test_v12_missing_documents_are_named_in_five_working_days() -> None:
    assert EMPTY.add_working_days(COMPLETE, 5) == date(2025, 10, 8)


def test_v12_fifteen_working_days_to_decide_and_fifteen_more_to_pay() -> None:
    decision = EMPTY.add_working_days(COMPLETE, 15)
    assert decision == date(2025, 10, 22)
    assert EMPTY.add_working_days(decision, 15) == date(2025, 11, 12)


def test_v13_a_day_off_moves_the_payment_by_one() -> None:
    marked = WorkingCalendar(overrides={date(2025, 10, 27): False})
    assert marked.add_working_days(date(2025, 10, 22), 15) == date(2025, 11, 13)


def test_v14_sixty_calendar_days_to_notify() -> None:
    notice = Term(date(2025, 1, 10), 60, Unit.CALENDAR)
    assert notice.due == date(2025, 3, 11)
    assert not notice.is_late(date(2025, 3, 11))
    assert notice.is_late(date(2025, 3, 12))


def test_v15_a_policy_opens_15_or_3_days_after_signing() -> None:
    assert add_calendar_days(date(2025, 3, 1), 15) == date(2025, 3, 16)
    assert add_calendar_days(date(2025, 3, 1), 3) == date(2025, 3, 4)


# ── Calendar days ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("signed", "opens"),
    [
        (date(2024, 2, 20), date(2024, 3, 6)),  # over 29 February and the day Almaty moved its clocks
        (date(2024, 2, 29), date(2024, 3, 15)),
        (date(2025, 2, 28), date(2025, 3, 15)),
        (date(2025, 12, 31), date(2026, 1, 15)),
    ],
)
def test_fifteen_days_over_the_edges_of_the_calendar(signed: date, opens: date) -> None:
    assert add_calendar_days(signed, 15) == opens


@pytest.fixture(params=["UTC", "Asia/Almaty", "America/St_Johns"])
def server_zone(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("server_zone")
def test_the_zone_of_the_server_moves_no_day() -> None:
    @given(days, st.integers(0, 400))
    def exactly_n_days_later(day: date, n: int) -> None:
        assert (add_calendar_days(day, n) - day).days == n

    exactly_n_days_later()


# ── Working days ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [(date(2026, 3, 6), 15, date(2026, 4, 2)), (date(2026, 3, 20), 5, date(2026, 4, 1))],
)
def test_working_days_over_women_s_day_and_nauryz(start: date, n: int, due: date) -> None:
    assert KAZAKHSTAN.add_working_days(start, n) == due


def test_the_law_of_2026_is_known() -> None:
    """The new Constitution moved Constitution Day from 30 August to 15 March, from 2027."""
    assert not KAZAKHSTAN.is_working(date(2024, 8, 30))
    assert KAZAKHSTAN.is_working(date(2026, 8, 31))
    assert KAZAKHSTAN.is_working(date(2026, 3, 16))
    assert not KAZAKHSTAN.is_working(date(2027, 3, 15))


def test_transferred_days_are_known() -> None:
    assert KAZAKHSTAN.is_working(date(2025, 1, 5))  # a Sunday
    assert RUSSIA.is_working(date(2027, 2, 20))  # a Saturday
    assert not RUSSIA.is_working(date(2027, 2, 22))


def test_two_countries_have_two_calendars() -> None:
    assert not RUSSIA.is_working(date(2026, 6, 12))
    assert KAZAKHSTAN.is_working(date(2026, 6, 12))


def test_what_staff_marked_beats_the_library() -> None:
    marked = WorkingCalendar("KZ", {date(2026, 3, 23): True, date(2026, 3, 26): False})
    assert marked.add_working_days(date(2026, 3, 20), 5) == date(2026, 4, 1)
    assert marked.is_working(date(2026, 3, 23))
    assert not marked.is_working(date(2026, 3, 26))


def test_the_start_never_counts_and_no_days_are_the_start_itself() -> None:
    sunday, monday = date(2026, 11, 15), date(2026, 11, 16)
    assert EMPTY.add_working_days(sunday, 0) == sunday
    assert EMPTY.add_working_days(sunday, 1) == monday
    assert EMPTY.add_working_days(monday, 1) == date(2026, 11, 17)


@given(days, st.integers(1, 60))
def test_between_the_start_and_the_due_day_lie_exactly_n_working_days(start: date, n: int) -> None:
    due = KAZAKHSTAN.add_working_days(start, n)
    between = [start + timedelta(days=d) for d in range(1, (due - start).days + 1)]
    assert KAZAKHSTAN.is_working(due)
    assert sum(map(KAZAKHSTAN.is_working, between)) == n


def test_many_threads_see_the_same_year() -> None:
    working_days_of.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: KAZAKHSTAN.is_working(date(2026, 12, 16)), range(64)))
    assert not any(answers)


# ── Pause and resume (Nomad Life 7.8) ────────────────────────────────────────


def decision() -> Term:
    return Term(COMPLETE, 15, Unit.WORKING)


def test_a_paused_term_has_no_due_day_and_nobody_is_late() -> None:
    paused = decision().pause(date(2025, 10, 8))
    assert paused.due is None
    assert not paused.is_late(date(2030, 1, 1))
    assert paused.days[-1] == date(2025, 10, 8)


def test_after_the_pause_the_days_left_go_on() -> None:
    resumed = decision().pause(date(2025, 10, 8)).resume(date(2025, 11, 3))
    assert len(resumed.days) == 15
    assert resumed.due == date(2025, 11, 17)  # five days are over, ten follow Monday 3 November


def test_a_pause_that_ends_the_same_day_changes_nothing() -> None:
    assert decision().pause(date(2025, 10, 8)).resume(date(2025, 10, 8)).due == decision().due


def test_a_term_can_pause_twice() -> None:
    once = decision().pause(date(2025, 10, 8)).resume(date(2025, 10, 10))
    twice = once.pause(date(2025, 10, 13)).resume(date(2025, 10, 15))
    assert once.due == date(2025, 10, 24)
    assert twice.due == date(2025, 10, 28)


@given(days, st.integers(1, 90), st.data())
def test_a_pause_of_calendar_days_moves_the_due_day_by_its_length(start: date, n: int, data: st.DataObject) -> None:
    running = Term(start, n, Unit.CALENDAR)
    since = start + timedelta(days=data.draw(st.integers(0, n - 1)))
    length = timedelta(days=data.draw(st.integers(0, 200)))
    assert running.pause(since).resume(since + length).due == add_calendar_days(start, n) + length


@pytest.mark.parametrize("day", [date(2025, 9, 30), date(2025, 10, 23)])
def test_only_a_running_term_can_pause(day: date) -> None:
    with pytest.raises(TermError):
        decision().pause(day)


@pytest.mark.parametrize("day", [date(2025, 10, 1), date(2025, 10, 22)])
def test_it_can_pause_on_its_first_and_its_last_day(day: date) -> None:
    assert decision().pause(day).is_paused


def test_pauses_follow_one_another() -> None:
    paused = decision().pause(date(2025, 10, 8))
    with pytest.raises(TermError):
        paused.pause(date(2025, 10, 9))
    with pytest.raises(TermError):
        paused.resume(date(2025, 10, 7))
    with pytest.raises(TermError):
        paused.resume(date(2025, 10, 9)).resume(date(2025, 10, 10))
    with pytest.raises(TermError):
        paused.resume(date(2025, 10, 9)).pause(date(2025, 10, 8))


def test_paused_on_its_last_day_a_term_is_due_on_the_day_the_pause_ends() -> None:
    assert decision().pause(date(2025, 10, 22)).resume(date(2025, 11, 3)).due == date(2025, 11, 3)


@pytest.mark.parametrize("until", [None, date(2025, 11, 3)])
def test_a_pause_that_begins_when_the_days_ran_out_stops_nothing(until: date | None) -> None:
    late = Term(COMPLETE, 15, Unit.WORKING, pauses=(Pause(date(2025, 10, 23), until),))
    assert late.due == decision().due
    assert not late.is_paused
    assert late.is_late(date(2025, 10, 23))


def test_pauses_that_meet_or_overlap_become_one() -> None:
    first, second, third = date(2025, 10, 6), date(2025, 10, 10), date(2025, 10, 15)
    assert merged([Pause(second, third), Pause(first, second)]) == (Pause(first, third),)
    assert merged([Pause(first, third), Pause(first, second)]) == (Pause(first, third),)
    assert merged([Pause(first), Pause(second, third)]) == (Pause(first),)
    assert merged([Pause(third), Pause(first, second)]) == (Pause(first, second), Pause(third))


def test_the_days_of_a_term_are_counted_one_by_one_and_not_over_a_weekend() -> None:
    friday, monday = date(2025, 10, 3), date(2025, 10, 6)
    by = [COMPLETE, friday, friday + timedelta(days=2), monday, date(2030, 1, 1)]
    assert [decision().days_by(day) for day in by] == [0, 2, 2, 3, 15]


def test_an_extended_term_ends_on_the_day_that_was_said_or_the_next_one_that_counts() -> None:
    assert decision().extended(date(2025, 10, 31)).due == date(2025, 10, 31)
    assert decision().extended(date(2025, 11, 1)).due == date(2025, 11, 3)  # a Saturday
    assert decision().extended(date(2025, 10, 20)).due == decision().due
    assert decision().pause(date(2025, 10, 8)).extended(date(2025, 11, 3)).n == 15


def test_a_term_of_no_days_is_due_at_once() -> None:
    assert Term(COMPLETE, 0, Unit.WORKING).due == COMPLETE


# ── Days that staff mark ─────────────────────────────────────────────────────


def mark(day: date, kind: str, country: str = "KZ") -> CalendarDay:
    return CalendarDay.objects.create(country=country, date=day, kind=kind, note="Decree 1")


@pytest.mark.django_db
def test_marked_days_are_loaded_for_their_country_only() -> None:
    mark(date(2026, 3, 23), CalendarDay.Kind.WORK)
    mark(date(2026, 3, 26), CalendarDay.Kind.OFF)
    assert load_calendar("KZ").overrides == {date(2026, 3, 23): True, date(2026, 3, 26): False}
    assert load_calendar("RU").overrides == {}


@pytest.mark.django_db
def test_a_day_is_marked_once_per_country() -> None:
    mark(date(2026, 3, 26), CalendarDay.Kind.OFF)
    mark(date(2026, 3, 26), CalendarDay.Kind.OFF, country="RU")
    with pytest.raises(IntegrityError, match="one_mark_per_day"), transaction.atomic():
        mark(date(2026, 3, 26), CalendarDay.Kind.WORK)


@pytest.mark.django_db
def test_the_admin_signs_a_mark_with_the_person_who_made_it() -> None:
    clerk = User.objects.create_user("clerk@example.kz", is_staff=True)
    request = RequestFactory().post("/")
    request.user = clerk
    admin = site.get_model_admin(CalendarDay)
    day = CalendarDay(country="KZ", date=date(2026, 3, 26), kind="off", note="Decree 1")

    admin.save_model(request, day, form=None, change=False)
    assert day.author == clerk
    admin.delete_model(request, day)
    assert list(AuditEvent.objects.order_by("id").values_list("verb", "actor")) == [
        ("marked a calendar day", clerk.pk),
        ("unmarked a calendar day", clerk.pk),
    ]
    assert not CalendarDay.objects.exists()
