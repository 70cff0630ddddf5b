"""Into the queue, out of it to a doctor, and back to the same place."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, QuerySet, Value, When

from core.rows.viewers import also
from telemed.models import Consultation, Doctor, DutySpan
from telemed.queries.section import is_over
from telemed.rules import BEFORE_THE_TALK, WITH_THE_DOCTOR, Event, WrongMoment, language_is_free_for
from telemed.services.cancel import cancel
from telemed.services.life import lock, move, ring
from telemed.services.telling import tell_patient


class NotOnDuty(Exception):
    """Only who is on duty takes the next one."""


class WithAPatient(Exception):
    """This doctor calls somebody or talks already, here or at another organisation."""


def queue(consultation: Consultation, *, by: Any, now: datetime) -> None:
    """Nothing is to be paid, or it was paid: the wait begins. In the caller's transaction, the row locked or new."""
    consultation.queued_at = now
    move(consultation, Event.QUEUE, by=by, now=now)


@transaction.atomic
def take_next(*, doctor: Doctor, now: datetime) -> Consultation | None:
    """Call who has waited longest of those whom this doctor may take; None: nobody waits.

    However many press at once: a patient whom another doctor is taking is passed by (SKIP LOCKED), and the rows of one
    human are locked first, so that two windows of a doctor, or two organisations, take one after the other. No key lock: who
    writes a row beside the patient's (presence, a message) does not make them be passed by.
    Raise NotOnDuty, WithAPatient.
    """
    _lock_every_row_of(doctor)
    if not DutySpan.objects.current(now=now).filter(doctor=doctor).exists():
        raise NotOnDuty(doctor.pk)
    if Consultation.objects.filter(doctor__user=doctor.user_id, state__in=WITH_THE_DOCTOR).exists():
        raise WithAPatient(doctor.pk)
    with also(takes_from=list(doctor.organisation.insurers.values_list("pk", flat=True))):
        waiting = _in_order_for(doctor, now).select_for_update(skip_locked=True, of=["self"], no_key=True)
        if consultation := waiting.first():
            ring(consultation, doctor=doctor, now=now)
    return consultation


@transaction.atomic
def put_back(*, consultation: Consultation, by: Any, now: datetime, reason: str) -> None:
    """A failure on our side, or the doctor cannot go on. An urgent one gets the place back that the time of asking gives,
    for any doctor; a booking stays with its doctor. It counts as nothing (TM-39).

    Whoever asked anew while they talked waits once, at the old place: the newer request is called off. Raise WrongMoment.
    """
    with also(attends=[consultation.patient_id]):  # until all is done, though the doctor loses the consultation at once
        _put_back(consultation, by=by, now=now, reason=reason)


def _put_back(consultation: Consultation, *, by: Any, now: datetime, reason: str) -> None:
    failed = lock(consultation)
    called_at = failed.called_at
    failed.channel, failed.began_at, failed.called_at, failed.ended_at, failed.extensions = "", None, None, None, 0
    if failed.is_urgent:
        failed.doctor = None
    try:
        with transaction.atomic():
            move(failed, Event.REQUEUE if failed.is_urgent else Event.REBOOK, by=by, now=now, reason=reason)
    except IntegrityError as error:  # consultation_one_urgent_a_patient
        if not failed.is_urgent:
            raise WrongMoment("somebody else has the rest of this time already") from error
        _call_off_newer(failed, by=by, now=now)
        return _put_back(consultation, by=by, now=now, reason=reason)
    failed.signals.all().delete()
    tell_patient(failed, "came_back", once=f"{called_at}", is_over=is_over(failed, now))
    return None


def _call_off_newer(failed: Consultation, *, by: Any, now: datetime) -> None:
    same = Consultation.objects.filter(patient=failed.patient, close_one=failed.close_one, starts_at=None)
    for newer in same.filter(state__in=BEFORE_THE_TALK).exclude(pk=failed.pk):
        cancel(consultation=newer, by=by, now=now, warned=False, reason="the earlier request is back in the queue")


def _lock_every_row_of(doctor: Doctor) -> None:
    """Raise NotOnDuty for somebody without an account, and for one who has left meanwhile."""
    rows = Doctor.objects.filter(user=doctor.user_id, user__isnull=False).order_by("pk")
    own = list(rows.select_for_update(of=["self"], no_key=True))
    if not any(one.pk == doctor.pk and one.is_active and one.takes_duty for one in own):
        raise NotOnDuty(doctor.pk)


def _in_order_for(doctor: Doctor, now: datetime) -> QuerySet[Consultation]:
    """First those who speak the doctor's languages and those who have waited for one long enough; then anybody, so that
    no doctor is idle while somebody waits. Within each the longest wait."""
    insurers = doctor.organisation.insurers.values("pk")
    mine = Consultation.objects.queue().filter(insurer__in=insurers, speciality=doctor.speciality)
    is_meant = (
        When(language__in=doctor.languages, then=Value(0)),
        When(queued_at__lte=language_is_free_for(now), then=Value(0)),
    )
    return mine.order_by(Case(*is_meant, default=Value(1)), "queued_at", "pk")
