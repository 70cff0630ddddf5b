"""Until one pays online, a coordinator says that somebody has paid (decisions.md, Telemedicine)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import User
from core import audit
from telemed.models import Consultation
from telemed.rules import Event, State
from telemed.services.life import lock, move
from telemed.services.messages import tell_booked
from telemed.services.queue import queue
from telemed.services.telling import tell_patient


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
