"""A doctor's own hours and absences."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from telemed.models import Absence, Doctor, Hours


@dataclass(frozen=True)
class Agenda:
    doctor: Doctor
    hours: list[Hours]  # that hold now or later
    absences: list[Absence]  # that are not over


def agenda_of(doctor: Doctor, *, now: datetime) -> Agenda:
    """Two queries."""
    today = now.astimezone(doctor.organisation.zone).date()
    return Agenda(
        doctor,
        list(doctor.hours.filter(Q(until=None) | Q(until__gte=today))),
        list(doctor.absences.filter(ends_at__gt=now)),
    )


def own_hours(user: Any, number: int) -> Hours | None:
    return Hours.objects.filter(doctor__user=user, pk=number).select_related("doctor__organisation").first()


def own_absence(user: Any, number: int) -> Absence | None:
    return Absence.objects.filter(doctor__user=user, pk=number).first()
