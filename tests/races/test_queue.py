"""Doctors press «next» at once: no patient has two of them, no doctor two patients. One request a patient, one payment."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connections

from accounts.models import User
from policies.models import Policy
from telemed.models import Consultation, ConsultationStep, Doctor
from telemed.queries.files import unsent_files
from telemed.queries.patients import patients_of
from telemed.rules import WITH_THE_DOCTOR, State
from telemed.services import queue
from telemed.services.cancel import cancel
from telemed.services.payments import mark_paid
from telemed.services.queue import WithAPatient, put_back, take_next
from telemed.services.request import AlreadyAsked, Told, ask_duty_doctor
from tests.people import a_person, aigul, oksana, zarina
from tests.races.crowd import CROWD, all_at_once, while_waiting
from tests.telemed.factories import NOW, a_consultation, a_covered_patient, a_patient, on_duty

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
PATIENTS = 25  # fewer than doctors
PRESSES = 1000


@pytest.fixture
def policy() -> Policy:
    return a_patient(aigul())


def waiting(policy: Policy, count: int) -> None:
    user = User.objects.get(accesses__person=policy.insured)
    for number in range(count):
        since = NOW - timedelta(seconds=number)
        a_consultation(user, policy, close_one=f"patient {number}", queued_at=since)


def doctors(count: int = CROWD) -> list[Doctor]:
    return [on_duty(a_person(f"doctor{n}@example.kz", is_staff=True), slug=f"doctor-{n}") for n in range(count)]


def taken_by_all(on_duty_now: list[Doctor]) -> list[int]:
    """Numbers of the patients whom they got."""

    def presses(number: int) -> int | None:
        found = take_next(doctor=on_duty_now[number], now=NOW)
        return found.pk if found else None

    return [pk for pk in all_at_once(presses, len(on_duty_now)) if pk is not None]


def without_locks(monkeypatch: pytest.MonkeyPatch, crowd: int) -> None:
    """…and everybody has chosen before the first one writes."""
    everybody_has_chosen, move = Barrier(crowd), queue.move

    def waits_and_moves(*args: Any, **facts: Any) -> None:
        everybody_has_chosen.wait(timeout=30)
        move(*args, **facts)

    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **how: self)
    monkeypatch.setattr(queue, "move", waits_and_moves)


# ── Doctors ──────────────────────────────────────────────────────────────────
def test_of_forty_doctors_at_once_each_patient_has_one(policy: Policy) -> None:
    waiting(policy, PATIENTS)
    taken = taken_by_all(doctors())
    assert len(taken) == len(set(taken)) == PATIENTS
    called = Consultation.objects.filter(state=State.CALLING)
    assert called.values("doctor").distinct().count() == called.count() == PATIENTS
    assert ConsultationStep.objects.count() == PATIENTS


@pytest.mark.long
def test_without_the_locks_they_would_share_a_patient(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    waiting(policy, PATIENTS)
    on_duty_now = doctors()
    without_locks(monkeypatch, CROWD)
    taken = taken_by_all(on_duty_now)
    assert len(set(taken)) < len(taken) == CROWD


def windows_of_one(doctor: Doctor) -> Counter[str]:
    """What forty windows of one doctor are told."""

    def presses(number: int) -> str:
        try:
            return "taken" if take_next(doctor=doctor, now=NOW) else "nobody waits"
        except WithAPatient:
            return "busy"
        except IntegrityError:
            return "refused by the database"

    return Counter(all_at_once(presses))


def test_a_doctor_in_forty_windows_has_one_patient(policy: Policy) -> None:
    waiting(policy, CROWD)
    assert windows_of_one(on_duty(oksana())) == {"taken": 1, "busy": CROWD - 1}


def skipping_without_the_doctors_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody_has_looked = Barrier(CROWD)
    monkeypatch.setattr(queue, "_lock_every_row_of", lambda doctor: None)
    in_order = queue._in_order_for

    def looks_and_takes(doctor: Doctor, now: Any) -> Any:
        everybody_has_looked.wait(timeout=30)
        return in_order(doctor, now)

    monkeypatch.setattr(queue, "_in_order_for", looks_and_takes)


@pytest.mark.long
def test_if_the_doctors_row_were_not_locked_the_database_would_refuse_the_others(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(policy, CROWD)
    doctor = on_duty(oksana())
    skipping_without_the_doctors_lock(monkeypatch)
    told = windows_of_one(doctor)
    assert (told["taken"], told["refused by the database"]) == (1, CROWD - 1)


@pytest.fixture
def unguarded() -> Iterator[None]:
    guard = next(one for one in Consultation._meta.constraints if one.name == "consultation_one_a_doctor")
    with connections["owner"].schema_editor() as editor:
        editor.remove_constraint(Consultation, guard)
    yield
    with connections["owner"].schema_editor() as editor:
        editor.execute("TRUNCATE telemed_consultation CASCADE")
        editor.add_constraint(Consultation, guard)
    connections["owner"].close()


@pytest.mark.long
def test_without_lock_and_constraint_a_doctor_would_have_many(
    policy: Policy, unguarded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control."""
    waiting(policy, CROWD)
    doctor = on_duty(oksana())
    skipping_without_the_doctors_lock(monkeypatch)
    assert windows_of_one(doctor)["taken"] > 1


