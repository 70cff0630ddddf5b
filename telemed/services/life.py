"""The one place that changes a consultation's state, and the one that writes its steps."""

from datetime import datetime
from typing import Any

from core.live import announce
from telemed.models import Consultation, ConsultationStep, Doctor
from telemed.rules import EXTENSIONS, Event, State, next_state

DESKS = "desks"  # the topic of every doctor's desk: somebody came into the queue or left it


def lock(consultation: Consultation) -> Consultation:
    """Its newest state. What may be NULL is not joined: after a wait the row is new, what was joined to it is not."""
    rows = Consultation.objects.select_for_update(of=["self"])
    return rows.select_related("insurer", "patient", "asked_by").get(pk=consultation.pk)


def move(consultation: Consultation, event: Event, *, by: Any, now: datetime, reason: str = "", **detail: Any) -> None:
    """New state with all that was set beside it, its history row, and a word to whoever waits for it: the patient's
    page, the desks. Raise WrongMoment where the life has no such way."""
    consultation.state = next_state(State(consultation.state), event)
    consultation.save()
    ConsultationStep.objects.create(consultation=consultation, kind=event, at=now, by=by, reason=reason, detail=detail)
    announce(str(consultation.public_id))
    announce(DESKS)


def ring(consultation: Consultation, *, doctor: Doctor, now: datetime) -> None:
    """The call window opens at the patient's. Whoever asked for the telephone gets it at its longest: dialling takes time."""
    consultation.doctor, consultation.called_at = doctor, now
    consultation.extensions = EXTENSIONS if consultation.by_telephone else 0
    move(consultation, Event.CALL, by=doctor.user, now=now, doctor=doctor.pk)
