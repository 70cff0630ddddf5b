"""What an account has asked of doctors: what is under way, and the history (KIH-18, TM-10)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from core.money import Money
from policies.rules import Rendering
from telemed.models import Consultation, Traffic
from telemed.rules import (
    BEFORE_THE_TALK,
    OPEN_STATES,
    Cancellation,
    Due,
    Event,
    State,
    cancellation,
    cancellation_of,
    due,
)

PAGE = 20
TAGS = {
    State.UNPAID: "todo", State.WAITING: "wait", State.BOOKED: "ok", State.CALLING: "todo", State.UNANSWERED: "todo",
    State.TALKING: "todo", State.TALKED: "wait", State.CONCLUDED: "ok", State.ACCEPTED: "ok", State.DISPUTED: "wait",
    State.UPHELD: "ok",     State.NOT_REACHED: "err", State.CANCELLED_LATE: "err",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One consultation in a list."""

    consultation: Consultation

    @property
    def at(self) -> datetime:
        return self.consultation.starts_at or self.consultation.asked_at

    @property
    def tag(self) -> str:
        return TAGS.get(State(self.consultation.state), "")


@dataclass(frozen=True)
class History:
    lines: list[Line]
    older: str  # where the next page begins; empty: there is none. Text, because a template would write 1 461


def consultation_of(user: Any, public_id: UUID, *, now: datetime) -> Consultation | None:
    """One query."""
    return _rows(user, now).filter(public_id=public_id).first()


def earlier_request(consultation: Consultation) -> Consultation | None:
    """The urgent one of the same patient that came back into the queue in place of this one. One query."""
    same = Consultation.objects.filter(
        patient=consultation.patient_id, close_one=consultation.close_one, starts_at=None
    )
    return same.filter(pk__lt=consultation.pk, state__in=BEFORE_THE_TALK).first()


def under_way(user: Any, *, now: datetime) -> list[Line]:
    """What is urgent first, then the bookings by their day. One query."""
    rows = _rows(user, now).filter(state__in=OPEN_STATES)
    return [Line(row) for row in rows.order_by(F("starts_at").asc(nulls_first=True), "pk")]


def history(user: Any, *, before: int | None, now: datetime) -> History:
    """The newest first; `before`: where the page before ended. One query."""
    rows = _rows(user, now).exclude(state__in=OPEN_STATES).order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    return History([Line(row) for row in found[:PAGE]], str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def taken_when_late(consultation: Consultation) -> Money | None:
    """What a cancellation too late takes from the sum insured (NL-7.12), at most. Nothing where the programme takes
    nothing, or no policy covers it. Two queries."""
    consultations = consultation.policy.product_version.terms.consultations if consultation.policy else None
    tariff = consultations.illness_payment if consultations else None
    amount = tariff[Rendering.CANCELLED_LATE] if tariff else Decimal(0)
    return Money(amount, consultation.insurer.currency) if amount else None


def consultation_at(insurers: Collection[int], public_id: UUID) -> Consultation | None:
    """One query."""
    return of_insurers(insurers).filter(public_id=public_id).first()


def of_insurers(insurers: Collection[int]) -> QuerySet[Consultation]:
    return Consultation.objects.filter(insurer__in=insurers).select_related("insurer", "patient")


def _rows(user: Any, now: datetime) -> QuerySet[Consultation]:
    return Consultation.objects.visible_to(user, now=now).select_related("insurer", "patient", "doctor")


def is_in(consultation: Consultation, state: str) -> bool:
    """Still. One query."""
    return Traffic.objects.filter(pk=consultation.pk, state=state).exists()


def cancellation_at(consultation: Consultation, now: datetime) -> Cancellation:
    """What calling it off or moving it means at this instant. A time that a failure of ours has spoilt costs nobody
    anything (TM-39), however late, nor one in which nobody has called. One query where it would cost something."""
    judged = cancellation_of(State(consultation.state), consultation.starts_at, now=now)
    if judged.is_free or not (is_over(consultation, now) or was_spoilt(consultation)):
        return judged
    return cancellation(None, now=now)


def is_over(consultation: Consultation, now: datetime) -> bool:
    """Its booked time has passed without a talk, and is not called any more."""
    moment = due(State(consultation.state), consultation.starts_at, consultation.ends_at, now=now)
    return moment is Due.OVER


def was_spoilt(consultation: Consultation) -> bool:
    """A failure on our side gave this time back; a new time is as any other. One query."""
    last = consultation.steps.filter(kind__in=[Event.MOVE, Event.REBOOK]).order_by("-at", "-pk")
    return last.values_list("kind", flat=True).first() == Event.REBOOK


def has_come_back(consultation: Consultation) -> bool:
    """A failure on our side brought it back to where it waits. One query."""
    last = consultation.steps.order_by("-at", "-pk").values_list("kind", flat=True).first()
    return last in (Event.REQUEUE, Event.REBOOK)
