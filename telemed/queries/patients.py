"""For whom an account may ask a doctor, what it costs there, and what is owed before the first time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import User
from core.money import Money
from policies.models import Access, ConsentText, Insurer, Person
from policies.queries import Consent, consent_texts, consents_of, covers_for
from policies.rules import AccessKind, AccessScope, ConsentCode, Cover, Service
from policies.rules.cover import Why
from telemed.models import Doctor
from telemed.rules import CONSENTS, ON_DUTY, Speciality, duty_doctor_for, services_of


@dataclass(frozen=True)
class Patient:
    """Somebody whose affairs the account may see in full."""

    person: Person
    is_own: bool
    today: date  # the insurer's
    covers: dict[Service, Cover]
    covers_of_close_ones: dict[Service, Cover] | None  # KIH-20; None: the programme is for the insured person only
    owes: tuple[ConsentCode, ...]  # TM-20
    served: frozenset[Service]  # for which the insurer's medical organisations have any doctor

    @property
    def duty(self) -> Cover:
        """What the duty doctor costs: the one that is meant for this age."""
        return self.covers[duty_doctor_for(self.person.birth_date, today=self.today)[0]]

    @property
    def is_to_be_paid(self) -> bool:
        """TM-27: the page says whom to turn to."""
        return self.duty.price is not None and self.duty.price.amount > 0

    @property
    def may_consult(self) -> bool:
        """At whatever price, urgently or by appointment."""
        return any(cover.price is not None for cover in self.covers.values())

    @property
    def may_book(self) -> bool:
        """Any kind of appointment for which there is somebody."""
        return any(self.covers[service].price is not None for service in self.served if service not in ON_DUTY)

    @property
    def would_wait_in_vain(self) -> bool:
        """For a duty doctor whom the programme or a price promises, and whom the insurer does not have."""
        return self.duty.price is not None and not self.choices

    @property
    def choices(self) -> list["Choice"]:
        """Without those whom no price buys a doctor, and those to whom none would come."""
        close_ones = [Choice(self, True)] if self.covers_of_close_ones else []
        return [choice for choice in (Choice(self, False), *close_ones) if choice.prices]


@dataclass(frozen=True)
class Choice:
    """One answer to «for whom»: the person, or somebody close to them."""

    patient: Patient
    is_close_one: bool

    @property
    def key(self) -> str:
        """Carries the prices that were read: when one changes, the choice is another one and is asked again."""
        who = "close" if self.is_close_one else "self"
        return " ".join([who, str(self.patient.person.public_id), *(f"{price.amount:.2f}" for price in self.prices)])

    @property
    def prices(self) -> list[Money]:
        """Of the duty doctors whom the choice may mean, each sum once; nothing where none can be had."""
        covers = self.patient.covers_of_close_ones if self.is_close_one else None
        of_duty = [covers[service] for service in ON_DUTY] if covers else [self.patient.duty]
        prices = (cover.price for cover in of_duty if cover.service in self.patient.served)
        return list(dict.fromkeys(price for price in prices if price is not None))

    def asks_for(self, born: date | None) -> tuple[Speciality, Cover]:
        """`born`: of the close one; the insured person's is known."""
        birth_date = born if self.is_close_one and born else self.patient.person.birth_date
        service, speciality = duty_doctor_for(birth_date, today=self.patient.today)
        covers = self.patient.covers_of_close_ones if self.is_close_one else None
        return speciality, (covers or self.patient.covers)[service]


@dataclass(frozen=True)
class Owed:
    """What one insurer's patients owe before their first consultation (TM-20)."""

    insurer: Insurer
    patients: list[Patient]
    codes: list[ConsentCode]
    texts: list[ConsentText]

    @property
    def can_be_read(self) -> bool:
        """Publishing demands all texts. An insurer without them would be asked for ticks that no page can offer."""
        return len(self.texts) == len(self.codes)


def patients_of(user: Any, *, now: datetime) -> list[Patient]:
    """One's own person first. Three queries, and two for each person."""
    accesses = Access.objects.current(now=now).filter(user=user, scope=AccessScope.FULL)
    people = list(accesses.select_related("person__insurer").order_by("person__sort_key", "pk"))
    consents, served = consents_of(user), _served_at({access.person.insurer_id for access in people})
    patients = [_patient(access, consents, served[access.person.insurer_id], now) for access in people]
    return sorted(patients, key=lambda patient: not patient.is_own)


def _served_at(insurers: set[int]) -> dict[int, frozenset[Service]]:
    """For what each insurer has any doctor. One query."""
    kinds = Doctor.objects.consulting().filter(organisation__insurers__in=insurers).order_by().distinct()
    found: dict[int, set[Service]] = {insurer: set() for insurer in insurers}
    for insurer, speciality, duty, second in kinds.values_list(
        "organisation__insurers", "speciality", "takes_duty", "gives_second_opinions"
    ):
        found[insurer] |= services_of(speciality, takes_duty=duty, gives_second_opinions=second)
    return {insurer: frozenset(services) for insurer, services in found.items()}


def _patient(access: Access, consents: Collection[Consent], served: frozenset[Service], now: datetime) -> Patient:
    person = access.person
    close_ones = {cover.service: cover for cover in covers_for(person, now=now, for_close_one=True)}
    are_included = any(step.why == Why.COVERS_CLOSE_ONES for cover in close_ones.values() for step in cover.steps)
    return Patient(
        person=person,
        is_own=access.kind == AccessKind.SELF,
        today=person.insurer.today(now),
        covers={cover.service: cover for cover in covers_for(person, now=now)},
        covers_of_close_ones=close_ones if are_included else None,
        owes=_owed(person, consents),
        served=served,
    )


def _owed(person: Person, consents: Collection[Consent]) -> tuple[ConsentCode, ...]:
    """Of exactly this person's data, at their insurer; also what was withdrawn since."""
    standing = {
        one.given.text.code
        for one in consents
        if one.is_standing and one.given.person_id == person.pk and one.given.text.insurer_id == person.insurer_id
    }
    return tuple(code for code in CONSENTS if code not in standing)


def owed_at_insurers(patients: Sequence[Patient]) -> list[Owed]:
    """In the order of the patients. One query for each insurer."""
    owing = [patient for patient in patients if patient.owes]
    found = []
    for insurer in dict.fromkeys(patient.person.insurer for patient in owing):
        mine = [patient for patient in owing if patient.person.insurer == insurer]
        codes = [code for code in CONSENTS if any(code in patient.owes for patient in mine)]
        found.append(Owed(insurer, mine, codes, consent_texts(insurer, codes)))
    return found


def account_with(key: str) -> User | None:
    """Of a draft's owner, while the account is open."""
    return User.objects.filter(pk=key, is_active=True).first()
