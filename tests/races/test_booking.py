"""More patients than times press «Book» at once: each time has one patient, each patient is told at once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connections

from accounts.models import User
from notices.models import Notice
from policies.models import Policy
from policies.queries import cover_for
from policies.rules import Service
from telemed.models import Consultation, Doctor
from telemed.rules.declared import Declared
from telemed.services.booking import Taken, Wish, book
from tests.factories import a_borrower
from tests.people import a_person, yerlan
from tests.races.crowd import CROWD, all_at_once
from tests.telemed.factories import NOW, a_patient, a_specialist, slot_of

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
OF_A_DOCTOR = next(one for one in Consultation._meta.constraints if one.name.endswith("at_one_time_of_a_doctor"))


def patients(count: int) -> list[tuple[User, Policy]]:
    found = []
    for number in range(count):
        user = a_person(f"patient{number}@example.kz", phone=f"+7701{number:07}")
        found.append((user, a_patient(user, a_borrower(f"NL-{number:07}"))))
    return found


def a_wish(user: User, policy: Policy, doctor: Doctor, starts_at: datetime) -> Wish:
    declared = Declared("Голова", "", "", "", "ru")
    cover = cover_for(policy.insured, service=Service.SPECIALIST, now=NOW)
    return Wish(doctor, slot_of(starts_at), policy.insured, cover, declared, user)


def pressed_at_once(crowd: int, times: int) -> Counter[str]:
    """Every time is wanted by `crowd / times` patients. Each connection presses for its share of them, one by one."""
    doctor = a_specialist(yerlan(), insurer=a_borrower("NL-doctor").insurer)
    wishes = [
        a_wish(user, policy, doctor, NOW + timedelta(days=2, minutes=30 * (number % times)))
        for number, (user, policy) in enumerate(patients(crowd))
    ]

    def press(number: int) -> str:
        try:
            book(wish=wishes[number], by=wishes[number].asked_by, now=NOW)
        except Taken:
            return "taken"
        return "booked"

    def presses(connection: int) -> list[str]:
        return [press(number) for number in range(connection, crowd, CROWD)]

    return Counter(answer for answers in all_at_once(presses, CROWD) for answer in answers)


def is_sound(times: int) -> None:
    """A patient a time, a time a patient, and four messages each."""
    booked = Consultation.objects.values_list("starts_at", "patient")
    assert len({at for at, _patient in booked}) == len({patient for _at, patient in booked}) == times
    assert Notice.objects.count() == 4 * times


def test_forty_patients_on_ten_times_book_ten() -> None:
    assert pressed_at_once(40, 10) == {"booked": 10, "taken": 30}
    is_sound(10)


@pytest.mark.long
def test_two_hundred_patients_on_fifty_times_book_fifty() -> None:
    """By forty connections: PostgreSQL has a hundred. Each presses five times in turn."""
    assert pressed_at_once(200, 50) == {"booked": 50, "taken": 150}
    is_sound(50)


@pytest.mark.long
def test_without_the_constraint_a_time_would_have_several_patients() -> None:
    """Control."""
    with without_the_constraint():
        assert pressed_at_once(40, 10) == {"booked": 40}
        assert Consultation.objects.count() > 10


@contextmanager
def without_the_constraint() -> Iterator[None]:
    owner = connections["owner"]
    with owner.schema_editor() as editor:
        editor.remove_constraint(Consultation, OF_A_DOCTOR)
    yield
    with owner.cursor() as cursor:
        cursor.execute("TRUNCATE telemed_consultation CASCADE")
    with owner.schema_editor() as editor:
        editor.add_constraint(Consultation, OF_A_DOCTOR)
