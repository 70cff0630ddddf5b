"""Until one pays online, a coordinator says that somebody has paid (decisions.md, Telemedicine), and that they have it back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from core import audit
from telemed.models import Consultation, PaidBack
from telemed.queries.payments import Owed
from telemed.rules import Event, State, WrongMoment, may_be_paid_on
from telemed.services.life import lock, move
from telemed.services.messages import tell_booked
from telemed.services.queue import queue
from telemed.services.telling import tell_patient


class SamePerson(Exception):
    """Whoever upheld the claim, and so owes the money, does not note that it was paid back."""


class NotThatDay(Exception):
    """The bank's payment is of a day before it was owed, or still to come."""


@transaction.atomic
def mark_paid(*, consultation: Consultation, reference: str, by: User, now: datetime) -> bool:
    """`reference`: by which the payment is found again. False: it waits for no payment any more."""
    consultation = lock(consultation)
    if consultation.state != State.UNPAID:
        return False
    consultation.payment_reference = reference
    if consultation.is_urgent:
        queue(consultation, by=by, now=now)
        tell_patient(consultation, "payment_noted")
    else:
        move(consultation, Event.BOOK, by=by, now=now)
        tell_booked(consultation, now=now)
    audit.record(
        gettext_noop("marked a consultation as paid"), on=consultation, by=by, scope=consultation.insurer.slug,
        reference=reference,
    )  # fmt: skip
    return True


@transaction.atomic
def mark_paid_back(*, consultation: Consultation, reference: str, paid_on: date, by: User, now: datetime) -> PaidBack:
    """All of what was paid for nothing, once: the amount is not asked for. `reference`: by which the bank's payment is found.

    Raise WrongMoment where nothing is owed or it was paid back already, SamePerson, NotThatDay.
    """
    consultation = lock(consultation)
    owed, insurer = Owed(consultation), consultation.insurer
    if owed.reason is None or PaidBack.objects.filter(consultation=consultation).exists():
        raise WrongMoment(f"money back for a consultation that is {consultation.state}")
    if owed.decided_by == by.pk:
        raise SamePerson
    if not may_be_paid_on(paid_on, owed_since=insurer.today(owed.since), today=insurer.today(now)):
        raise NotThatDay
    paid_back = PaidBack.objects.create(
        consultation=consultation, amount=consultation.price, currency=consultation.currency, reason=owed.reason,
        decided_by_id=owed.decided_by, reference=reference, paid_on=paid_on, by=by, at=now,
    )  # fmt: skip
    move(consultation, Event.PAY_BACK, by=by, now=now)
    _tell(paid_back)
    return paid_back


def _tell(paid_back: PaidBack) -> None:
    consultation = paid_back.consultation
    audit.record(
        gettext_noop("noted that money was paid back"), on=consultation, by=paid_back.by, scope=consultation.insurer.slug,
        reference=paid_back.reference, paid_on=paid_back.paid_on.isoformat(), amount=str(paid_back.amount),
        currency=paid_back.currency, owed_for=paid_back.reason,
    )  # fmt: skip
    tell_patient(
        consultation, "paid_back", number=consultation.number, sum=str(paid_back.money),
        paid_on=paid_back.paid_on.isoformat(), reference=paid_back.reference,
    )  # fmt: skip
