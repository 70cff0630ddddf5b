"""Calling a consultation off: free, or too late, when it counts as rendered (TM-40, TM-41)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from core import audit
from policies.rules import Rendering
from telemed.models import Consultation
from telemed.queries.section import cancellation_at
from telemed.rules import TRANSITIONS, Event, State
from telemed.services.life import lock, move
from telemed.services.messages import tell_cancelled
from telemed.services.rendering import render_consultation
from telemed.services.telling import tell_patient


class LateNow(Exception):
    """It would cost something, and nobody was told: the time ran out while the page was read."""


@transaction.atomic
def cancel(
    *,
    consultation: Consultation,
    by: Any,
    now: datetime,
    warned: bool,
    asked_at: datetime | None = None,
    reason: str = "",
) -> Consultation | None:
    """None: it began, ended or was called off meanwhile, so there is nothing to do.

    `asked_at`: when the patient said so, where staff write down a telephone call; it decides whether it was in time.
    `warned`: that it counts as rendered was read before. Raise LateNow where it was not and should have been.
    """
    consultation = lock(consultation)
    judged = cancellation_at(consultation, asked_at or now)
    event = Event.CANCEL if judged.is_free else Event.CANCEL_LATE
    if (State(consultation.state), event) not in TRANSITIONS:
        return None
    if not judged.is_free and not warned:
        raise LateNow
    consultation.ended_at = now
    if not judged.is_free:
        render_consultation(consultation, Rendering.CANCELLED_LATE, now=now)
    asked = {"asked_at": asked_at.isoformat()} if asked_at else {}
    was_booked = consultation.state != State.UNPAID
    move(consultation, event, by=by, now=now, reason=reason, clause=judged.clause, **asked)
    if was_booked:
        tell_cancelled(consultation, now=now)
    if consultation.owed_back:
        tell_patient(consultation, "payment_owed_back", number=consultation.number)
    return consultation


@transaction.atomic
def cancel_for_caller(
    *, consultation: Consultation, said_at: datetime, reason: str, by: Any, now: datetime, warned: bool
) -> Consultation | None:
    """By staff, for somebody who called (TM-40). `warned`: what it means was read to the caller. As `cancel`, and audited."""
    cancelled = cancel(consultation=consultation, by=by, now=now, warned=warned, asked_at=said_at, reason=reason)
    if cancelled:
        audit.record(
            gettext_noop("cancelled a consultation for a caller"), on=cancelled, by=by, scope=cancelled.insurer.slug,
            reason=reason, said_at=said_at.isoformat(), state=cancelled.state,
        )  # fmt: skip
    return cancelled
