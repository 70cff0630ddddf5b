"""Booking a talk for a chosen time: one winner of each time, by the constraints of the database."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from core.insert import insert_together
from core.rows.viewers import also
from core.uploads.rules import Collection
from core.uploads.services import hand_over_uploads
from policies.models import Person
from policies.rules import Cover
from telemed.models import Consultation, ConsultationStep, Doctor
from telemed.queries.section import cancellation_at
from telemed.rules import HOLDS_TIME, Event, State, WrongMoment
from telemed.rules.declared import Declared
from telemed.rules.slots import Span, held_until, instant
from telemed.services.cancel import cancel
from telemed.services.life import DESKS, lock, move
from telemed.services.messages import messages_of_booking, tell_moved, withdraw_messages


class Taken(Exception):
    """Somebody was quicker, or the doctor is elsewhere at that time."""


class AlreadyThen(Exception):
    """The patient has another talk at that time."""

    def __init__(self, consultation: Consultation) -> None:
        super().__init__(consultation.public_id)
        self.consultation = consultation

    def is_the_same_as(self, wanted: Consultation) -> bool:
        first = self.consultation
        return (first.doctor_id, first.starts_at) == (wanted.doctor_id, wanted.starts_at)


class NotToBeHad(Exception):
    """No cover and no price buys this service."""


@dataclass(frozen=True)
class Wish:
    """Who wants to talk with whom, when, about what. `slot` and `doctor` are of `queries.slots.slot_at`, the cover of the
    patient and the service."""

    doctor: Doctor
    slot: Span
    patient: Person
    cover: Cover
    declared: Declared
    asked_by: User


def book(*, wish: Wish, by: Any, now: datetime) -> Consultation:
    """One statement. Covered: booked, and the messages wait in the outbox. Else it is held for its payment until
    `rules.slots.held_until`. The same wish twice gives the first booking.

    Raise Taken, AlreadyThen or NotToBeHad.
    """
    consultation = _consultation(wish, now)
    then: list[Any] = []
    if wish.cover.is_covered:
        then.append(ConsultationStep(consultation=consultation, kind=Event.BOOK, at=now, by=by))
        then += messages_of_booking(consultation, "consultation_booked", now=now)
    if not insert_together(consultation, then, announced=[DESKS]):
        return _the_first(consultation)
    return consultation


@transaction.atomic
def book_with_files(*, wish: Wish, files: Collection, by: Any, now: datetime) -> Consultation:
    """`files`: what lies beside the form. As `book`, in four statements."""
    consultation = book(wish=wish, by=by, now=now)
    hand_over_uploads(of=files, into=consultation.files, now=now)
    return consultation


def assign(*, talk: Consultation, doctor: Doctor, slot: Span, cover: Cover, by: Any, now: datetime) -> Consultation:
    """KIH-17: the duty doctor books another doctor for the patient of `talk`, with what the patient declared there.

    Raise Taken, AlreadyThen or NotToBeHad.
    """
    wish = Wish(doctor, slot, talk.patient, cover, declared_of(talk), talk.asked_by)
    with also(attends=[talk.patient_id]):
        return book(wish=wish, by=by, now=now)


def declared_of(consultation: Consultation) -> Declared:
    return Declared(**{field.name: getattr(consultation, field.name) for field in fields(Declared)})


@transaction.atomic
def move_booking(*, consultation: Consultation, wish: Wish, by: Any, now: datetime, warned: bool) -> Consultation:
    """To another time; the wish repeats who and what about. Inside the last 24 hours that is a late cancellation, which
    counts as rendered, and a new booking (V18): `warned` says that this was read.

    Raise Taken, AlreadyThen, NotToBeHad, LateNow (nobody was warned) or WrongMoment.
    """
    consultation = lock(consultation)
    if consultation.state != State.BOOKED:
        raise WrongMoment(f"moving what is {consultation.state}")
    if not cancellation_at(consultation, now).is_free:
        cancel(consultation=consultation, by=by, now=now, warned=warned)
        return book(wish=wish, by=by, now=now)
    withdraw_messages(consultation)
    before = consultation.starts_at
    consultation.doctor, consultation.moves = wish.doctor, consultation.moves + 1
    consultation.starts_at, consultation.ends_at = map(instant, wish.slot)
    try:
        with transaction.atomic():
            move(consultation, Event.MOVE, by=by, now=now, before=before.isoformat() if before else "")
    except IntegrityError:
        raise _clash(consultation) from None
    tell_moved(consultation, now=now)
    return consultation


def free_unpaid(*, now: datetime) -> int:
    """Times that nobody has paid for while they were held. How many were given back."""
    waiting = Consultation.objects.filter(state=State.UNPAID, starts_at__isnull=False)
    return sum(_free(one, now) for one in waiting.order_by("pk").iterator())


@transaction.atomic
def _free(consultation: Consultation, now: datetime) -> bool:
    """A payment that is being marked is waited for."""
    consultation = lock(consultation)
    if consultation.state != State.UNPAID or not consultation.starts_at:
        return False
    if now < held_until(consultation.asked_at, consultation.starts_at):
        return False
    consultation.ended_at = now
    move(consultation, Event.CANCEL, by=None, now=now, reason=gettext_noop("not paid in time"))
    return True


def _consultation(wish: Wish, now: datetime) -> Consultation:
    """Not saved yet."""
    cover, doctor = wish.cover, wish.doctor
    if cover.price is None:
        raise NotToBeHad
    starts_at, ends_at = map(instant, wish.slot)
    return Consultation(
        insurer=wish.patient.insurer, patient=wish.patient, asked_by=wish.asked_by, asked_at=now,
        phone=str(wish.asked_by.phone or ""), service=cover.service, speciality=doctor.speciality, doctor=doctor,
        consultant_id=doctor.user_id, starts_at=starts_at, ends_at=ends_at,
        state=State.BOOKED if cover.is_covered else State.UNPAID, price=cover.price.amount,
        currency=cover.price.currency, policy_id=cover.policy if cover.is_covered else None, **asdict(wish.declared),
    )  # fmt: skip


def _the_first(consultation: Consultation) -> Consultation:
    """What the same person booked a moment ago, where the form was sent twice. Else raise what stands in the way."""
    clash = _clash(consultation)
    if isinstance(clash, AlreadyThen) and clash.is_the_same_as(consultation):
        return clash.consultation
    raise clash


def _clash(wanted: Consultation) -> "Taken | AlreadyThen":
    """Of the patient there can be one: consultation_no_two_at_one_time_of_a_patient."""
    own = Consultation.objects.exclude(pk=wanted.pk).filter(
        patient=wanted.patient, close_one=wanted.close_one, state__in=HOLDS_TIME,
        starts_at__lt=wanted.ends_at, ends_at__gt=wanted.starts_at,
    ).first()  # fmt: skip
    return AlreadyThen(own) if own else Taken()
