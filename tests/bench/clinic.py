"""Doctors and patients for the benches of bookings, beside the people of `town`."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connections
from django.test import Client
from django.utils import timezone

from accounts.models import User
from policies.models import Access, Insurer, Party, Person, ProductVersion
from policies.queries import consent_texts
from policies.rules import AccessKind, AccessScope, Role, Service
from policies.services.consents import give_consents
from telemed.models import Absence, Consultation, Doctor, Hours, MedicalOrganisation
from telemed.queries.times import Time
from telemed.rules import CONSENTS, Speciality, State
from tests.bench import town

PATIENTS, TIMES = 200, 50  # who book, and what they want
STAFF = 5  # doctors, with 14 times a day each
PROGRAMME = "life-with-telemedicine"
OPENS, CLOSES, BREAK, MINUTES = 9 * 60, 17 * 60, (13 * 60, 14 * 60), 30


@cache
def settle() -> None:
    """Patients who owe nothing, and doctors with times for a turn."""
    version = ProductVersion.objects.current().get(product__code=PROGRAMME)
    insurer = version.product.insurer
    texts, now = consent_texts(insurer, CONSENTS), timezone.now()
    for number in range(PATIENTS):
        person = town.a_person(insurer, 1_000_000 + number)
        person.save()
        policy = town.a_policy(version, 1_000_000 + number)
        policy.save()
        Party.objects.create(policy=policy, person=person, role=Role.INSURED)
        user = User.objects.create(email=email(number), phone=f"+7701{number:07}")
        Access.objects.create(
            user=user, person=person, kind=AccessKind.SELF, scope=AccessScope.FULL, proof="facts", since=now
        )
        give_consents(user=user, texts=texts, person=person, language="ru", now=now)
    a_staff(insurer, Speciality.CARDIOLOGIST, STAFF)


def a_staff(insurer: Insurer, speciality: Speciality, count: int) -> list[Doctor]:
    """Each with the same week: Monday to Sunday, nine to five with a break."""
    house, _created = MedicalOrganisation.objects.get_or_create(
        slug="bench", defaults={"names": {"ru": "Клиника"}, "licence": "1", "phone": "+77172000000"}
    )
    house.insurers.add(insurer)
    users = User.objects.bulk_create(
        User(email=f"{speciality}{n}@example.kz", is_staff=True, is_active=True) for n in range(count)
    )
    found = Doctor.objects.bulk_create(
        Doctor(
            user=user, organisation=house, slug=f"{speciality}-{n}", surname="Врач", given_name=f"{n}", sort_key=f"{n:05}",
            speciality=speciality, practises_since=2010, education={}, qualification={}, certificate={},
        ) for n, user in enumerate(users)
    )  # fmt: skip
    Hours.objects.bulk_create(
        Hours(
            doctor=doctor, weekday=weekday, opens=OPENS, closes=CLOSES, break_from=BREAK[0], break_until=BREAK[1],
            minutes=MINUTES, services=[Service.SPECIALIST], since=timezone.localdate() - timedelta(days=30),
        ) for doctor in found for weekday in range(7)
    )  # fmt: skip
    return found


def fill(insurer: Insurer, speciality: Speciality, *, doctors: int, taken: int) -> None:
    """A booking of so many insured people of the town, spread over the doctors' month; every tenth doctor is away a week."""
    here = a_staff(insurer, speciality, doctors)
    booker, first = User.objects.get(email=town.email(0)), midnight()
    people = Person.objects.filter(insurer=insurer).order_by("pk")[:taken]
    Consultation.objects.bulk_create(
        (
            a_booking(person, here[number % doctors], booker, first + a_place(number // doctors))
            for number, person in enumerate(people)
        ),
        batch_size=2_000,
    )
    Absence.objects.bulk_create(
        Absence(doctor=doctor, starts_at=first + timedelta(days=3), ends_at=first + timedelta(days=10))
        for doctor in here[::10]
    )


def a_place(number: int) -> timedelta:
    """The so-and-so-many-th time of a doctor: each of four weeks' days once, then half an hour later."""
    return timedelta(days=number % 28, minutes=OPENS + number // 28 * MINUTES)


def a_booking(person: Person, doctor: Doctor, booker: User, at: datetime) -> Consultation:
    return Consultation(
        insurer_id=person.insurer_id, patient=person, asked_by=booker, language="ru", price=0, currency="KZT",
        service=Service.SPECIALIST, speciality=doctor.speciality, state=State.BOOKED, complaint="…",
        phone="+77010000000", doctor=doctor, consultant_id=doctor.user_id, starts_at=at,
        ends_at=at + timedelta(minutes=MINUTES),
    )  # fmt: skip


def email(number: int) -> str:
    return f"patient{number}@example.kz"


def midnight() -> datetime:
    """Of tomorrow, at the doctors."""
    zone = MedicalOrganisation.objects.get(slug="bench").zone
    return datetime.combine(timezone.now().astimezone(zone).date() + timedelta(days=1), time(), zone)


def wanted(number: int) -> dict[str, Any]:
    """The form of a patient: `number` counts times, one doctor after the other."""
    slots = [OPENS + n * MINUTES for n in range((CLOSES - OPENS) // MINUTES)]
    free = [minute for minute in slots if not BREAK[0] <= minute < BREAK[1]]
    doctor = Doctor.objects.get(slug=f"{Speciality.CARDIOLOGIST}-{number // len(free)}")
    at = midnight() + timedelta(days=2, minutes=free[number % len(free)])
    return {
        "slot": Time(doctor, at).key, "price": "0.00", "language": "ru", "complaint": "Третий день болит голова",
        "diagnoses": "", "allergies": "", "contraindications": "",
    }  # fmt: skip


@cache
def sessions() -> list[dict[str, str]]:
    """Of each patient: the headers of a browser that is signed in, and the address where they book."""
    return list(_signed_in())


def _signed_in() -> Iterator[dict[str, str]]:
    for number in range(PATIENTS):
        user = User.objects.get(email=email(number))
        browser = Client()
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        person = Access.objects.get(user=user).person.public_id
        yield {
            "X-Patient": user.email,
            "path": f"/doctor/booking/{person}/specialist/appointment/",
            "session": f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}",
        }


def forget_bookings() -> None:
    """As `owner`: the role `web` deletes no history."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE telemed_consultation, telemed_consultationstep, notices_notice CASCADE")
