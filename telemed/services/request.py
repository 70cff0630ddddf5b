"""Asking the duty doctor (TM-30), and how one wants to be reached."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import User
from core import limits
from core.limits import Allowance
from core.live import announce
from core.uploads.rules import Collection
from core.uploads.services import hand_over_uploads
from telemed.models import Consultation
from telemed.queries.patients import Choice
from telemed.rules import BEFORE_THE_TALK, REQUESTS_A_DAY, State
from telemed.services.drafts import forget_draft
from telemed.services.life import DESKS, lock
from telemed.services.queue import queue


class TooManyRequests(Exception):
    """Of this account within a day."""


class EntryOwed(Exception):
    """TM-20, TM-21: not both consents stand for the patient, or the account has no proved mobile number."""


class NotToBeHad(Exception):
    """No cover and no price buys this doctor at this age, or the insurer has none."""


class AlreadyAsked(Exception):
    """Somebody asks for this patient already, perhaps from another account."""

    def __init__(self, consultation: Consultation) -> None:
        super().__init__(consultation.public_id)
        self.consultation = consultation


@dataclass(frozen=True)
class Told:
    """TM-13: what the patient declares before the start."""

    complaint: str
    diagnoses: str
    allergies: str
    contraindications: str
    language: str  # of the talk


@transaction.atomic
def ask_duty_doctor(
    *, user: User, choice: Choice, close_one: str, born: date | None, told: Told, files: Collection, now: datetime
) -> Consultation:  # fmt: skip
    """Into the queue where nothing is to be paid; else it waits for the payment. `close_one` and `born`: of somebody close
    to the patient, where the choice is that. `files`: what lies beside the form. The same patient twice gives the first
    one, by AlreadyAsked.

    Raise TooManyRequests, EntryOwed, NotToBeHad.
    """
    _spend(user, now)
    speciality, cover = choice.asks_for(born)
    patient = choice.patient.person
    if choice.patient.owes or not user.phone:
        raise EntryOwed
    if cover.price is None or cover.service not in choice.patient.served:
        raise NotToBeHad
    consultation = Consultation(
        insurer=patient.insurer, patient=patient, close_one=close_one if choice.is_close_one else "",
        close_one_born=born if choice.is_close_one else None, asked_by=user, asked_at=now, phone=str(user.phone),
        service=cover.service, speciality=speciality, state=State.UNPAID, price=cover.price.amount,
        currency=cover.price.currency, policy_id=cover.policy if cover.is_covered else None, **vars(told),
    )  # fmt: skip
    _insert(consultation)
    hand_over_uploads(of=files, into=consultation.files, now=now)
    if cover.is_covered:
        queue(consultation, by=user, now=now)
    forget_draft(user=user)
    return consultation


@transaction.atomic
def choose_telephone(*, consultation: Consultation, wanted: bool) -> bool:
    """«Call me»: by any telephone, in place of the Internet (TM-01, TM-32). False: the talk has begun or is over."""
    consultation = lock(consultation)
    if consultation.state not in BEFORE_THE_TALK:
        return False
    consultation.by_telephone = wanted
    consultation.save(update_fields=["by_telephone"])
    announce(DESKS)
    return True


def _spend(user: User, now: datetime) -> None:
    of_account = Allowance(f"telemed:requests:{user.public_id}", REQUESTS_A_DAY, timedelta(days=1))
    if limits.spend(of_account, now=now).exhausted:
        raise TooManyRequests


def _insert(consultation: Consultation) -> None:
    """The database lets one at a time through: consultation_one_urgent_a_patient."""
    try:
        with transaction.atomic():
            consultation.save()
    except IntegrityError:
        first = Consultation.objects.filter(
            patient=consultation.patient, close_one=consultation.close_one, state__in=BEFORE_THE_TALK, starts_at=None
        ).first()
        if first is None:
            raise
        raise AlreadyAsked(first) from None
