"""Free times of doctors, for the page on which one is chosen and for public pages.

Hours are few and are expanded in Python by the rule that has the properties (rules.slots); SQL brings them and what is
busy, one statement each, however many doctors.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import (
    BigIntegerField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from policies.models import Insurer
from policies.rules import Service
from telemed.models import Absence, Consultation, Doctor, Hours, Traffic
from telemed.models.schedule import RULE
from telemed.rules import HOLDS_TIME, slots
from telemed.rules.slots import Span, free_slots, instant

BOOKABLE_DAYS = 31  # from today on
ONE_MINUTE = Value(timedelta(minutes=1))


class Seconds(Func):
    """Since 1970: a hundred thousand datetimes would take as long as all the rest."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::bigint"
    output_field = BigIntegerField()


def free_times(
    doctors: QuerySet[Doctor], *, service: Service, first: date, last: date, zone: ZoneInfo, now: datetime
) -> dict[int, list[Span]]:
    """By the doctor's key; who has none is left out. `first` and `last` are days in `zone`, which is the reader's. Two
    queries."""
    begins = datetime.combine(first, time(), zone)
    ends = datetime.combine(last + timedelta(days=1), time(), zone)
    within = (int(begins.timestamp()), int(ends.timestamp()))
    busy = _busy(doctors, begins, ends)
    free = {
        doctor: [slot for slot in _of_agenda(hours, busy[doctor], where, within, now) if slot[0] < within[1]]
        for (doctor, where), hours in _hours(doctors, service, first, last).items()
    }
    return {doctor: times for doctor, times in free.items() if times}


def _of_agenda(hours: list[slots.Hours], busy: list[Span], where: str, within: Span, now: datetime) -> list[Span]:
    first, last = (instant(seconds).astimezone(ZoneInfo(where)).date() for seconds in (within[0], within[1] - 1))
    found = free_slots(hours, busy=busy, first=first, last=last, zone=where, now=now)
    return [slot for slot in found if slot[0] >= within[0]] if found and found[0][0] < within[0] else found


def _hours(
    doctors: QuerySet[Doctor], service: Service, first: date, last: date
) -> dict[tuple[int, str], list[slots.Hours]]:
    """By the doctor's key and zone. A day more at both ends: elsewhere it may be another date."""
    found: dict[tuple[int, str], list[slots.Hours]] = defaultdict(list)
    valid = Q(until=None) | Q(until__gte=first - timedelta(days=1))
    rows = Hours.objects.filter(
        valid, doctor__in=doctors, services__contains=[service], since__lte=last + timedelta(days=1)
    )
    for doctor, where, *rule in rows.order_by().values_list("doctor_id", "doctor__organisation__time_zone", *RULE):
        found[doctor, where].append(slots.Hours(*rule))
    return found


def _busy(doctors: QuerySet[Doctor], begins: datetime, ends: datetime) -> dict[int, list[Span]]:
    """Absences, and talks at whatever organisation the same human consults."""
    talks = "user__doctors__traffic__"
    overlaps = {f"{talks}starts_at__lt": ends, f"{talks}ends_at__gt": begins, f"{talks}state__in": HOLDS_TIME}
    taken = doctors.order_by().filter(**overlaps)
    away = Absence.objects.order_by().filter(doctor__in=doctors, starts_at__lt=ends, ends_at__gt=begins)
    rows = away.values_list("doctor_id", Seconds("starts_at"), Seconds("ends_at")).union(
        taken.values_list("pk", Seconds(f"{talks}starts_at"), Seconds(f"{talks}ends_at")), all=True
    )
    busy: dict[int, list[Span]] = defaultdict(list)
    for doctor, since, until in rows:
        busy[doctor].append((since, until))
    return busy


def nearest_times(doctors: QuerySet[Doctor], *, service: Service, zone: ZoneInfo, now: datetime) -> dict[int, datetime]:
    """By the doctor's key, in `zone`, within BOOKABLE_DAYS; who has none is left out. Two queries."""
    first, last = bookable_days(zone, now)
    found = free_times(doctors, service=service, first=first, last=last, zone=zone, now=now)
    return {doctor: instant(times[0][0]).astimezone(zone) for doctor, times in found.items()}


def bookable_days(zone: ZoneInfo, now: datetime) -> tuple[date, date]:
    today = now.astimezone(zone).date()
    return today, today + timedelta(days=BOOKABLE_DAYS - 1)


class Offer(NamedTuple):
    """A time that the doctor's hours have. `is_held`: somebody has it as of this moment; the constraints decide later."""

    doctor: Doctor
    slot: Span
    is_held: bool


def slot_at(
    slug: str, starts_at: datetime, *, insurer: Insurer, service: Service, now: datetime
) -> Offer | None:  # fmt: skip
    """The time that begins then; None where the doctor's hours have none or an absence lies over it. One query."""
    ends = ExpressionWrapper(Value(starts_at) + ONE_MINUTE * OuterRef("minutes"), DateTimeField())
    away = Absence.objects.filter(doctor=OuterRef("doctor"), starts_at__lt=ends, ends_at__gt=starts_at)
    held = Traffic.objects.filter(
        consultant=OuterRef("doctor__user"), state__in=HOLDS_TIME, starts_at__lt=ends, ends_at__gt=starts_at
    )
    doctors = Doctor.objects.of_insurer(insurer).filter(slug=slug, user__is_active=True)
    rows = Hours.objects.filter(~Exists(away), doctor__in=doctors, services__contains=[service])
    found = list(rows.select_related("doctor__organisation").annotate(is_held=Exists(held)))
    if not found:
        return None
    doctor = found[0].doctor
    slot = slots.is_offered(
        starts_at, [one.rule for one in found], busy=(), zone=doctor.organisation.time_zone, now=now
    )  # fmt: skip
    return Offer(doctor, slot, any(one.is_held for one in found)) if slot else None


def holder_of(offer: Offer) -> Consultation | None:
    """The reader's own consultation that has this time of the doctor, at whatever organisation. One query."""
    begins, ends = map(instant, offer.slot)
    held = Consultation.objects.filter(consultant=offer.doctor.user_id, state__in=HOLDS_TIME)
    return held.filter(starts_at__lt=ends, ends_at__gt=begins).first()
