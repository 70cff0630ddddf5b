"""A coordinator notes that a request was paid, and it queues; nobody else does, and nothing of the illness is read."""

from datetime import timedelta

import pytest
from django.utils import translation

from core.models import AuditEvent
from notices.models import Notice
from notices.services.wording import word
from policies.rules import StaffRole
from telemed.models import Consultation, ConsultationStep
from telemed.rules import Event, State
from telemed.services.payments import mark_paid
from tests.factories import an_insurer
from tests.forms import sends
from tests.people import a_member, aigul, staff_browser, yerlan, zarina
from tests.telemed.factories import NOW, a_booking, a_consultation, a_patient, a_specialist

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LIST = "/assistance/payments/"


@pytest.fixture
def unpaid() -> Consultation:
    user = aigul()
    return a_consultation(user, a_patient(user), State.UNPAID, price=5000, queued_at=None)


def page_of(consultation: Consultation) -> str:
    return f"{LIST}{consultation.public_id}/"


def test_the_coordinator_finds_the_request_and_notes_the_payment(unpaid: Consultation) -> None:
    coordinator = zarina(unpaid.insurer)
    browser = staff_browser(coordinator)
    listed = browser.get(LIST).text
    assert unpaid.number in listed
    assert unpaid.complaint not in listed + browser.get(page_of(unpaid)).text
    assert sends(browser, page_of(unpaid), {"reference": "Kaspi 117"}).headers["Location"] == LIST
    unpaid.refresh_from_db()
    assert (unpaid.state, unpaid.queued_at, unpaid.payment_reference) == (State.WAITING, NOW, "Kaspi 117")
    step, event = ConsultationStep.objects.get(), AuditEvent.objects.get(verb="marked a consultation as paid")
    assert (step.kind, step.by, event.actor, event.detail) == (
        Event.QUEUE, coordinator, coordinator, {"reference": "Kaspi 117"},
    )  # fmt: skip
    assert unpaid.number not in browser.get(LIST).text


def test_without_a_reference_nothing_is_noted(unpaid: Consultation) -> None:
    assert sends(staff_browser(zarina(unpaid.insurer)), page_of(unpaid), {"reference": " "}).status_code == 200
    unpaid.refresh_from_db()
    assert unpaid.state == State.UNPAID


def test_what_was_paid_meanwhile_is_not_paid_again(unpaid: Consultation) -> None:
    coordinator = zarina(unpaid.insurer)
    assert mark_paid(consultation=unpaid, reference="first", by=coordinator, now=NOW)
    assert not mark_paid(consultation=unpaid, reference="second", by=coordinator, now=NOW)
    assert sends(staff_browser(coordinator), page_of(unpaid), {"reference": "third"}).headers["Location"] == LIST
    unpaid.refresh_from_db()
    assert unpaid.payment_reference == "first"


def test_a_booking_that_is_paid_is_booked() -> None:
    user = aigul()
    policy = a_patient(user)
    booking = a_booking(user, policy, a_specialist(yerlan()), NOW, state=State.UNPAID, price=8000)
    mark_paid(consultation=booking, reference="117", by=zarina(policy.insurer), now=NOW)
    booking.refresh_from_db()
    assert (booking.state, booking.queued_at) == (State.BOOKED, None)


@pytest.mark.parametrize("is_booked", [False, True], ids=["urgent", "booked"])
def test_who_has_paid_is_told_by_letter_and_by_sms_and_nothing_of_the_illness(is_booked: bool) -> None:
    user = aigul()
    policy = a_patient(user)
    unpaid = (
        a_booking(user, policy, a_specialist(yerlan()), NOW + timedelta(days=3), state=State.UNPAID, price=8000)
        if is_booked else a_consultation(user, policy, State.UNPAID, price=5000, queued_at=None)
    )  # fmt: skip
    mark_paid(consultation=unpaid, reference="117", by=zarina(policy.insurer), now=NOW)
    told = Notice.objects.filter(kind="consultation_booked" if is_booked else "payment_noted")
    assert {notice.channel: notice.to for notice in told} == {"email": user.email, "sms": unpaid.phone}
    for notice in told:
        for language in ("kk", "ru", "en"):
            notice.language = language
            message = word(notice)
            with translation.override(language):
                private = {unpaid.complaint, unpaid.get_speciality_display(), unpaid.get_service_display()}
            assert not [words for words in private if words.lower() in (message.subject + message.text).lower()]


@pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.COORDINATOR])
def test_other_roles_do_not_note_payments(unpaid: Consultation, role: StaffRole) -> None:
    browser = staff_browser(a_member(role, unpaid.insurer, "other@example.kz"))
    assert browser.get(LIST).status_code == 403
    assert sends(browser, page_of(unpaid), {"reference": "117"}).status_code == 403


def test_another_insurers_coordinator_finds_nothing(unpaid: Consultation) -> None:
    browser = staff_browser(zarina(an_insurer("sogaz")))
    assert unpaid.number not in browser.get(LIST).text
    assert sends(browser, page_of(unpaid), {"reference": "117"}).status_code == 404
