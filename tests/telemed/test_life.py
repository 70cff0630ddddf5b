"""The life of a consultation: only the ways that the table names, each with its row, and what the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from policies.models import Policy
from telemed.models import Consultation, ConsultationStep
from telemed.rules import (
    TRANSITIONS,
    Clause,
    Event,
    State,
    WrongMoment,
    call_ends_at,
    cancellation,
    claim_until,
    next_state,
)
from telemed.services.life import move
from tests.people import aigul, dana, oksana, yerlan
from tests.telemed.factories import NOW, a_booking, a_consultation, a_doctor, a_patient, a_specialist

LAST_SECOND, ONE_LATER = timedelta(hours=24), timedelta(hours=23, minutes=59, seconds=59)


@given(st.sampled_from(State), st.sampled_from(Event))
def test_only_the_ways_of_the_table_are_gone(state: State, event: Event) -> None:
    if (state, event) in TRANSITIONS:
        assert next_state(state, event) == TRANSITIONS[state, event]
    else:
        with pytest.raises(WrongMoment):
            next_state(state, event)


def test_whatever_is_rendered_can_be_claimed_or_accepted_and_nothing_else_can() -> None:
    assert {state for state, event in TRANSITIONS if event == Event.DISPUTE} == {
        state for state, event in TRANSITIONS if event == Event.ACCEPT
    } == {State.CONCLUDED, State.NOT_REACHED, State.CANCELLED_LATE}  # fmt: skip


@pytest.mark.parametrize(
    ("before", "is_free", "clause"),
    [(LAST_SECOND, True, Clause.CANCELLATION), (ONE_LATER, False, Clause.LATE)],
)
def test_v18_a_booking_is_cancelled_free_until_the_second_a_day_before(
    before: timedelta, is_free: bool, clause: Clause
) -> None:
    judged = cancellation(NOW, now=NOW - before)
    assert (judged.is_free, judged.clause, judged.free_until) == (is_free, clause, NOW - LAST_SECOND)


def test_what_is_urgent_is_cancelled_free_at_any_time_before_the_talk() -> None:
    assert cancellation(None, now=NOW).is_free


def test_the_call_waits_a_minute_and_two_more() -> None:
    assert call_ends_at(NOW, 0) == NOW + timedelta(seconds=60)
    assert call_ends_at(NOW, 2) == NOW + timedelta(seconds=180)


def test_quality_is_claimed_for_seven_days() -> None:
    assert (claim_until(NOW.date()) - NOW.date()).days == 7


@pytest.mark.django_db
class TestInTheDatabase:
    @pytest.fixture
    def user(self) -> User:
        return aigul()

    @pytest.fixture
    def policy(self, user: User) -> Policy:
        return a_patient(user)

    def test_each_step_leaves_its_row(self, user: User, policy: Policy) -> None:
        consultation = a_consultation(user, policy)
        move(consultation, Event.CANCEL, by=None, now=NOW, reason="by telephone")
        step = ConsultationStep.objects.get()
        assert (step.kind, step.at, step.reason) == (Event.CANCEL, NOW, "by telephone")
        assert Consultation.objects.get().state == State.CANCELLED

    def test_a_doctor_has_one_patient_at_a_time(self, user: User, policy: Policy) -> None:
        doctor = a_doctor(oksana())
        other = a_patient(dana(), policy)
        a_consultation(user, policy, State.CALLING, doctor=doctor)
        with pytest.raises(IntegrityError, match="consultation_one_a_doctor"), transaction.atomic():
            a_consultation(user, other, State.TALKING, doctor=doctor)
        a_consultation(user, other, State.TALKED, doctor=doctor)  # control: the conclusion is written beside

    def test_a_patient_waits_once(self, user: User, policy: Policy) -> None:
        a_consultation(user, policy)
        with pytest.raises(IntegrityError, match="consultation_one_urgent_a_patient"), transaction.atomic():
            a_consultation(user, policy)
        a_consultation(user, policy, close_one="Мама")  # control: somebody else waits beside

    def test_two_bookings_of_a_doctor_never_overlap(self, user: User, policy: Policy) -> None:
        doctor = a_specialist(yerlan())
        a_booking(user, policy, doctor, NOW)
        with pytest.raises(IntegrityError, match="consultation_no_two_at_one_time"), transaction.atomic():
            a_booking(user, policy, doctor, NOW + timedelta(minutes=29), close_one="Мама")
        a_booking(user, policy, doctor, NOW + timedelta(minutes=30))  # control: one ends, the next begins
        a_booking(user, policy, doctor, NOW, state=State.CANCELLED)  # and what is cancelled holds no time

    def test_a_patient_is_not_at_two_doctors_at_once(self, user: User, policy: Policy) -> None:
        one, other = a_specialist(yerlan()), a_doctor(oksana())
        a_booking(user, policy, one, NOW)
        with pytest.raises(IntegrityError, match="consultation_no_two_at_one_time_of_a_patient"), transaction.atomic():
            a_booking(user, policy, other, NOW)
