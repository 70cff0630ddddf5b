"""TM-39: three calls to the telephone after the one online. The doctor is free between them."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from core import audit
from policies.rules import Rendering
from telemed.gateways.telephone import NotConnected, telephone
from telemed.models import Attempt, Consultation, Dialling
from telemed.rules import (
    ATTEMPTS,
    WITH_THE_DOCTOR,
    AttemptResult,
    Channel,
    Event,
    Means,
    State,
    WrongMoment,
    claim_until,
    next_attempt_from,
)
from telemed.services.life import lock, move
from telemed.services.rendering import render_consultation
from telemed.services.telling import tell_patient


class TooEarly(Exception):
    """Less than three minutes since the call before."""


class DoctorBusy(Exception):
    """With another patient."""


@transaction.atomic
def record_attempt(*, consultation: Consultation, result: AttemptResult, by: Any, now: datetime) -> Attempt:
    """Reached: the talk goes on by telephone. Not reached for the third time: closed, and counts as rendered.

    `by` is the doctor's account. A failure on our side is no attempt: `put_back`. Raise WrongMoment, TooEarly, DoctorBusy.
    """
    consultation = lock(consultation)
    called_at, earlier = _may_attempt(consultation, now)
    dialling = consultation.diallings.filter(at__gt=max([called_at, *earlier])).last()
    attempt = Attempt.objects.create(
        consultation=consultation, called_at=called_at, number=len(earlier) + 1, at=now, result=result,
        doctor=consultation.attending, means=Means.GATEWAY if dialling else Means.OWN_TELEPHONE,
        gateway_answer=dialling.answer if dialling else "",
    )  # fmt: skip
    if result == AttemptResult.REACHED:
        _talk_by_telephone(consultation, by, now)
    elif attempt.number == ATTEMPTS:
        _close(consultation, by, now)
    return attempt


def dial(*, consultation: Consultation, by: Any, now: datetime) -> Dialling:
    """The gateway rings the doctor's mobile number first, then the patient's. Begin outside any transaction.

    Raise WrongMoment, TooEarly, DoctorBusy; NotConnected where the gateway failed: then nothing counts.
    """
    with transaction.atomic():
        consultation = lock(consultation)
        called_at, earlier = _may_attempt(consultation, now)
    key = f"{consultation.public_id}:{called_at:%d%H%M%S}:{len(earlier) + 1}"  # pressed again, it is the same call
    try:
        answer = telephone().connect(str(by.phone), consultation.phone, key=key)
    except NotConnected as error:
        audit.record(
            gettext_noop("the telephone gateway failed"), on=consultation, by=by, scope=consultation.insurer.slug,
            reason=str(error),
        )  # fmt: skip
        raise
    return Dialling.objects.create(consultation=consultation, by=by, at=now, answer=answer)


def _may_attempt(consultation: Consultation, now: datetime) -> tuple[datetime, list[datetime]]:
    """When it was called online, and when the attempts before were made. Of two at once the second comes here after the
    first has committed."""
    if consultation.state != State.UNANSWERED or consultation.called_at is None:
        raise WrongMoment(f"an attempt of a consultation that is {consultation.state}")
    rows = consultation.attempts.filter(called_at=consultation.called_at)
    earlier = list(rows.order_by("number").values_list("at", flat=True))
    starts = next_attempt_from(consultation.called_at, earlier)
    if starts is None or now < starts:
        raise TooEarly
    if Consultation.objects.filter(doctor=consultation.doctor, state__in=WITH_THE_DOCTOR).exists():
        raise DoctorBusy
    return consultation.called_at, earlier


def _talk_by_telephone(consultation: Consultation, by: Any, now: datetime) -> None:
    """Another patient may have got the doctor meanwhile; the constraint knows."""
    consultation.channel, consultation.began_at = Channel.TELEPHONE, now
    try:
        with transaction.atomic():
            move(consultation, Event.ANSWER, by=by, now=now, channel=Channel.TELEPHONE)
    except IntegrityError as error:
        raise DoctorBusy from error


def _close(consultation: Consultation, by: Any, now: datetime) -> None:
    consultation.ended_at = now
    render_consultation(consultation, Rendering.NO_SHOW, now=now)
    move(consultation, Event.CLOSE, by=by, now=now)
    today = consultation.insurer.today(now)
    tell_patient(consultation, "not_reached", claim_until=claim_until(today).isoformat())
