"""What goes on now: who waits and since when, whether doctors are there, what nobody attends to."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from policies.models import Policy
from telemed.models import Absence, Consultation, DeskPresence, Doctor, PresenceSpan
from telemed.queries.load import Load, load_of, mark_of
from telemed.rules import LOOKED_AHEAD, LOST_AFTER, SOON, AttemptResult, DutyState, State, time_present
from telemed.rules.figures import ANSWER_WITHIN
from telemed.services.attempts import record_attempt
from telemed.services.duty import go_on_duty, leave_duty
from telemed.services.presence import note_at_desk
from telemed.services.queue import take_next
from tests.factories import a_borrower, a_policy, an_insurer
from tests.people import aigul, oksana, yerlan
from tests.queries import statements
from tests.telemed.factories import NOW, a_booking, a_consultation, a_doctor, a_specialist, an_organisation, on_duty

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy() -> Policy:
    return a_borrower()


def load(policy: Policy) -> Load:
    return load_of([policy.insurer], now=NOW)


# ── Who waits ────────────────────────────────────────────────────────────────
def test_who_waits_longest_comes_first_and_is_late_after_ten_minutes(user: User, policy: Policy) -> None:
    a_consultation(user, policy, queued_at=NOW - ANSWER_WITHIN)
    a_consultation(user, policy, queued_at=NOW - ANSWER_WITHIN - SECOND, close_one="Мама")
    a_consultation(user, a_policy(), queued_at=NOW - timedelta(hours=1))  # of another insurer
    found = load(policy)
    assert (found.waits, found.longest) == (2, ANSWER_WITHIN + SECOND)
    assert [(one.consultation.close_one, one.is_late) for one in found.waiting] == [("Мама", True), ("", False)]


def test_nobody_waits(policy: Policy) -> None:
    assert (load(policy).waits, load(policy).longest) == (0, None)


@pytest.mark.parametrize(("ago", "is_there"), [(LOST_AFTER, True), (LOST_AFTER + SECOND, False)])
def test_whose_page_was_open_a_moment_ago_is_there(user: User, policy: Policy, ago: timedelta, is_there: bool) -> None:
    one = a_consultation(user, policy)
    PresenceSpan.objects.create(consultation=one, since=NOW - ago, until=NOW - ago)
    PresenceSpan.objects.create(consultation=one, since=NOW - timedelta(hours=1), until=NOW - timedelta(hours=1))
    (waiting,) = load(policy).waiting
    assert (waiting.seen_at, waiting.is_there) == (NOW - ago, is_there)


def test_two_windows_count_once() -> None:
    spans = [
        (NOW - 9 * MINUTE, NOW - 5 * MINUTE),
        (NOW - 8 * MINUTE, NOW - 6 * MINUTE),
        (NOW - 2 * MINUTE, NOW + MINUTE),
    ]
    assert time_present(spans, NOW - 10 * MINUTE, NOW) == 6 * MINUTE
    assert time_present(spans, NOW - 7 * MINUTE, NOW) == 4 * MINUTE
    assert time_present([], NOW - MINUTE, NOW) == timedelta(0)


# ── Doctors ──────────────────────────────────────────────────────────────────
def state_of_the_only_doctor(policy: Policy) -> DutyState:
    (one,) = load(policy).doctors
    return one.state


def test_a_doctor_on_duty_is_free_at_the_desk_busy_with_a_patient_and_else_away(user: User, policy: Policy) -> None:
    doctor = on_duty(oksana(), insurer=policy.insurer)
    assert state_of_the_only_doctor(policy) == DutyState.AWAY
    note_at_desk(user=doctor.user, now=NOW - LOST_AFTER)
    assert state_of_the_only_doctor(policy) == DutyState.FREE
    DeskPresence.objects.update(seen_at=NOW - LOST_AFTER - SECOND)
    assert state_of_the_only_doctor(policy) == DutyState.AWAY
    a_consultation(user, policy)
    take_next(doctor=doctor, now=NOW)
    assert state_of_the_only_doctor(policy) == DutyState.BUSY
    found = load(policy)
    assert (found.free, found.busy, found.away) == (0, 1, 0)


def test_a_doctor_with_another_insurers_patient_is_busy_and_nobody_reads_with_whom(user: User, policy: Policy) -> None:
    elsewhere = a_policy()
    doctor = on_duty(oksana(), insurer=policy.insurer)
    an_organisation(elsewhere.insurer)  # serves both
    a_consultation(user, elsewhere)
    take_next(doctor=doctor, now=NOW)
    assert state_of_the_only_doctor(policy) == DutyState.BUSY
    assert load(policy).calls == []


def test_who_left_or_serves_other_insurers_is_not_on_duty_here(policy: Policy) -> None:
    doctor = on_duty(oksana(), insurer=policy.insurer)
    assert load_of([an_insurer("sogaz")], now=NOW).doctors == []
    leave_duty(doctor=doctor, now=NOW)
    assert load(policy).doctors == []


def test_a_desk_that_stays_open_is_one_row(policy: Policy) -> None:
    doctor = a_doctor(oksana(), insurer=policy.insurer)
    for minute in range(3):
        note_at_desk(user=doctor.user, now=NOW + minute * MINUTE)
    assert DeskPresence.objects.get().seen_at == NOW + 2 * MINUTE


# ── Calls and talks ──────────────────────────────────────────────────────────
def test_a_call_that_was_not_answered_is_listed_with_its_attempts(user: User, policy: Policy) -> None:
    doctor = on_duty(oksana(), insurer=policy.insurer)
    one = a_consultation(user, policy, State.UNANSWERED, doctor=doctor, called_at=NOW - 4 * MINUTE)
    (before,) = load(policy).unanswered
    assert (before.attempts, before.next_at) == (0, NOW - MINUTE)
    record_attempt(consultation=one, result=AttemptResult.NO_ANSWER, by=doctor.user, now=NOW)
    (after,) = load(policy).unanswered
    assert (after.attempts, after.next_at) == (1, NOW + 3 * MINUTE)


def test_calls_ring_and_talks_last(user: User, policy: Policy) -> None:
    ringing, talking = a_doctor(oksana(), insurer=policy.insurer), a_specialist(yerlan(), insurer=policy.insurer)
    a_consultation(user, policy, State.CALLING, doctor=ringing, called_at=NOW - SECOND)
    a_consultation(user, policy, State.TALKING, doctor=talking, called_at=NOW, began_at=NOW - MINUTE, close_one="Мама")
    found = load(policy)
    assert [one.lasts for one in (*found.calls, *found.talks)] == [SECOND, MINUTE]


# ── Bookings ─────────────────────────────────────────────────────────────────
@pytest.fixture
def specialist(policy: Policy) -> Doctor:
    return a_specialist(yerlan(), insurer=policy.insurer)


@pytest.mark.parametrize(
    ("begins_in", "listed", "is_urgent", "is_late"),
    [
        (LOOKED_AHEAD + SECOND, False, False, False),
        (LOOKED_AHEAD, True, False, False),
        (SOON, True, True, False),
        (timedelta(0), True, True, True),
        (-timedelta(days=2), True, True, True),
    ],
)
def test_a_booking_whose_doctor_is_not_there_is_listed_three_hours_before(
    user: User, policy: Policy, specialist: Doctor, begins_in: timedelta, listed: bool, is_urgent: bool, is_late: bool
) -> None:
    a_booking(user, policy, specialist, NOW + begins_in)
    found = [(one.is_urgent, one.is_late) for one in load(policy).bookings]
    assert found == ([(is_urgent, is_late)] if listed else [])


def test_a_booking_whose_doctor_is_at_the_desk_is_no_worry_until_its_time_has_come(
    user: User, policy: Policy, specialist: Doctor
) -> None:
    note_at_desk(user=specialist.user, now=NOW)
    a_booking(user, policy, specialist, NOW + SECOND)
    assert load(policy).bookings == []
    (late,) = load_of([policy.insurer], now=NOW + SECOND).bookings
    assert (late.is_late, late.is_there) == (True, True)


@pytest.mark.parametrize("why", ["an absence", "works here no more", "account closed"])
def test_a_doctor_who_will_not_come_is_absent_even_while_at_the_desk(
    user: User, policy: Policy, specialist: Doctor, why: str
) -> None:
    note_at_desk(user=specialist.user, now=NOW)
    a_booking(user, policy, specialist, NOW + 2 * MINUTE)
    if why == "an absence":
        Absence.objects.create(doctor=specialist, starts_at=NOW, ends_at=NOW + 3 * MINUTE)
    elif why == "account closed":
        User.objects.filter(doctors=specialist).update(is_active=False)
    else:
        Doctor.objects.update(is_active=False)
    (one,) = load(policy).bookings
    assert one.is_absent


def test_an_absence_that_ends_as_the_talk_begins_is_none_of_it(user: User, policy: Policy, specialist: Doctor) -> None:
    a_booking(user, policy, specialist, NOW + 2 * MINUTE)
    Absence.objects.create(doctor=specialist, starts_at=NOW, ends_at=NOW + 2 * MINUTE)
    (one,) = load(policy).bookings
    assert not one.is_absent


# ── What wakes the page ──────────────────────────────────────────────────────
def test_the_mark_changes_when_somebody_moves_and_only_then(user: User, policy: Policy) -> None:
    def mark() -> str:
        return mark_of([policy.insurer.pk])

    doctor = a_doctor(oksana(), insurer=policy.insurer)
    marks = [mark()]
    acts: list[Any] = [
        lambda: go_on_duty(doctor=doctor, now=NOW),
        lambda: a_consultation(user, policy),
        lambda: take_next(doctor=doctor, now=NOW),
        lambda: Consultation.objects.update(state=State.UNANSWERED),
        lambda: leave_duty(doctor=doctor, now=NOW),
    ]
    for act in acts:
        act()
        marks.append(mark())
        a_consultation(user, a_policy(f"4410 {len(marks)}"))  # of another insurer
        assert mark() == marks[-1]
    assert len(set(marks)) == len(marks)


# ── The price ────────────────────────────────────────────────────────────────
def test_the_picture_is_five_statements_whoever_waits(user: User, policy: Policy, specialist: Doctor) -> None:
    on_duty(oksana(), insurer=policy.insurer)
    for number in range(3):
        a_consultation(user, policy, close_one=str(number))
        a_booking(user, policy, specialist, NOW + number * timedelta(minutes=40), close_one=f"b{number}")
        with statements() as made:
            found = load(policy)
        assert (len(found.waiting), len(found.bookings), len(made)) == (number + 1, number + 1, 5)


def test_what_troubles_anybody_is_not_even_read(user: User, policy: Policy) -> None:
    a_consultation(user, policy, complaint="Третий день болит горло")
    with statements() as made:
        load(policy)
    assert made
    assert not any(word in statement for statement in made for word in ("complaint", "diagnoses", "allergies"))
