"""What a doctor has before them: the day, and one consultation with everything that may be known about it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from core import live
from core.rows.viewers import also
from telemed.models import Attempt, Conclusion, Consultation, ConsultationStep, Doctor, Draft, DutySpan, Traffic
from telemed.rules import HOLDS_TIME, REFERS_IN, WITH_THE_DOCTOR, State, age_on, next_attempt_from

MOST = 50  # rows of a list


def doctors_of(user: Any) -> list[Doctor]:
    """As whom this account consults: a row for each organisation. One query."""
    return list(Doctor.objects.filter(user=user, is_active=True).select_related("organisation").order_by("pk"))


@dataclass(frozen=True)
class Unanswered:
    consultation: Consultation
    next_at: datetime | None  # from when the next attempt counts


@dataclass(frozen=True)
class Duty:
    doctor: Doctor
    is_on: bool
    waiting: int  # patients of this doctor's kind at the organisation's insurers


@dataclass(frozen=True)
class Desk:
    doctors: list[Doctor]
    with_me: list[Consultation]  # the call or the talk that goes on
    unanswered: list[Unanswered]
    unfinished: list[Consultation]  # talks without their conclusion, the oldest first
    today: list[Consultation]  # bookings of the doctor's own day
    duties: list[Duty]  # as whom the doctor may take who waits

    @property
    def mark(self) -> str:
        listed = [*self.with_me, *(one.consultation for one in self.unanswered), *self.unfinished, *self.today]
        duties = [(duty.doctor.pk, duty.is_on, duty.waiting) for duty in self.duties]
        return live.mark(([(one.pk, one.state) for one in listed], duties))


def desk_of(doctors: list[Doctor], *, now: datetime) -> Desk:
    """Three queries, and two for each organisation where the doctor takes duty."""
    mine = Consultation.objects.filter(doctor__in=doctors).select_related("patient", "insurer", "doctor__organisation")
    open_ones = list(
        mine.filter(state__in=[*WITH_THE_DOCTOR, State.UNANSWERED, State.TALKED]).order_by("ended_at", "pk")
    )
    return Desk(
        doctors=doctors,
        with_me=[one for one in open_ones if one.state in WITH_THE_DOCTOR],
        unanswered=_unanswered([one for one in open_ones if one.state == State.UNANSWERED]),
        unfinished=[one for one in open_ones if one.state == State.TALKED],
        today=list(mine.filter(state__in=HOLDS_TIME, **_day_of(doctors[0], now)).order_by("starts_at")[:MOST]),
        duties=[_duty_of(doctor, now) for doctor in doctors if doctor.takes_duty],
    )


def _unanswered(consultations: list[Consultation]) -> list[Unanswered]:
    made: dict[tuple[int, datetime], list[datetime]] = defaultdict(list)
    for attempt in Attempt.objects.filter(consultation__in=consultations):
        made[attempt.consultation_id, attempt.called_at].append(attempt.at)
    return [
        Unanswered(one, next_attempt_from(one.called_at, made[one.pk, one.called_at]))
        for one in consultations
        if one.called_at
    ]


def _day_of(doctor: Doctor, now: datetime) -> dict[str, datetime]:
    zone: ZoneInfo = doctor.organisation.zone
    begins = datetime.combine(now.astimezone(zone).date(), time(), zone)
    return {"starts_at__gte": begins, "starts_at__lt": begins + timedelta(days=1)}


def _duty_of(doctor: Doctor, now: datetime) -> Duty:
    waiting = Traffic.objects.filter(
        state=State.WAITING, insurer__in=doctor.organisation.insurers.values("pk"), speciality=doctor.speciality
    )
    is_on = DutySpan.objects.current(now=now).filter(doctor=doctor).exists()
    return Duty(doctor, is_on, waiting.count())


# ── One consultation ─────────────────────────────────────────────────────────
@dataclass(frozen=True)
class AtDesk:
    consultation: Consultation
    age: int | None
    earlier: list[Conclusion]
    attempts: list[Attempt]
    next_attempt_at: datetime | None
    next_attempt_in: int  # seconds; 0: it counts already, or there is none
    steps: list[ConsultationStep]
    draft: Draft | None
    conclusion: Conclusion | None

    @property
    def may_write(self) -> bool:
        return self.consultation.state in (State.TALKING, State.TALKED)

    @property
    def may_refer(self) -> bool:
        return self.consultation.state in REFERS_IN

    @property
    def may_send(self) -> bool:
        return self.consultation.state == State.TALKED


def consultation_of_doctor(user: Any, public_id: UUID, *, now: datetime) -> Consultation | None:
    """None: another doctor's, or closed for longer than the desk shows it. One query."""
    mine = Consultation.objects.of_doctor(user, now=now)
    return mine.select_related("insurer", "patient", "doctor__organisation").filter(public_id=public_id).first()


def at_desk(consultation: Consultation, *, now: datetime) -> AtDesk:
    """Five queries."""
    attempts = list(consultation.attempts.order_by("pk"))
    of_this_call = [one.at for one in attempts if one.called_at == consultation.called_at]
    called_at = consultation.called_at if consultation.state == State.UNANSWERED else None
    next_at = next_attempt_from(called_at, of_this_call) if called_at else None
    return AtDesk(
        consultation=consultation,
        age=age_on(consultation.born_on, consultation.insurer.today(now)) if consultation.born_on else None,
        attempts=attempts,
        next_attempt_at=next_at,
        next_attempt_in=max(ceil((next_at - now).total_seconds()), 0) if next_at else 0,
        steps=list(consultation.steps.select_related("by").order_by("at", "pk")),
        draft=Draft.objects.filter(consultation=consultation).first(),
        conclusion=Conclusion.objects.filter(consultation=consultation).first(),
        earlier=earlier_conclusions(consultation),
    )


def earlier_conclusions(consultation: Consultation) -> list[Conclusion]:
    """For the doctor who has this one. One query."""
    with also(attends=[consultation.patient_id]):
        return list(_earlier(consultation)[:MOST])


def earlier_conclusion(consultation: Consultation, public_id: UUID) -> Conclusion | None:
    """One query."""
    with also(attends=[consultation.patient_id]):
        return _earlier(consultation).filter(consultation__public_id=public_id).first()


def _earlier(consultation: Consultation) -> QuerySet[Conclusion]:
    """Of the same human: what was about somebody close to the insured person is not about the insured person."""
    same = {
        "consultation__patient": consultation.patient_id,
        "consultation__close_one": consultation.close_one,
        "consultation__close_one_born": consultation.close_one_born,
    }
    others = Conclusion.objects.filter(**same).exclude(consultation=consultation)
    return others.select_related("doctor", "consultation__insurer").order_by("-sent_at")
