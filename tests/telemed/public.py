"""What anybody gets who asks for the public pages, with the demo's doctors or with many."""

from typing import Any

from django.test import Client

from accounts.models import User
from telemed.models import Doctor
from telemed.rules import Speciality
from telemed.services.doctors import publish_doctors
from tests.factories import an_insurer
from tests.telemed.factories import NOW, an_organisation, open_hours
from tests.telemed.test_published_doctors import DEMO

DOCTORS, CARDIOLOGIST = "/en/doctors/", "/en/doctors/ospanov/"
ORGANISATIONS, DARIGER = "/en/medical-organisations/", "/en/medical-organisations/dariger/"
NOBODY = "/en/doctors/nobody/"


def the_demos_doctors() -> None:
    """Three of one organisation, of NSK among others: Monday to Friday from nine; the cardiologist daily from ten."""
    an_insurer()
    publish_doctors(path=DEMO, now=NOW)


def page(path: str, **options: Any) -> Any:
    return Client().get(path, **options)


def text(path: str, status: int = 200, **options: Any) -> str:
    answer = page(path, **options)
    assert answer.status_code == status
    return str(answer.text).replace("\N{NO-BREAK SPACE}", " ")


def many(count: int) -> None:
    """Cardiologists with hours, by name in order."""
    organisation, words = an_organisation(), {"ru": "Университет"}
    for n in range(count):
        user, _created = User.objects.get_or_create(email=f"d{n}@example.kz", defaults={"is_staff": True})
        doctor = Doctor.objects.create(
            slug=f"doctor-{n}", user=user, surname=f"Врач {n:03}", given_name="Айнур", organisation=organisation,
            speciality=Speciality.CARDIOLOGIST, languages=["ru"], practises_since=2010, education=words,
            qualification=words, certificate=words,
        )  # fmt: skip
        open_hours(doctor)
