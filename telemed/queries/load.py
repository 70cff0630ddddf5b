"""What goes on at this moment, for the coordinators of some insurers: who waits, who is called and talks, who is on duty,
to whom nobody may come. People are named as on the telephone; what troubles them is never read (TM-45)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum

from core import live
from policies.models import Insurer
from telemed.models import Absence, Consultation, DutySpan, MedicalOrganisation, PresenceSpan, Traffic
from telemed.rules import (
    LOOKED_AHEAD,
    LOST_AFTER,
    SOON,
    UNDER_WAY,
    WITH_THE_DOCTOR,
    DutyState,
    State,
    duty_state,
    is_there,
    next_attempt_from,
)
from telemed.rules.figures import ANSWER_WITHIN

MOST = 50  # rows of a list; the counts know of the others
NOT_READ = ("complaint", "diagnoses", "allergies", "contraindications")


@dataclass(frozen=True)
class Waiting:
    consultation: Consultation
    waited: timedelta
    seen_at: datetime | None  # when the page was open last (TM-42)
    is_there: bool

    @property
    def is_late(self) -> bool:
        return self.waited > ANSWER_WITHIN


@dataclass(frozen=True)
class Called:
    """A call that rings or a talk that goes on."""

    consultation: Consultation
    lasts: timedelta


@dataclass(frozen=True)
class Unanswered:
    consultation: Consultation
    attempts: int
    next_at: datetime | None  # from when the next attempt counts; None: there were all three


@dataclass(frozen=True)
class Booking:
    """Its doctor is not at the desk, or its time has come and nobody has called."""

    consultation: Consultation
    seen_at: datetime | None  # the doctor, at the desk
    is_absent: bool  # by the doctor's own calendar, or works here no more
    is_there: bool
    begins_in: timedelta  # below 0: it should have begun

    @property
    def is_late(self) -> bool:
        return self.begins_in <= timedelta(0)

    @property
    def is_urgent(self) -> bool:
        return self.begins_in <= SOON


@dataclass(frozen=True)
class OnDuty:
    span: DutySpan
    state: DutyState
    seen_at: datetime | None


@dataclass(frozen=True)
class Load:
    now: datetime
    waits: int  # people; `waiting` are the first of them
    longest: timedelta | None
    waiting: list[Waiting]
    talks: list[Called]
    calls: list[Called]
    unanswered: list[Unanswered]
    bookings: list[Booking]
    doctors: list[OnDuty]

    @property
    def hours_ahead(self) -> int:
        return LOOKED_AHEAD // timedelta(hours=1)

    def doctors_that_are(self, state: DutyState) -> int:
        return sum(one.state == state for one in self.doctors)

    @property
    def free(self) -> int:
        return self.doctors_that_are(DutyState.FREE)

    @property
    def busy(self) -> int:
        return self.doctors_that_are(DutyState.BUSY)

    @property
    def away(self) -> int:
        return self.doctors_that_are(DutyState.AWAY)


def load_of(insurers: Sequence[Insurer], *, now: datetime) -> Load:
    """Six queries at most, along the index `consultation_under_way`."""
    rows = Consultation.objects.filter(insurer__in=insurers).select_related("insurer", "patient", "doctor")
    rows = rows.defer(*NOT_READ)
    queue = Consultation.objects.filter(insurer__in=insurers, state=State.WAITING)
    waits = queue.aggregate(people=Count("pk"), since=Min("queued_at"))
    with_doctor = list(_with_doctor(rows)[: 2 * MOST])
    return Load(
        now=now,
        waits=waits["people"],
        longest=now - waits["since"] if waits["since"] else None,
        waiting=_waiting(rows, now),
        talks=[Called(one, now - one.began_at) for one in with_doctor if one.state == State.TALKING],
        calls=[Called(one, now - one.called_at) for one in with_doctor if one.state == State.CALLING],
        unanswered=[_unanswered(one) for one in with_doctor if one.state == State.UNANSWERED and one.called_at],
        bookings=_bookings(rows, now),
        doctors=_doctors(insurers, now),
    )


def mark_of(insurers: Collection[int]) -> str:
    """Changes when somebody moves in the picture, so that who looks at it asks again. Two queries."""
    under_way = Consultation.objects.filter(insurer__in=insurers, state__in=UNDER_WAY)
    moved = under_way.order_by("state").values_list("state").annotate(
        Count("pk"), Sum("pk"), Max("called_at"), Max("began_at"), Max("starts_at")
    )  # fmt: skip
    duties = DutySpan.objects.filter(until=None, doctor__organisation__insurers__in=insurers)
    return live.mark((list(moved), sorted(set(duties.values_list("pk", flat=True)))))


def _waiting(rows: QuerySet[Consultation], now: datetime) -> list[Waiting]:
    last = PresenceSpan.objects.filter(consultation=OuterRef("pk")).order_by("-until")
    queue: Any = rows.filter(state=State.WAITING).order_by("queued_at", "pk")
    found = queue.annotate(seen_at=Subquery(last.values("until")[:1]))[:MOST]
    return [
        Waiting(one, now - one.queued_at, one.seen_at, is_there(one.seen_at, now=now)) for one in found
    ]  # fmt: skip


def _with_doctor(rows: QuerySet[Consultation]) -> QuerySet[Any]:
    states = rows.filter(state__in=[*WITH_THE_DOCTOR, State.UNANSWERED])
    return states.prefetch_related("attempts").order_by("called_at", "pk")


def _unanswered(one: Any) -> Unanswered:
    """With the attempts of this call."""
    made = [attempt.at for attempt in one.attempts.all() if attempt.called_at == one.called_at]
    return Unanswered(one, len(made), next_attempt_from(one.called_at, made))


def _bookings(rows: QuerySet[Consultation], now: datetime) -> list[Booking]:
    absences = Absence.objects.filter(
        doctor=OuterRef("doctor"), starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    soon: Any = rows.filter(state=State.BOOKED, starts_at__lte=now + LOOKED_AHEAD)
    found = soon.annotate(
        seen_at=F("consultant__desk_presence__seen_at"),
        is_absent=Q(Exists(absences)) | Q(doctor__is_active=False) | Q(consultant__is_active=False),
    )
    nobody = Q(seen_at=None) | Q(seen_at__lt=now - LOST_AFTER) | Q(is_absent=True) | Q(starts_at__lte=now)
    return [
        Booking(one, one.seen_at, one.is_absent, is_there(one.seen_at, now=now), one.starts_at - now)
        for one in found.filter(nobody).order_by("starts_at", "pk")[:MOST]
    ]


def _doctors(insurers: Sequence[Insurer], now: datetime) -> list[OnDuty]:
    """Also those who are busy with a patient of another insurer."""
    with_a_patient = Traffic.objects.filter(doctor__user=OuterRef("doctor__user"), state__in=WITH_THE_DOCTOR)
    serving = MedicalOrganisation.objects.filter(insurers__in=insurers)
    spans: Any = DutySpan.objects.current(now=now).filter(doctor__is_active=True, doctor__organisation__in=serving)
    found = spans.select_related("doctor__organisation").annotate(
        seen_at=F("doctor__user__desk_presence__seen_at"), is_busy=Exists(with_a_patient)
    )
    return [
        OnDuty(one, duty_state(one.seen_at, is_with_a_patient=one.is_busy, now=now), one.seen_at)
        for one in found.order_by("doctor__sort_key", "pk")
    ]
