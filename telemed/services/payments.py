"""Until one pays online, a coordinator says that somebody has paid (decisions.md, Telemedicine), and that they have it back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from core import audit
from telemed.models import ClaimAnswer, Consultation, PaidBack
from telemed.rules import Event, OwedFor, State, WrongMoment, may_be_paid_on, owed_for
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
    reason = owed_for(State(consultation.state), is_paid=bool(consultation.payment_reference))
    if reason is None or PaidBack.objects.filter(consultation=consultation).exists():
        raise WrongMoment(f"money back for a consultation that is {consultation.state}")
    decided_by, owed_since = _owed(consultation, reason)
    if decided_by == by.pk:
        raise SamePerson
    insurer = consultation.insurer
    if not may_be_paid_on(paid_on, owed_since=insurer.today(owed_since), today=insurer.today(now)):
        raise NotThatDay
    paid_back = PaidBack.objects.create(
        consultation=consultation, amount=consultation.price, currency=consultation.currency, reason=reason,
        decided_by_id=decided_by, reference=reference, paid_on=paid_on, by=by, at=now,
    )  # fmt: skip
    move(consultation, Event.PAY_BACK, by=by, now=now)
    _tell(paid_back)
    return paid_back


def _owed(consultation: Consultation, reason: OwedFor) -> tuple[int | None, datetime]:
    """Who decided it, nobody where the rules alone did, and since when. The state has both rows."""
    if reason == OwedFor.UPHELD:
        answer = ClaimAnswer.objects.get(claim__consultation=consultation)
        return answer.by_id, answer.at
    return None, consultation.steps.filter(kind=Event.CANCEL).latest("at").at


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
