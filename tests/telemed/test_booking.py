"""A talk for a chosen time: booked, moved, called off, held for its payment; what is told and when."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from icalendar import Calendar

from accounts.models import User
from notices.gateways.attachments import contents
from notices.models import Notice
from notices.rules import Attachment
from notices.services.wording import word
from policies.models import Insurer, Person, Policy, RenderedConsultation
from policies.rules import Service
from telemed.models import Absence, Consultation, ConsultationStep, Doctor, Hours
from telemed.queries.slots import free_times, nearest_times, slot_at
from telemed.rules import Event, Speciality, State, WrongMoment
from telemed.rules.slots import instant
from telemed.services.booking import AlreadyThen, NotToBeHad, Taken, assign, book, free_unpaid, move_booking
from telemed.services.cancel import LateNow, cancel
from telemed.services.payments import mark_paid
from tests.accounts.sms import OTHER
from tests.factories import a_borrower, another_insurer
from tests.people import aigul, dana, oksana, yerlan
from tests.queries import statements
from tests.telemed.factories import (
    NOW,
    a_booking,
    a_consultation,
    a_covered_patient,
    a_doctor,
    a_specialist,
    a_wish,
    an_organisation,
    open_hours,
)

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 11, 24, 5, tzinfo=UTC)  # 10:00 in Almaty
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    return a_covered_patient(user)


@pytest.fixture
def doctor(policy: Policy) -> Doctor:
    doctor = a_specialist(yerlan(), insurer=policy.insurer)
    open_hours(doctor)
    return doctor


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.values_list("kind", "channel"))


def uncovered(policy: Policy) -> None:
    """From here on the price list answers."""
    Policy.objects.filter(pk=policy.pk).update(
        cover_starts_on=date(2025, 1, 1), cover_ends_on=date(2025, 12, 31), signed_on=date(2025, 1, 1)
    )


# ── Booked ───────────────────────────────────────────────────────────────────
def test_what_is_covered_is_booked_in_one_statement(user: User, policy: Policy, doctor: Doctor) -> None:
    wish = a_wish(user, policy, doctor, TUESDAY)
    with statements() as made:
        consultation = book(wish=wish, by=user, now=NOW)
    assert len(made) == 1
    kept = Consultation.objects.get()
    assert (kept.pk, kept.state, kept.starts_at, kept.ends_at) == (
        consultation.pk, State.BOOKED, TUESDAY, TUESDAY + timedelta(minutes=30),
    )  # fmt: skip
    assert (kept.doctor, kept.consultant, kept.policy, kept.price) == (doctor, doctor.user, policy, 0)
    assert (kept.service, kept.speciality, kept.complaint) == (
        Service.SPECIALIST, Speciality.CARDIOLOGIST, "Третий день болит голова",
    )  # fmt: skip
    step = ConsultationStep.objects.get()
    assert (step.consultation, step.kind, step.at, step.by) == (kept, Event.BOOK, NOW, user)


def test_the_same_form_twice_is_one_booking(user: User, policy: Policy, doctor: Doctor) -> None:
    first = book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)
    assert book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW) == first
    assert len(told()) == 4


def test_a_time_has_one_patient(user: User, policy: Policy, doctor: Doctor) -> None:
    book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)
    other = dana()
    others = a_covered_patient(other, a_borrower("NL-2"), phone=OTHER)
    with pytest.raises(Taken):
        book(wish=a_wish(other, others, doctor, TUESDAY), by=other, now=NOW)
    assert Consultation.objects.count() == ConsultationStep.objects.count() == 1
    assert len(told()) == 4  # nothing is told of what was not booked


def test_a_doctor_of_two_organisations_is_one_human(user: User, policy: Policy, doctor: Doctor) -> None:
    elsewhere = an_organisation(policy.insurer, slug="other")
    twin = Doctor.objects.get(pk=doctor.pk)
    twin.pk, twin.public_id, twin.slug, twin.organisation = None, policy.public_id, "twin", elsewhere
    twin._state.adding = True
    twin.save()
    open_hours(twin)
    book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)
    other = dana()
    others = a_covered_patient(other, a_borrower("NL-2"), phone=OTHER)
    with pytest.raises(Taken):
        book(wish=a_wish(other, others, twin, TUESDAY), by=other, now=NOW)
    day = TUESDAY.date()
    free = free_times(
        Doctor.objects.all(), service=Service.SPECIALIST, first=day, last=day, zone=policy.insurer.zone, now=NOW
    )
    assert {len(times) for times in free.values()} == {13}  # of 14: neither offers ten o'clock
    book(wish=a_wish(other, others, twin, TUESDAY + timedelta(minutes=30)), by=other, now=NOW)  # control


def test_a_patient_has_one_talk_at_a_time(user: User, policy: Policy, doctor: Doctor) -> None:
    first = book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)
    other = a_doctor(oksana(), insurer=policy.insurer)
    with pytest.raises(AlreadyThen) as already:
        book(wish=a_wish(user, policy, other, TUESDAY), by=user, now=NOW)
    assert already.value.consultation == first
    close_one = {"close_one": "Садыкова Сауле", "close_one_born": date(1940, 1, 1)}
    book(wish=a_wish(user, policy, other, TUESDAY, **close_one), by=user, now=NOW)  # control: it is another patient


# ── What is told ─────────────────────────────────────────────────────────────
def test_an_sms_a_letter_and_two_reminders_wait_in_the_outbox(user: User, policy: Policy, doctor: Doctor) -> None:
    book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)
    assert told() == [
        ("consultation_booked", "email"), ("consultation_booked", "sms"),
        ("consultation_soon", "sms"), ("consultation_tomorrow", "sms"),
    ]  # fmt: skip
    due = dict(Notice.objects.values_list("kind", "next_try_at"))
    assert due["consultation_tomorrow"] == TUESDAY - timedelta(hours=26)
    assert due["consultation_soon"] == TUESDAY - timedelta(minutes=10)


@pytest.mark.parametrize(
    ("ahead", "reminders"),
    [(timedelta(hours=26) + SECOND, 2), (timedelta(hours=26), 1), (timedelta(minutes=15), 1)],
)
def test_a_reminder_whose_hour_has_passed_is_not_written(
    user: User, policy: Policy, doctor: Doctor, ahead: timedelta, reminders: int
) -> None:
    book(wish=a_wish(user, policy, doctor, NOW + ahead), by=user, now=NOW)
    assert len(told()) == 2 + reminders


def attached(letter: Notice) -> list[Attachment]:
    return [Attachment(**facts) for facts in letter.attachments]


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_no_message_tells_the_speciality_the_doctor_or_the_complaint(
    user: User, policy: Policy, doctor: Doctor, language: str
) -> None:
    user.language = language
    consultation = book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)
    move_booking(
        consultation=consultation, wish=a_wish(user, policy, doctor, TUESDAY + DAY), by=user, now=NOW, warned=False
    )  # fmt: skip
    cancel(consultation=consultation, by=user, now=NOW, warned=False)
    for notice in Notice.objects.all():
        message = word(notice)
        entry = (
            Calendar.from_ical(b"".join(content for _name, content in contents(attached(notice))))
            if notice.attachments
            else ""
        )
        words = f"{message.subject} {message.text} {message.html} {entry}".lower()
        assert not [
            word for word in ("кардиолог", "cardiolog", "оспанов", "болит", "specialist", "маман") if word in words
        ]
        assert "10:00" in words
        if notice.channel == "sms":
            assert len(message.text) <= 134, message.text  # two parts of Cyrillic


def test_the_calendar_entry_is_updated_and_taken_out(user: User, policy: Policy, doctor: Doctor) -> None:
    consultation = book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)
    letters = [Notice.objects.get(channel="email")]
    later = a_wish(user, policy, doctor, TUESDAY + DAY)
    consultation = move_booking(consultation=consultation, wish=later, by=user, now=NOW, warned=False)
    letters.append(Notice.objects.get(channel="email"))
    cancel(consultation=consultation, by=user, now=NOW, warned=False)
    letters.append(Notice.objects.get(channel="email"))
    calendars = [Calendar.from_ical(content) for letter in letters for _name, content in contents(attached(letter))]
    entries = [calendar.walk("VEVENT")[0] for calendar in calendars]
    assert [str(calendar["METHOD"]) for calendar in calendars] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [str(entry["SEQUENCE"]) for entry in entries] == ["0", "1", "2"]
    assert len({str(entry["UID"]) for entry in entries}) == 1
    assert [entry["DTSTART"].dt for entry in entries] == [TUESDAY, TUESDAY + DAY, TUESDAY + DAY]


# ── Moved ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("before", "is_free"), [(DAY, True), (DAY - SECOND, False)])
def test_v18_a_booking_is_moved_free_until_the_second_a_day_before(
    user: User, policy: Policy, doctor: Doctor, before: timedelta, is_free: bool
) -> None:
    consultation = book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)
    later, at = a_wish(user, policy, doctor, TUESDAY + DAY), TUESDAY - before
    if not is_free:
        with pytest.raises(LateNow):
            move_booking(consultation=consultation, wish=later, by=user, now=at, warned=False)
    moved = move_booking(consultation=consultation, wish=later, by=user, now=at, warned=True)
    consultation.refresh_from_db()
    assert (moved == consultation) == is_free
    assert consultation.state == (State.BOOKED if is_free else State.CANCELLED_LATE)
    assert RenderedConsultation.objects.count() == (0 if is_free else 1)
    assert (moved.starts_at, moved.state) == (TUESDAY + DAY, State.BOOKED)


def test_what_was_to_be_told_of_the_old_time_is_taken_back_together(user: User, policy: Policy, doctor: Doctor) -> None:
    consultation = book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)
    Notice.objects.filter(channel="sms", kind="consultation_booked").update(state="sent", answer="accepted")
    later = a_wish(user, policy, doctor, TUESDAY + DAY)
    move_booking(consultation=consultation, wish=later, by=user, now=NOW, warned=False)
    assert told() == [
        ("consultation_booked", "sms"),  # it has left
        ("consultation_moved", "email"), ("consultation_moved", "sms"),
        ("consultation_soon", "sms"), ("consultation_tomorrow", "sms"),
    ]  # fmt: skip
    assert Notice.objects.get(kind="consultation_soon").next_try_at == TUESDAY + DAY - timedelta(minutes=10)
    cancel(consultation=consultation, by=user, now=NOW, warned=False)
    assert told() == [
        ("consultation_booked", "sms"), ("consultation_cancelled", "email"), ("consultation_cancelled", "sms")
    ]  # fmt: skip


def test_a_move_to_a_taken_time_changes_nothing(user: User, policy: Policy, doctor: Doctor) -> None:
    consultation = book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)
    other = dana()
    others = a_covered_patient(other, a_borrower("NL-2"), phone=OTHER)
    book(wish=a_wish(other, others, doctor, TUESDAY + DAY), by=other, now=NOW)
    before = told()
    for now in (NOW, TUESDAY - timedelta(hours=1)):  # free, and late
        with pytest.raises(Taken), transaction.atomic():
            move_booking(
                consultation=consultation, wish=a_wish(user, policy, doctor, TUESDAY + DAY), by=user, now=now, warned=True
            )  # fmt: skip
    consultation.refresh_from_db()
    assert (consultation.state, consultation.starts_at, consultation.moves) == (State.BOOKED, TUESDAY, 0)
    assert told() == before


def test_what_is_over_is_not_moved(user: User, policy: Policy, doctor: Doctor) -> None:
    consultation = a_booking(user, policy, doctor, TUESDAY, state=State.CANCELLED)
    with pytest.raises(WrongMoment):
        move_booking(
            consultation=consultation, wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW, warned=True
        )  # fmt: skip


# ── Assigned, paid ───────────────────────────────────────────────────────────
def test_the_duty_doctor_books_for_the_patient_of_the_talk(user: User, policy: Policy, doctor: Doctor) -> None:
    duty = a_doctor(oksana(), insurer=policy.insurer)
    talk = a_consultation(user, policy, State.TALKING, doctor=duty, complaint="Сердце", language="kk")
    wish = a_wish(user, policy, doctor, TUESDAY)
    booked = assign(talk=talk, doctor=doctor, slot=wish.slot, cover=wish.cover, by=duty.user, now=NOW)
    assert (booked.asked_by, booked.patient, booked.complaint, booked.language) == (
        user,
        policy.insured,
        "Сердце",
        "kk",
    )
    assert ConsultationStep.objects.get(consultation=booked).by == duty.user


def test_what_is_not_covered_is_held_for_its_payment_and_then_freed(user: User, policy: Policy, doctor: Doctor) -> None:
    uncovered(policy)
    consultation = book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)
    assert (consultation.state, consultation.price, consultation.policy) == (State.UNPAID, 5000, None)
    assert told() == []
    two_hours = timedelta(hours=2)
    assert free_unpaid(now=NOW + two_hours - SECOND) == 0
    assert free_unpaid(now=NOW + two_hours) == 1
    assert free_unpaid(now=NOW + two_hours) == 0
    consultation.refresh_from_db()
    assert consultation.state == State.CANCELLED
    book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)  # the time is free again


def test_the_patient_is_told_when_it_is_paid(user: User, policy: Policy, doctor: Doctor) -> None:
    uncovered(policy)
    consultation = book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)
    assert mark_paid(consultation=consultation, reference="П-1", by=user, now=NOW)
    assert len(told()) == 4
    assert free_unpaid(now=NOW + timedelta(hours=3)) == 0


def test_what_no_price_buys_is_not_booked(user: User, policy: Policy, doctor: Doctor) -> None:
    uncovered(policy)
    Insurer.objects.update(price_list={})
    policy.insured = Person.objects.get()
    with pytest.raises(NotToBeHad):
        book(wish=a_wish(user, policy, doctor, TUESDAY), by=user, now=NOW)


# ── What is offered ──────────────────────────────────────────────────────────
def test_a_month_costs_two_statements_however_many_doctors(policy: Policy, doctor: Doctor) -> None:
    a_specialist(oksana(), insurer=policy.insurer, slug="second")
    with statements() as made:
        nearest = nearest_times(Doctor.objects.all(), service=Service.SPECIALIST, zone=policy.insurer.zone, now=NOW)
    assert len(made) == 2
    monday = datetime(2026, 11, 23, 4, tzinfo=UTC)
    assert nearest == {doctor.pk: monday}


def test_an_absence_takes_its_times_away(policy: Policy, doctor: Doctor) -> None:
    Absence.objects.create(doctor=doctor, starts_at=TUESDAY, ends_at=TUESDAY + timedelta(hours=1))
    where: dict[str, Any] = {"insurer": policy.insurer, "service": Service.SPECIALIST, "now": NOW}
    half = timedelta(minutes=30)
    offered = [slot_at("ospanov", TUESDAY + n * half, **where) is not None for n in (-1, 0, 1, 2)]
    assert offered == [True, False, False, True]
    free = free_times(
        Doctor.objects.all(), service=Service.SPECIALIST, first=TUESDAY.date(), last=TUESDAY.date(),
        zone=policy.insurer.zone, now=NOW,
    )  # fmt: skip
    assert TUESDAY not in [instant(begins) for begins, _ends in free[doctor.pk]]
    assert len(free[doctor.pk]) == 12


def test_an_absence_that_begins_inside_a_time_takes_it_too(policy: Policy, doctor: Doctor) -> None:
    Absence.objects.create(
        doctor=doctor, starts_at=TUESDAY + timedelta(minutes=29), ends_at=TUESDAY + timedelta(hours=1)
    )
    assert not slot_at("ospanov", TUESDAY, insurer=policy.insurer, service=Service.SPECIALIST, now=NOW)


def test_a_time_is_offered_to_the_insurers_of_the_organisation_and_for_its_services(
    policy: Policy, doctor: Doctor
) -> None:
    asked: dict[str, Any] = {"insurer": policy.insurer, "service": Service.SPECIALIST, "now": NOW}
    assert slot_at("ospanov", TUESDAY, **asked)
    assert not slot_at("ospanov", TUESDAY, **(asked | {"insurer": another_insurer()}))
    assert not slot_at("ospanov", TUESDAY, **(asked | {"service": Service.DUTY_GP}))
    User.objects.filter(doctors=doctor).update(is_active=False)
    assert not slot_at("ospanov", TUESDAY, **asked)


def test_hours_of_a_doctor_never_overlap(doctor: Doctor) -> None:
    facts = {"doctor": doctor, "weekday": 0, "services": [Service.SPECIALIST], "since": date(2026, 12, 1)}
    with pytest.raises(IntegrityError, match="hours_of_a_doctor_never_overlap"), transaction.atomic():
        Hours.objects.create(opens=16 * 60, closes=18 * 60, **facts)
    Hours.objects.create(opens=17 * 60, closes=18 * 60, **facts)  # control: they begin where the others end
