"""A coordinator notes that a request was paid, and it queues; nobody else does, and nothing of the illness is read."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.models import User
from core.models import AuditEvent
from core.money import Money, format_money
from notices.models import Notice
from notices.services.wording import word
from policies.rules import StaffRole
from telemed.models import Consultation, ConsultationStep
from telemed.rules import Event, State
from telemed.services.cancel import cancel
from telemed.services.payments import mark_paid
from telemed.services.queue import put_back
from tests.factories import an_insurer
from tests.forms import sends
from tests.people import a_member, aigul, insured_browser, oksana, staff_browser, yerlan, zarina
from tests.telemed.factories import NOW, a_booking, a_consultation, a_patient, a_specialist, on_duty

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


# ── Paid for nothing ─────────────────────────────────────────────────────────
def called_off_by_a_failure_of_ours() -> Consultation:
    """Who asked anew while they talked, and paid for it; then the first talk broke off and came back."""
    user = aigul()
    policy = a_patient(user)
    first = a_consultation(user, policy, State.TALKING, doctor=on_duty(oksana(), insurer=policy.insurer))
    newer = a_consultation(user, policy, State.WAITING, price=5000, payment_reference="Kaspi 117")
    put_back(consultation=first, by=None, now=NOW, reason="our network")
    newer.refresh_from_db()
    return newer


def test_who_has_paid_for_what_a_failure_of_ours_called_off_reads_that_it_is_paid_back_and_whom_to_call() -> None:
    newer = called_off_by_a_failure_of_ours()
    User.objects.update(language="en")
    page = insured_browser(newer.asked_by).get(newer.get_absolute_url()).text
    assert newer.state == State.CANCELLED
    assert "Nothing is to be paid" not in page
    assert "the money is paid back to you in full" in page
    card = page.partition('id="cancelled"')[2].partition("</section>")[0]
    assert [
        words
        for words in (format_money(newer.cost), "Kaspi 117", newer.number, "Your earlier request is back")
        if words not in card
    ] == []
    assert 'class="tel"' in card or "Call the number on your card" in card


def test_they_are_told_by_letter_and_by_sms_too() -> None:
    newer = called_off_by_a_failure_of_ours()
    told = Notice.objects.filter(kind="payment_owed_back")
    assert {notice.channel for notice in told} == {"email", "sms"}
    for notice in told:
        message = word(notice)
        assert newer.number in message.text
        assert "терапевт" not in message.text


@pytest.mark.parametrize("is_booked", [False, True], ids=["urgent", "booked"])
def test_whoever_calls_off_in_time_what_they_have_paid_gets_it_back(is_booked: bool) -> None:
    user = aigul()
    policy = a_patient(user)
    paid = {"price": 5000, "payment_reference": "Kaspi 117"}
    made = (
        a_booking(user, policy, a_specialist(yerlan()), NOW + timedelta(days=3), **paid)
        if is_booked else a_consultation(user, policy, State.WAITING, **paid)
    )  # fmt: skip
    cancel(consultation=made, by=user, now=NOW, warned=False)
    made.refresh_from_db()
    assert made.owed_back == Money(Decimal(5000), "KZT")
    assert Notice.objects.filter(kind="payment_owed_back").count() == 2
    letter = Notice.objects.filter(kind="consultation_cancelled", channel="email").first()
    assert (letter is not None) == is_booked
    assert letter is None or letter.context["is_owed_back"]


def test_too_late_it_stays_paid_and_what_was_not_paid_owes_nobody_anything() -> None:
    user = aigul()
    policy, doctor = a_patient(user), a_specialist(yerlan())
    late = a_booking(user, policy, doctor, NOW + timedelta(hours=20), price=5000, payment_reference="Kaspi 117")
    unpaid = a_consultation(user, policy, State.UNPAID, price=5000, queued_at=None)
    for one in (late, unpaid):
        cancel(consultation=one, by=user, now=NOW, warned=True)
        one.refresh_from_db()
    assert (late.state, late.owed_back) == (State.CANCELLED_LATE, None)
    assert (unpaid.state, unpaid.owed_back) == (State.CANCELLED, None)
    assert not Notice.objects.filter(kind="payment_owed_back").exists()
    User.objects.update(language="en")
    browser = insured_browser(user)
    assert "are not paid back" in browser.get(late.get_absolute_url()).text
    assert "Nothing is to be paid." in browser.get(unpaid.get_absolute_url()).text


def test_a_coordinator_whom_they_call_finds_what_is_to_be_paid_back() -> None:
    newer = called_off_by_a_failure_of_ours()
    page = staff_browser(zarina(newer.insurer)).get("/assistance/requests/").text
    line = page.partition(newer.number)[2].partition("</tr>")[0]
    assert "Kaspi 117" in line
