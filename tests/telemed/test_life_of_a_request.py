"""The life of an urgent request under any order of acts: only documented states, a row for each step, one patient a doctor."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import booleans, integers, sampled_from

from telemed.models import Consultation, ConsultationStep, Doctor, DutySpan
from telemed.queries.files import unsent_files
from telemed.queries.patients import patients_of
from telemed.rules import BEFORE_THE_TALK, TRANSITIONS, WITH_THE_DOCTOR, Event, State, WrongMoment
from telemed.services.cancel import cancel
from telemed.services.duty import go_on_duty, leave_duty
from telemed.services.payments import mark_paid
from telemed.services.queue import NotOnDuty, WithAPatient, put_back, take_next
from telemed.services.request import AlreadyAsked, Told, ask_duty_doctor, choose_telephone
from tests.factories import TODAY
from tests.people import aigul, oksana, yerlan, zarina
from tests.telemed.factories import NOW, a_doctor, with_relatives

TOLD = Told(complaint="…", diagnoses="", allergies="", contraindications="", language="ru")
WHO = sampled_from(["Мама", "Папа", "Сын"])
DOCTORS = integers(0, 1)


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()  # each life begins in an empty one
        self.world.__enter__()
        self.user, self.now = aigul(), NOW
        self.policy = with_relatives(self.user)
        insurer = self.policy.insurer
        self.coordinator = zarina(insurer)
        self.doctors = [
            a_doctor(oksana(), insurer=insurer), a_doctor(yerlan(), insurer=insurer, slug="second"),
        ]  # fmt: skip

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    def one(self, which: int) -> Consultation | None:
        rows = list(Consultation.objects.order_by("pk"))
        return rows[which % len(rows)] if rows else None

    @rule(who=WHO, is_covered=booleans())
    def ask(self, who: str, is_covered: bool) -> None:
        self.policy.cover_starts_on = TODAY if is_covered else TODAY + timedelta(days=9)
        self.policy.save()
        (patient,) = patients_of(self.user, now=self.now)
        with suppress(AlreadyAsked):
            ask_duty_doctor(
                user=self.user, choice=patient.choices[1], close_one=who, born=TODAY.replace(year=1960), told=TOLD,
                files=unsent_files(self.user, patient.person), now=self.now,
            )  # fmt: skip
        assert Consultation.objects.filter(close_one=who, state__in=BEFORE_THE_TALK).count() == 1

    @rule(which=integers(0, 9))
    def pay(self, which: int) -> None:
        if found := self.one(which):
            mark_paid(consultation=found, reference="117", by=self.coordinator, now=self.now)

    @rule(which=integers(0, 9), warned=booleans())
    def call_off(self, which: int, warned: bool) -> None:
        if found := self.one(which):
            cancel(consultation=found, by=self.user, now=self.now, warned=warned)

    @rule(which=integers(0, 9), wanted=booleans())
    def by_telephone(self, which: int, wanted: bool) -> None:
        if found := self.one(which):
            choose_telephone(consultation=found, wanted=wanted)

    @rule(which=DOCTORS)
    def come_or_go(self, which: int) -> None:
        doctor = self.doctors[which]
        if not leave_duty(doctor=doctor, now=self.now):
            go_on_duty(doctor=doctor, now=self.now)

    @rule(which=DOCTORS)
    def take(self, which: int) -> None:
        longest = Consultation.objects.queue().first()
        try:
            taken = take_next(doctor=self.doctors[which], now=self.now)
        except NotOnDuty:
            assert not self.is_on_duty(self.doctors[which])
        except WithAPatient:
            assert self.doctors[which].consultations.filter(state__in=WITH_THE_DOCTOR).exists()
        else:
            assert taken == longest

    @rule(which=integers(0, 9))
    def come_back(self, which: int) -> None:
        if found := self.one(which):
            try:
                put_back(consultation=found, by=None, now=self.now, reason="")
            except WrongMoment:
                assert found.state not in (State.CALLING, State.UNANSWERED, State.TALKING, State.TALKED)

    @rule()
    def time_passes(self) -> None:
        self.now += timedelta(minutes=1)

    def is_on_duty(self, doctor: Doctor) -> bool:
        return DutySpan.objects.current(now=self.now).filter(doctor=doctor).exists()

    @invariant()
    def each_state_is_where_the_steps_lead(self) -> None:
        for found in Consultation.objects.all():
            state = State.UNPAID
            for step in ConsultationStep.objects.filter(consultation=found).order_by("pk"):
                state = TRANSITIONS[state, Event(step.kind)]
            assert found.state == state
            assert (found.state == State.WAITING) <= (found.queued_at is not None and found.doctor is None)
            assert (found.state == State.CALLING) <= (found.called_at is not None)


@pytest.mark.django_db
def test_whatever_happens_in_whichever_order_the_life_stays_the_documented_one() -> None:
    run_state_machine_as_test(Life, settings=settings(max_examples=6, stateful_step_count=25, deadline=None))


@pytest.mark.long
@pytest.mark.django_db
def test_the_same_for_long() -> None:
    run_state_machine_as_test(Life, settings=settings(max_examples=150, stateful_step_count=60, deadline=None))
