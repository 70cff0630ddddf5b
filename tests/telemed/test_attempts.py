"""TM-39: three attempts by telephone, at least three minutes apart; then the consultation counts as rendered."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from core.models import AuditEvent, ImmutableRow
from notices.models import Notice
from policies.models import Policy, RenderedConsultation
from telemed.gateways.telephone import NotConnected, Sandbox
from telemed.models import Attempt, Consultation, ConsultationStep
from telemed.rules import AttemptResult, Channel, Event, Means, State, WrongMoment, next_attempt_from
from telemed.services.attempts import DoctorBusy, TooEarly, dial, record_attempt
from telemed.services.life import move
from telemed.services.queue import put_back
from tests.factories import a_borrower
from tests.people import aigul, dana, oksana
from tests.telemed.factories import NOW, a_booking, a_consultation, a_doctor, a_patient

pytestmark = pytest.mark.django_db
THREE = timedelta(minutes=3)
SECOND = timedelta(seconds=1)


@pytest.fixture
def doctor() -> User:
    return oksana(phone="+77010000077")


@pytest.fixture
def policy() -> Policy:
    policy = a_borrower()
    policy.sum_insured = Decimal("1000000")
    policy.save()
    return policy


@pytest.fixture
def missed(doctor: User, policy: Policy) -> Consultation:
    """Called online at NOW, not answered."""
    policy = a_patient(aigul(), policy)
    consults = a_doctor(doctor, insurer=policy.insurer)
    asked_by = User.objects.get(email="aigul@example.kz")
    return a_consultation(asked_by, policy, State.UNANSWERED, doctor=consults, called_at=NOW)


def attempt(consultation: Consultation, at: datetime, result: AttemptResult = AttemptResult.NO_ANSWER) -> Attempt:
    by = User.objects.get(email="oksana@example.kz")
    return record_attempt(consultation=consultation, result=result, by=by, now=at)


def three(consultation: Consultation) -> None:
    for number in (1, 2, 3):
        attempt(consultation, NOW + number * THREE)


def test_the_call_online_counts_for_the_clock_and_not_as_an_attempt(missed: Consultation) -> None:
    with pytest.raises(TooEarly):
        attempt(missed, NOW + THREE - SECOND)
    assert attempt(missed, NOW + THREE).number == 1


@pytest.mark.parametrize("earlier", [1, 2])
def test_each_attempt_waits_three_minutes_after_the_one_before(missed: Consultation, earlier: int) -> None:
    for number in range(1, earlier + 1):
        attempt(missed, NOW + number * THREE)
    with pytest.raises(TooEarly):
        attempt(missed, NOW + (earlier + 1) * THREE - SECOND)
    assert attempt(missed, NOW + (earlier + 1) * THREE).number == earlier + 1


def test_there_is_no_fourth() -> None:
    assert next_attempt_from(NOW, [NOW + THREE, NOW + 2 * THREE, NOW + 3 * THREE]) is None


def test_whoever_answers_talks_by_telephone(missed: Consultation) -> None:
    attempt(missed, NOW + THREE, AttemptResult.REACHED)
    talking = Consultation.objects.get()
    assert (talking.state, talking.channel, talking.began_at) == (State.TALKING, Channel.TELEPHONE, NOW + THREE)
    assert not RenderedConsultation.objects.exists()


def test_after_the_third_it_is_closed_and_counts_as_rendered(missed: Consultation) -> None:
    three(missed)
    closed = Consultation.objects.get()
    assert (closed.state, closed.rendered_at, closed.ended_at) == (State.NOT_REACHED, NOW + 3 * THREE, NOW + 3 * THREE)
    taken = RenderedConsultation.objects.get()
    assert (taken.reference, taken.how, taken.amount) == (closed.public_id, "no_show", Decimal("3000.00"))
    with pytest.raises(WrongMoment):
        attempt(missed, NOW + 4 * THREE)


def test_the_patient_is_told_what_it_means_and_until_when_to_object(missed: Consultation) -> None:
    three(missed)
    told = {notice.channel: notice for notice in Notice.objects.filter(kind="not_reached")}
    assert (told["email"].to, told["sms"].to) == ("aigul@example.kz", "+77012345678")
    assert told["email"].context["claim_until"] == "2026-11-28"  # the 21st and seven days


def test_two_attempts_are_not_enough(missed: Consultation) -> None:
    attempt(missed, NOW + THREE)
    attempt(missed, NOW + 2 * THREE)
    assert Consultation.objects.get().state == State.UNANSWERED
    assert not Notice.objects.exists()


def test_a_failure_of_ours_gives_it_back_and_three_new_attempts_are_needed(missed: Consultation, doctor: User) -> None:
    attempt(missed, NOW + THREE)
    attempt(missed, NOW + 2 * THREE)
    put_back(consultation=missed, by=doctor, reason="the relay was down", now=NOW + 3 * THREE)
    waiting = Consultation.objects.get()
    assert (waiting.state, waiting.doctor) == (State.WAITING, None)
    assert ConsultationStep.objects.get(kind=Event.REQUEUE).reason == "the relay was down"
    later = NOW + timedelta(hours=1)
    waiting.doctor, waiting.called_at = missed.doctor, later
    move(waiting, Event.CALL, by=doctor, now=later)
    move(waiting, Event.MISS, by=doctor, now=later)
    assert attempt(waiting, later + THREE).number == 1
    assert Consultation.objects.get().state == State.UNANSWERED


def test_a_booking_keeps_its_doctor_and_its_time(doctor: User, policy: Policy) -> None:
    user = aigul()
    consults = a_doctor(doctor, insurer=policy.insurer)
    booked = a_booking(user, a_patient(user, policy), consults, NOW, state=State.UNANSWERED, called_at=NOW)
    put_back(consultation=booked, by=doctor, reason="no electricity", now=NOW)
    again = Consultation.objects.get()
    assert (again.state, again.doctor, again.starts_at) == (State.BOOKED, consults, NOW)


def test_the_doctor_is_free_in_between_and_busy_with_one_patient_only(missed: Consultation) -> None:
    other = a_consultation(a_other(), a_other_policy(missed), State.TALKING, doctor=missed.doctor)
    with pytest.raises(DoctorBusy):
        attempt(missed, NOW + THREE)
    move(other, Event.END, by=None, now=NOW)
    assert attempt(missed, NOW + THREE).number == 1


def a_other() -> User:
    return dana()


def a_other_policy(consultation: Consultation) -> Policy:
    policy = a_borrower("NL-0000042", surname="Ахметова")
    a_patient(User.objects.get(email="dana@example.kz"), policy)
    return policy


# ── Evidence ─────────────────────────────────────────────────────────────────
def test_an_attempt_is_never_changed(missed: Consultation) -> None:
    made = attempt(missed, NOW + THREE)
    made.result = AttemptResult.REACHED
    with pytest.raises(ImmutableRow):
        made.save()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Attempt.objects.update(result=AttemptResult.REACHED)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Attempt.objects.all()._raw_delete("default")


# ── The gateway ──────────────────────────────────────────────────────────────
def test_what_the_gateway_said_stands_beside_the_attempt(missed: Consultation, doctor: User) -> None:
    dial(consultation=missed, by=doctor, now=NOW + THREE)
    made = attempt(missed, NOW + THREE + SECOND)
    assert (made.means, made.gateway_answer) == (Means.GATEWAY, "sandbox")
    by_hand = attempt(missed, NOW + 2 * THREE + SECOND)
    assert (by_hand.means, by_hand.gateway_answer) == (Means.OWN_TELEPHONE, "")


def test_a_gateway_that_fails_counts_for_nothing(
    missed: Consultation, doctor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*anything: Any, **whatever: Any) -> str:
        raise NotConnected("HTTP 503")

    monkeypatch.setattr(Sandbox, "connect", fails)
    with pytest.raises(NotConnected):
        dial(consultation=missed, by=doctor, now=NOW + THREE)
    assert not Attempt.objects.exists()
    assert AuditEvent.objects.get(verb="the telephone gateway failed").reason == "HTTP 503"
    assert attempt(missed, NOW + THREE).number == 1
