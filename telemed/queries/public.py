"""Medical organisations and doctors as anybody may read of them (TM-11): at an insurer's host its own, elsewhere all."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from core.languages import OWN_NAMES
from policies.models import Insurer
from policies.rules import Service
from telemed.models import Doctor, MedicalOrganisation
from telemed.queries.slots import nearest_times
from telemed.rules import Speciality, booked_as

PAGE = 20


# ── Doctors ──────────────────────────────────────────────────────────────────
class Alike(NamedTuple):
    """Doctors whom no choice tells apart."""

    speciality: str
    languages: list[str]
    people: int


@dataclass(frozen=True)
class Wanted:
    """What narrows a list, and which page of it. Empty: everybody."""

    speciality: str = ""
    language: str = ""
    number: int = 1

    def leaves(self, groups: Iterable[Alike]) -> int:
        """How many."""
        return sum(one.people for one in groups if self._fits(one))

    def _fits(self, one: Alike) -> bool:
        return self.speciality in ("", one.speciality) and (not self.language or self.language in one.languages)


@dataclass(frozen=True)
class Listed:
    """A doctor, and when they can be had: nothing known of one who takes no bookings."""

    doctor: Doctor
    free_at: datetime | None
    zone: ZoneInfo  # by whose clock


@dataclass(frozen=True)
class DoctorsPage:
    rows: list[Listed]
    wanted: Wanted  # with a page that is there
    pages: int
    specialities: dict[Wanted, int]  # other choices of one, and how many doctors each would leave
    languages: dict[Wanted, int]


def doctors_page(
    wanted: Wanted, *, insurer: Insurer | None, organisation: MedicalOrganisation | None = None, now: datetime
) -> DoctorsPage:  # fmt: skip
    """Of one organisation, or of all, by name. Two queries, and two for each of the two kinds of bookings among those on the
    page."""
    doctors = Doctor.objects.published(insurer)
    if organisation:
        doctors = doctors.filter(organisation=organisation)
    kinds = doctors.order_by().values_list("speciality", "languages").annotate(Count("pk"))
    groups = [Alike(*row) for row in kinds]
    pages = max(1, ceil(wanted.leaves(groups) / PAGE))
    wanted = replace(wanted, number=min(max(1, wanted.number), pages))
    of_speciality = Q(speciality=wanted.speciality) if wanted.speciality else Q()
    of_language = Q(languages__contains=[wanted.language]) if wanted.language else Q()
    ends = wanted.number * PAGE
    found = doctors.filter(of_speciality, of_language).select_related("organisation").order_by("sort_key", "pk")
    first = replace(wanted, number=1)
    return DoctorsPage(
        rows=listed(list(found[ends - PAGE : ends]), insurer=insurer, now=now),
        wanted=wanted,
        pages=pages,
        specialities=_counted((replace(first, speciality=one) for one in ("", *Speciality.values)), groups),
        languages=_counted((replace(first, language=one) for one in ("", *OWN_NAMES)), groups),
    )


def _counted(choices: Iterable[Wanted], groups: list[Alike]) -> dict[Wanted, int]:
    """Without those that leave nobody."""
    return {choice: people for choice in choices if (people := choice.leaves(groups))}


def listed(doctors: list[Doctor], *, insurer: Insurer | None, now: datetime) -> list[Listed]:
    """With the nearest time by the insurer's clock, where none is known by the organisation's. Two queries for each of the
    two kinds of bookings among them; none without doctors."""
    kinds: dict[Service, list[int]] = defaultdict(list)
    for doctor in doctors:
        kinds[booked_as(doctor.speciality)].append(doctor.pk)
    nearest: dict[int, datetime] = {}
    for service, keys in kinds.items():
        bookable = Doctor.objects.consulting().filter(pk__in=keys)
        nearest |= nearest_times(bookable, service=service, zone=ZoneInfo(settings.TIME_ZONE), now=now)
    return [
        Listed(doctor, nearest.get(doctor.pk), insurer.zone if insurer else doctor.organisation.zone)
        for doctor in doctors
    ]


def published_doctor(slug: str, *, insurer: Insurer | None) -> Doctor | None:
    """None: nobody by that name, withdrawn, or of organisations that this host does not speak of. One query."""
    return Doctor.objects.published(insurer).select_related("organisation").filter(slug=slug).first()


def other_places(doctor: Doctor, *, insurer: Insurer | None) -> list[Doctor]:
    """The same human at other organisations. One query."""
    same = Doctor.objects.published(insurer).exclude(pk=doctor.pk).filter(user=doctor.user_id)
    return list(same.select_related("organisation")) if doctor.user_id else []


def doctors_slugs(insurer: Insurer | None) -> list[str]:
    """Of all who are published. One query."""
    return list(Doctor.objects.published(insurer).values_list("slug", flat=True))


# ── Organisations ────────────────────────────────────────────────────────────
def organisations(insurer: Insurer | None) -> QuerySet[MedicalOrganisation]:
    """With `people`: how many of their doctors are published."""
    at_work = Count("doctors", filter=Q(doctors__is_active=True), distinct=True)
    return MedicalOrganisation.objects.published(insurer).annotate(people=at_work)


def organisations_slugs(insurer: Insurer | None) -> list[str]:
    """One query."""
    return list(MedicalOrganisation.objects.published(insurer).values_list("slug", flat=True))


def published_organisation(slug: str, *, insurer: Insurer | None) -> MedicalOrganisation | None:
    """One query."""
    return MedicalOrganisation.objects.published(insurer).filter(slug=slug).first()


def insurers_of(organisation: MedicalOrganisation, *, insurer: Insurer | None) -> list[Insurer]:
    """Whose patients it treats; at an insurer's host no word of the others. One query at most."""
    return [insurer] if insurer else list(organisation.insurers.all())