@pytest.mark.long
def test_two_doctors_who_press_a_thousand_times_never_share_a_patient(policy: Policy) -> None:
    waiting(policy, 2 * PRESSES)
    two = doctors(2)

    def presses(number: int) -> list[int]:
        got = []
        for _ in range(PRESSES):
            found = take_next(doctor=two[number], now=NOW)
            assert found
            assert Consultation.objects.filter(doctor=two[number], state__in=WITH_THE_DOCTOR).count() == 1
            got.append(found.pk)
            cancel(consultation=found, by=None, now=NOW, warned=True)  # the next press begins
        return got

    first, second = all_at_once(presses, 2)
    assert len(set(first) | set(second)) == 2 * PRESSES
    assert not set(first) & set(second)


# ── Patients and coordinators ────────────────────────────────────────────────
def test_forty_who_ask_for_one_patient_at_once_wait_once() -> None:
    user = aigul()
    a_covered_patient(user)
    (patient,) = patients_of(user, now=NOW)
    told = Told(complaint="…", diagnoses="", allergies="", contraindications="", language="ru")

    def asks(number: int) -> str:
        try:
            ask_duty_doctor(
                user=user, choice=patient.choices[0], close_one="", born=None, told=told,
                files=unsent_files(user, patient.person), now=NOW,
            )  # fmt: skip
        except AlreadyAsked as already:
            return str(already.consultation.pk)
        return "asked"

    answers = Counter(all_at_once(asks, 20))  # as many as a day allows
    assert answers == {"asked": 1, str(Consultation.objects.get().pk): 19}


def test_who_asks_anew_in_the_moment_of_coming_back_waits_once(policy: Policy) -> None:
    user, doctor = User.objects.get(accesses__person=policy.insured), on_duty(oksana())
    talking = a_consultation(user, policy, State.TALKING, doctor=doctor)
    while_waiting(
        lambda: put_back(consultation=talking, by=None, now=NOW, reason="our network"),
        lambda: a_consultation(user, policy),
    )
    assert dict(Consultation.objects.values_list("state", "pk"))[State.WAITING] == talking.pk
    assert Consultation.objects.filter(state=State.CANCELLED).count() == 1


def test_of_taking_and_cancelling_at_once_one_happens_first(policy: Policy) -> None:
    """Cancelled first: nobody is called. Called first: the call is cancelled."""
    waiting(policy, 1)
    doctor, patient = on_duty(oksana()), Consultation.objects.get()

    def acts(number: int) -> bool:
        if number % 2:
            return cancel(consultation=patient, by=None, now=NOW, warned=True) is not None
        try:
            return take_next(doctor=doctor, now=NOW) is not None
        except WithAPatient:
            return False

    assert sum(all_at_once(acts)[1::2]) == 1
    assert Consultation.objects.get().state == State.CANCELLED
    kinds = list(ConsultationStep.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds in (["cancel"], ["call", "cancel"])


def test_of_forty_coordinators_one_notes_the_payment(policy: Policy) -> None:
    unpaid = a_consultation(
        User.objects.get(accesses__person=policy.insured), policy, State.UNPAID, price=5000, queued_at=None
    )
    coordinator = zarina(policy.insurer)
    noted = all_at_once(lambda n: mark_paid(consultation=unpaid, reference=str(n), by=coordinator, now=NOW))
    assert sum(noted) == ConsultationStep.objects.count() == 1
    unpaid.refresh_from_db()
    assert unpaid.payment_reference == str(noted.index(True))
