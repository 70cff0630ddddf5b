"""Who books: the insured person as this account sees them, with what their policies pay for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from policies.models import Access, Insurer, Party, Person
from policies.rules import AccessScope, Cover, Role, Service, SpecialistTime
from policies.rules.cover import Held, cover_by
from telemed.models import Consultation, Doctor
from telemed.queries.patients import Patient
from telemed.rules import OPEN_STATES, Speciality, booked_as

MOST_AHEAD = 5  # bookings of one person: nobody keeps a doctor's week to themselves


@dataclass(frozen=True)
class Insured:
    person: Person
    held: Sequence[Held]
    ahead: int  # bookings that are still to come

    @property
    def relatives_included(self) -> bool:
        return any(one.terms.consultations and one.terms.consultations.relatives_included for one in self.held)

    @property
    def may_book_more(self) -> bool:
        return self.ahead < MOST_AHEAD

    def cover(self, service: Service, *, now: datetime, for_close_one: bool = False) -> Cover:
        """No query."""
        insurer = self.person.insurer
        return cover_by(
            self.held, service=service, prices=insurer.prices, today=insurer.today(now), for_close_one=for_close_one
        )

    @property
    def has_duty_doctor(self) -> bool:
        """Whether this person's insurer has any. One query."""
        here = Doctor.objects.of_insurer(self.person.insurer).consulting()
        return here.filter(takes_duty=True).exists()

    def waits_for_duty_doctor(self, service: Service, *, now: datetime) -> bool:
        """KIH-17: the programme that answers leaves the hour of a specialist to the duty doctor. Else TM-36."""
        if service != Service.SPECIALIST:
            return False
        answering = self.cover(service, now=now).policy
        terms = next((one.terms for one in self.held if one.policy == answering), None)
        return bool(terms and terms.consultations and terms.consultations.specialist_time == SpecialistTime.DUTY_DOCTOR)


def specialities_for(insurer: Insurer, service: Service) -> list[Speciality]:
    """Of which there is a doctor with hours for this service, in the order of the list. One query."""
    doctors = Doctor.objects.offering(insurer, service).filter(hours__services__contains=[service])
    found = set(doctors.order_by().values_list("speciality", flat=True).distinct())
    return [speciality for speciality in Speciality if speciality in found]


def doctors_for(insurer: Insurer, service: Service, speciality: Speciality) -> QuerySet[Doctor]:
    """By name, with their organisations."""
    return Doctor.objects.offering(insurer, service).filter(speciality=speciality).select_related("organisation")


def offers_with(doctor: Doctor, patients: Sequence[Patient]) -> list[tuple[Patient, Cover]]:
    """For whom of these the doctor can be booked, at whatever price. One query."""
    insurers, service = set(doctor.organisation.insurers.all()), booked_as(doctor.speciality)
    served = [(patient, patient.covers[service]) for patient in patients if patient.person.insurer in insurers]
    return [(patient, cover) for patient, cover in served if cover.price is not None]


def insured_of(user: Any, public_id: UUID, *, now: datetime) -> Insured | None:
    """None: nobody whose affairs this account may see in full. One query."""
    seen = Access.objects.current(now=now).filter(user=user, scope=AccessScope.FULL, person=OuterRef("person"))
    open_ones = Consultation.objects.filter(
        patient=OuterRef("person"), starts_at__isnull=False, state__in=OPEN_STATES
    ).order_by()
    counted = open_ones.values("patient").annotate(count=Count("pk")).values("count")
    rows = Party.objects.filter(role=Role.INSURED, person__public_id=public_id, person__in=seen.values("person"))
    parties = list(
        rows.select_related("person__insurer", "policy__product_version").annotate(ahead=Coalesce(Subquery(counted), 0))
    )
    if not parties or parties[0].person is None:
        return None
    held = [
        Held(one.policy_id, one.policy.product_version.terms, one.policy.cover_starts_on, one.policy.cover_ends_on)
        for one in parties
    ]
    return Insured(parties[0].person, held, parties[0].ahead)


def doctor_named(insurer: Insurer, slug: str) -> Doctor | None:
    return Doctor.objects.of_insurer(insurer).filter(slug=slug).first()
