"""Calling off: urgent ones free until the talk begins, booked ones until the second a day before (TM-40, TM-41, V18)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from time_machine import Traveller

from accounts.models import User
from policies.models import Policy, RenderedConsultation
from telemed.models import Consultation, ConsultationStep
from telemed.rules import Event, State
from telemed.services.cancel import LateNow, cancel
from tests.factories import a_borrower
from tests.forms import sends
from tests.people import aigul, dana, insured_browser, oksana, yerlan
from tests.telemed.factories import NOW, a_booking, a_consultation, a_doctor, a_patient, a_specialist

pytestmark = pytest.mark.django_db
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    return a_patient(user, a_borrower())


@pytest.fixture
def booking(user: User, policy: Policy) -> Consultation:
    """For tomorrow at this second: the last at which it is free."""
    return a_booking(user, policy, a_specialist(yerlan(), insurer=policy.insurer), NOW + DAY)


def page_of(consultation: Consultation) -> str:
    return f"{consultation.get_absolute_url()}cancellation/"


def state_of(consultation: Consultation) -> str:
    consultation.refresh_from_db()
    return str(consultation.state)


# ── Urgent ───────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("state", [State.UNPAID, State.WAITING, State.CALLING, State.UNANSWERED])
def test_what_is_urgent_is_free_until_the_talk(user: User, policy: Policy, state: State) -> None:
    doctor = a_doctor(oksana(), insurer=policy.insurer) if state in (State.CALLING, State.UNANSWERED) else None
    made = a_consultation(user, policy, state, doctor=doctor)
    sends(insured_browser(user), page_of(made))
    assert (state_of(made), made.ended_at, made.rendered_at) == (State.CANCELLED, NOW, None)
    step = ConsultationStep.objects.get()
    assert (step.kind, step.by, step.detail) == (Event.CANCEL, user, {"clause": "TM-40"})
    assert not RenderedConsultation.objects.exists()


@pytest.mark.parametrize("state", [State.TALKING, State.TALKED, State.CANCELLED, State.NOT_REACHED])
def test_what_has_begun_or_is_over_stays(user: User, policy: Policy, state: State) -> None:
    made = a_consultation(user, policy, state, doctor=a_doctor(oksana(), insurer=policy.insurer))
    browser = insured_browser(user)
    assert browser.get(page_of(made)).headers["Location"] == made.get_absolute_url()
    assert sends(browser, page_of(made)).headers["Location"] == made.get_absolute_url()
    assert cancel(consultation=made, by=user, now=NOW, warned=True) is None
    assert state_of(made) == state
    assert not ConsultationStep.objects.exists()


# ── Booked ───────────────────────────────────────────────────────────────────
def test_v18_at_the_last_second_it_is_free(user: User, booking: Consultation) -> None:
    sends(insured_browser(user), page_of(booking))
    assert state_of(booking) == State.CANCELLED


def test_v18_a_second_later_it_is_warned_of_and_counts_as_rendered(
    user: User, policy: Policy, booking: Consultation, clock: Traveller
) -> None:
    User.objects.update(language="en")
    clock.shift(1)
    browser = insured_browser(user)
    assert "counts as rendered" in browser.get(page_of(booking)).text
    sends(browser, page_of(booking), {"warned": "yes"})
    assert (state_of(booking), booking.rendered_at) == (State.CANCELLED_LATE, NOW + SECOND)
    rendered = RenderedConsultation.objects.get()
    assert (rendered.policy, rendered.reference, rendered.how) == (policy, booking.public_id, "cancelled_late")


def test_a_page_that_was_read_too_long_warns_before_it_costs(
    user: User, booking: Consultation, clock: Traveller
) -> None:
    """TM-41: drawn in time, sent a second too late."""
    browser = insured_browser(user)
    browser.get(page_of(booking))
    clock.shift(1)
    answer = sends(browser, page_of(booking))
    assert answer.status_code == 200
    assert 'name="warned"' in answer.text
    assert state_of(booking) == State.BOOKED
    with pytest.raises(LateNow):
        cancel(consultation=booking, by=user, now=NOW + SECOND, warned=False)


def test_by_telephone_the_time_of_the_call_decides(booking: Consultation) -> None:
    """TM-40: staff write it down later than it was said."""
    later, said = NOW + timedelta(hours=2), NOW - SECOND
    cancel(consultation=booking, by=None, now=later, warned=False, asked_at=said, reason="by telephone")
    assert state_of(booking) == State.CANCELLED
    step = ConsultationStep.objects.get()
    assert datetime.fromisoformat(step.detail["asked_at"]) == said
    assert (step.at, step.reason) == (later, "by telephone")


def test_who_paid_by_the_list_has_no_ledger(user: User, booking: Consultation, clock: Traveller) -> None:
    Consultation.objects.update(policy=None, price=5000)
    clock.shift(1)
    assert "5\N{NO-BREAK SPACE}000" in insured_browser(user).get(page_of(booking)).text
    sends(insured_browser(user), page_of(booking), {"warned": "yes"})
    assert state_of(booking) == State.CANCELLED_LATE
    assert not RenderedConsultation.objects.exists()


def test_a_booking_that_is_not_paid_is_free_at_any_time(user: User, booking: Consultation, clock: Traveller) -> None:
    Consultation.objects.update(state=State.UNPAID)
    clock.shift(timedelta(hours=23))
    sends(insured_browser(user), page_of(booking))
    assert state_of(booking) == State.CANCELLED


def test_a_stranger_cancels_nothing(booking: Consultation) -> None:
    browser = insured_browser(dana())
    assert browser.get(page_of(booking)).status_code == sends(browser, page_of(booking)).status_code == 404
    assert state_of(booking) == State.BOOKED
