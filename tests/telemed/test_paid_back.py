"""What was paid for nothing is paid back once, in full, by a coordinator who has not decided it; the patient is told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from accounts.models import User
from core.models import AuditEvent
from core.money import Money
from notices.models import Notice
from policies.models import Policy
from policies.rules import StaffRole
from telemed.models import Consultation, ConsultationStep, PaidBack
from telemed.rules import Event, OwedFor, State, Verdict, WrongMoment, may_be_paid_on, owed_for
from telemed.services.cancel import cancel
from telemed.services.payments import NotThatDay, SamePerson, mark_paid_back
from telemed.services.quality import answer_claim, file_claim
from tests.factories import an_insurer
from tests.forms import sends
from tests.people import a_member, aigul, insured_browser, staff_browser, zarina
from tests.telemed.after import a_talk, sent
from tests.telemed.factories import NOW, a_consultation, a_patient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LIST, TODAY = "/assistance/payments/", date(2026, 11, 21)
DAY = timedelta(days=1)


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    return a_patient(user)


@pytest.fixture
def owed(user: User, policy: Policy) -> Consultation:
    """Paid for, and called off before any doctor called."""
    made = a_consultation(user, policy, State.WAITING, price=5000, payment_reference="Kaspi 117")
    cancel(consultation=made, by=user, now=NOW, warned=False)
    made.refresh_from_db()
    return made


@pytest.fixture
def coordinator(policy: Policy) -> User:
    return zarina(policy.insurer)


def page_of(consultation: Consultation) -> str:
    return f"{LIST}{consultation.public_id}/back/"


def english(browser: Client) -> Client:
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def pays_back(consultation: Consultation, by: User, paid_on: date = TODAY) -> PaidBack:
    return mark_paid_back(consultation=consultation, reference="Kaspi 118", paid_on=paid_on, by=by, now=NOW)


# ── What is owed ─────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("state", "is_paid", "reason"),
    [
        (State.CANCELLED, True, OwedFor.CANCELLED), (State.UPHELD, True, OwedFor.UPHELD),
        (State.CANCELLED, False, None), (State.CANCELLED_LATE, True, None), (State.REJECTED, True, None),
        (State.DISPUTED, True, None), (State.ACCEPTED, True, None), (State.NOT_REACHED, True, None),
    ],
)  # fmt: skip
def test_what_is_owed_and_why(state: State, is_paid: bool, reason: OwedFor | None) -> None:
    assert owed_for(state, is_paid=is_paid) == reason


@pytest.mark.parametrize(
    ("day", "may"), [(TODAY - DAY, False), (TODAY, True), (TODAY + DAY, True), (TODAY + 2 * DAY, False)]
)
def test_the_bank_paid_no_earlier_than_it_was_owed_and_not_tomorrow(day: date, may: bool) -> None:
    assert may_be_paid_on(day, owed_since=TODAY, today=TODAY + DAY) is may


# ── Noted ────────────────────────────────────────────────────────────────────
def test_the_coordinator_finds_what_is_owed_and_notes_the_payment(owed: Consultation, coordinator: User) -> None:
    browser = english(staff_browser(coordinator))
    assert owed.number in browser.get(LIST).text
    shown = browser.get(page_of(owed)).text
    assert "Kaspi 117" in shown
    assert owed.complaint not in shown
    sent_form = sends(browser, page_of(owed), {"reference": "Kaspi 118", "paid_on": "21.11.2026"})
    assert sent_form.headers["Location"] == LIST
    row = PaidBack.objects.get()
    assert (row.money, row.reason, row.decided_by, row.reference, row.paid_on, row.by, row.at) == (
        Money(Decimal(5000), "KZT"), OwedFor.CANCELLED, None, "Kaspi 118", TODAY, coordinator, NOW,
    )  # fmt: skip
    listed = browser.get(LIST).text
    assert "Nothing is owed" in listed
    assert "Kaspi 118" in listed


def test_its_history_and_the_audit_trail_say_who_noted_what(owed: Consultation, coordinator: User) -> None:
    pays_back(owed, coordinator)
    step, event = (
        ConsultationStep.objects.get(kind=Event.PAY_BACK),
        AuditEvent.objects.get(verb="noted that money was paid back"),
    )
    assert (step.by, step.at, event.actor) == (coordinator, NOW, coordinator)
    assert event.detail == {
        "reference": "Kaspi 118", "paid_on": "2026-11-21", "amount": "5000.00", "currency": "KZT", "owed_for": "cancelled",
    }  # fmt: skip


def test_it_is_noted_once(owed: Consultation, coordinator: User) -> None:
    pays_back(owed, coordinator)
    with pytest.raises(WrongMoment):
        pays_back(owed, coordinator)
    answer = sends(staff_browser(coordinator), page_of(owed), {"reference": "again", "paid_on": "21.11.2026"})
    assert answer.headers["Location"] == LIST
    assert PaidBack.objects.get().reference == "Kaspi 118"


def test_the_database_holds_that_it_is_paid_back_once(owed: Consultation, coordinator: User) -> None:
    """The control of the lock: without it, the second row is refused all the same."""
    row = {
        "consultation": owed,
        "amount": 5000,
        "currency": "KZT",
        "reason": "cancelled",
        "reference": "x",
        "paid_on": TODAY,
    }
    PaidBack.objects.create(**row, by=coordinator, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaidBack.objects.create(**row, by=coordinator, at=NOW)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reference": " ", "paid_on": "21.11.2026"}, 'aria-invalid="true"'),
        ({"reference": "Kaspi 118", "paid_on": "31.02.2026"}, "Enter a valid date."),
        ({"reference": "Kaspi 118", "paid_on": "20.11.2026"}, "The day is not before the money was owed"),
        ({"reference": "Kaspi 118", "paid_on": "22.11.2026"}, "The day is not before the money was owed"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_lost(
    owed: Consultation, coordinator: User, typed: dict[str, str], words: str
) -> None:
    answer = sends(english(staff_browser(coordinator)), page_of(owed), typed)
    assert words in answer.text
    assert f'value="{typed["paid_on"]}"' in answer.text
    assert not PaidBack.objects.exists()


def test_the_service_refuses_the_day_too(owed: Consultation, coordinator: User) -> None:
    for day in (TODAY - DAY, TODAY + DAY):
        with pytest.raises(NotThatDay):
            pays_back(owed, coordinator, day)


def test_what_is_not_owed_is_not_paid_back(user: User, policy: Policy, coordinator: User) -> None:
    late = a_consultation(user, policy, State.CANCELLED_LATE, price=5000, payment_reference="Kaspi 117", ended_at=NOW)
    with pytest.raises(WrongMoment):
        pays_back(late, coordinator)
    assert staff_browser(coordinator).get(page_of(late)).headers["Location"] == LIST


def test_a_row_is_never_changed(owed: Consultation, coordinator: User) -> None:
    pays_back(owed, coordinator)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        PaidBack.objects.update(amount=1)


# ── The patient ──────────────────────────────────────────────────────────────
def test_the_patient_is_told_by_letter_and_sms_and_reads_it(owed: Consultation, coordinator: User) -> None:
    User.objects.update(language="en")
    browser = insured_browser(owed.asked_by)
    assert "the money is paid back to you in full" in browser.get(owed.get_absolute_url()).text
    pays_back(owed, coordinator)
    told = Notice.objects.filter(kind="paid_back")
    assert {notice.channel for notice in told} == {"email", "sms"}
    shown = browser.get(owed.get_absolute_url()).text
    assert "What you paid for it was paid back" in shown
    assert "Kaspi 118" in shown
    assert "the money is paid back to you in full" not in shown


# ── A second person, where somebody decided it ───────────────────────────────
def upheld(by: User) -> Consultation:
    paid = a_talk(price=5000, payment_reference="Kaspi 117")
    Consultation.objects.update(policy=None)
    paid.refresh_from_db()
    sent(paid)
    claim = file_claim(consultation=paid, text="Врач торопился", by=paid.asked_by, now=NOW)
    answer_claim(claim=claim, verdict=Verdict.UPHELD, text="Вы правы", by=by, now=NOW)
    paid.refresh_from_db()
    return paid


@pytest.fixture
def decided() -> Consultation:
    return upheld(a_member(StaffRole.COORDINATOR, an_insurer("nomad-life"), "decides@example.kz"))


def test_whoever_upheld_the_claim_does_not_note_the_payment(decided: Consultation) -> None:
    decider = User.objects.get(email="decides@example.kz")
    browser = english(staff_browser(decider))
    assert "Another person notes it" in browser.get(page_of(decided)).text
    with pytest.raises(SamePerson):
        pays_back(decided, decider)
    answer = sends(browser, page_of(decided), {"reference": "Kaspi 118", "paid_on": "21.11.2026"})
    assert "another coordinator notes" in answer.text
    assert not PaidBack.objects.exists()


def test_a_second_coordinator_does(decided: Consultation) -> None:
    row = pays_back(decided, zarina(decided.insurer))
    assert row.decided_by
    assert (row.reason, row.decided_by.email) == (OwedFor.UPHELD, "decides@example.kz")


def test_the_database_knows_of_the_second_person(decided: Consultation) -> None:
    decider = User.objects.get(email="decides@example.kz")
    with pytest.raises(IntegrityError, match="paid_back_by_a_second_person"), transaction.atomic():
        PaidBack.objects.create(
            consultation=decided, amount=5000, currency="KZT", reason="upheld", decided_by=decider, reference="x",
            paid_on=TODAY, by=decider, at=NOW,
        )  # fmt: skip


# ── Who may ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.COORDINATOR])
def test_other_roles_note_nothing(owed: Consultation, role: StaffRole) -> None:
    browser = staff_browser(a_member(role, owed.insurer, "other@example.kz"))
    assert sends(browser, page_of(owed), {"reference": "118", "paid_on": "21.11.2026"}).status_code == 403


def test_another_insurers_coordinator_finds_nothing(owed: Consultation) -> None:
    browser = staff_browser(zarina(an_insurer("sogaz")))
    assert owed.number not in browser.get(LIST).text
    assert sends(browser, page_of(owed), {"reference": "118", "paid_on": "21.11.2026"}).status_code == 404
