"""A doctor's hours and absences. What is booked already stays booked: the doctor is told what lies inside."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from core import audit
from telemed.models import Absence, Consultation, Hours
from telemed.rules import HOLDS_TIME


class Overlaps(Exception):
    """There are hours at that time already."""


def add_hours(*, hours: Hours, by: Any) -> Hours:
    """Raise Overlaps."""
    try:
        with transaction.atomic():
            hours.save()
            audit.record(gettext_noop("added hours"), on=hours, by=by)
    except IntegrityError as error:
        raise Overlaps from error
    return hours


@transaction.atomic
def end_hours(*, hours: Hours, last: date, by: Any) -> None:
    """`last`: the last day on which they hold. Hours that had not begun by then are gone."""
    audit.record(gettext_noop("ended hours"), on=hours, by=by, last=last.isoformat())
    if last < hours.since:
        hours.delete()
        return
    hours.until = last
    hours.save(update_fields=["until"])


@transaction.atomic
def add_absence(*, absence: Absence, by: Any) -> list[Consultation]:
    """What was booked inside it: these patients have to be called."""
    absence.save()
    audit.record(gettext_noop("added an absence"), on=absence, by=by)
    booked = Consultation.objects.filter(
        doctor=absence.doctor, state__in=HOLDS_TIME, starts_at__lt=absence.ends_at, ends_at__gt=absence.starts_at
    )
    return list(booked.order_by("starts_at"))


@transaction.atomic
def drop_absence(*, absence: Absence, by: Any) -> None:
    audit.record(gettext_noop("removed an absence"), on=absence, by=by)
    absence.delete()
