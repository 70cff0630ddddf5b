"""Who is taken next, and who keeps which place (TM-32)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from policies.models import Policy
from telemed.models import Consultation, ConsultationStep, Doctor, DutySpan
from telemed.rules import LONGEST_DUTY, SAME_LANGUAGE_FOR, Event, Speciality, State, WrongMoment
from telemed.services.duty import NoDutyDoctor, go_on_duty, leave_duty
from telemed.services.queue import NotOnDuty, WithAPatient, put_back, take_next
from tests.factories import a_borrower, an_insurer
from tests.people import a_person, aigul, insured_browser, oksana, yerlan
from tests.telemed.factories import (
    NOW,
    a_booking,
    a_consultation,
    a_doctor,
    a_patient,
    a_specialist,
    an_organisation,
    on_duty,
)

pytestmark = pytest.mark.django_db
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def user() -> User:
    return aigul()


@pytest.fixture
def policy(user: User) -> Policy:
    return a_patient(user)


def waits(user: User, policy: Policy, who: str, since: datetime = NOW, **facts: Any) -> Consultation:
    return a_consultation(user, policy, close_one=who, queued_at=since, **facts)


def taken(doctor: Doctor, now: datetime = NOW) -> str | None:
    found = take_next(doctor=doctor, now=now)
    return found.close_one if found else None


def states(*consultations: Consultation) -> list[str]:
    return [str(Consultation.objects.get(pk=one.pk).state) for one in consultations]


def free(doctor: Doctor) -> None:
    Consultation.objects.filter(doctor=doctor, state=State.CALLING).update(state=State.CANCELLED)


# ── The order ────────────────────────────────────────────────────────────────
def test_the_longest_wait_is_taken_first_and_then_nobody(user: User, policy: Policy) -> None:
    doctor = on_duty(oksana())
    for who, minutes in (("second", 2), ("first", 3), ("third", 1)):
        waits(user, policy, who, NOW - minutes * MINUTE)
    for expected in ("first", "second", "third", None):
        assert taken(doctor) == expected
        free(doctor)


def test_who_is_taken_is_called_by_this_doctor_and_it_is_written_down(user: User, policy: Policy) -> None:
    doctor = on_duty(oksana())
    waits(user, policy, "")
    take_next(doctor=doctor, now=NOW)
    made, step = Consultation.objects.get(), ConsultationStep.objects.get()
    assert (made.state, made.doctor, made.called_at, made.extensions) == (State.CALLING, doctor, NOW, 0)
    assert (step.kind, step.by, step.at) == (Event.CALL, doctor.user, NOW)


def test_a_gp_takes_no_child_and_no_bookings(user: User, policy: Policy) -> None:
    doctor = on_duty(oksana())
    waits(user, policy, "child", speciality=Speciality.PAEDIATRICIAN)
    a_booking(user, policy, a_specialist(yerlan()), NOW + timedelta(days=1))
    assert taken(doctor) is None
    paediatrician = on_duty(a_person("p@example.kz", is_staff=True), slug="p", speciality=Speciality.PAEDIATRICIAN)
    assert taken(paediatrician) == "child"  # control


def test_a_doctor_takes_the_patients_of_the_insurers_of_the_organisation_only(user: User, policy: Policy) -> None:
    doctor = on_duty(oksana())
    other = a_patient(user, a_borrower())
    waits(user, other, "elsewhere", NOW - MINUTE)
    assert taken(doctor) is None
    an_organisation(other.insurer)  # control: from now on it serves that insurer too
    assert taken(doctor) == "elsewhere"


def test_a_language_is_preferred_for_five_minutes_and_starves_nobody(user: User, policy: Policy) -> None:
    doctor = on_duty(oksana(), languages=["ru"])
    waits(user, policy, "kazakh", NOW, language="kk")
    waits(user, policy, "russian", NOW + MINUTE, language="ru")
    before = NOW + SAME_LANGUAGE_FOR - SECOND
    assert taken(doctor, before) == "russian"
    free(doctor)
    Consultation.objects.filter(close_one="russian").update(state=State.WAITING, doctor=None)
    assert taken(doctor, NOW + SAME_LANGUAGE_FOR) == "kazakh"


def test_no_doctor_is_idle_because_of_a_language(user: User, policy: Policy) -> None:
    doctor = on_duty(oksana(), languages=["ru"])
    waits(user, policy, "kazakh", language="kk")
    assert taken(doctor) == "kazakh"


# ── One at a time ────────────────────────────────────────────────────────────
@pytest.mark.parametrize("state", [State.CALLING, State.TALKING])
def test_who_has_a_patient_takes_no_other(user: User, policy: Policy, state: State) -> None:
    doctor = on_duty(oksana())
    a_consultation(user, policy, state, doctor=doctor, close_one="first")
    waits(user, policy, "second")
    with pytest.raises(WithAPatient):
        take_next(doctor=doctor, now=NOW)
    Consultation.objects.filter(close_one="first").update(state=State.TALKED, channel="chat", began_at=NOW)
    assert taken(doctor) == "second"  # the conclusion is written beside


def test_a_doctor_of_two_organisations_has_one_patient_all_the_same(user: User, policy: Policy) -> None:
    human = oksana()
    on_duty(human)
    other = Doctor.objects.create(
        user=human, organisation=an_organisation(an_insurer("sogaz"), "second"), slug="again", surname="Т",
        given_name="О", speciality=Speciality.THERAPIST, takes_duty=True, practises_since=2015, education={},
        qualification={}, certificate={},
    )  # fmt: skip
    go_on_duty(doctor=other, now=NOW)
    a_consultation(user, policy, State.TALKING, doctor=human.doctors.get(slug="temirbekova"))
    with pytest.raises(WithAPatient):
        take_next(doctor=other, now=NOW)


# ── On duty ──────────────────────────────────────────────────────────────────
def test_only_who_is_on_duty_takes_somebody(user: User, policy: Policy) -> None:
    doctor = a_doctor(oksana())
    waits(user, policy, "first")
    with pytest.raises(NotOnDuty):
        take_next(doctor=doctor, now=NOW)
    go_on_duty(doctor=doctor, now=NOW)
    leave_duty(doctor=doctor, now=NOW)
    with pytest.raises(NotOnDuty):
        take_next(doctor=doctor, now=NOW)
    go_on_duty(doctor=doctor, now=NOW)
    assert taken(doctor) == "first"  # control


@pytest.mark.parametrize("facts", [{"is_active": False}, {"takes_duty": False}, {"user": None}])
def test_who_has_left_takes_nobody(user: User, policy: Policy, facts: dict[str, Any]) -> None:
    doctor = on_duty(oksana())
    waits(user, policy, "first")
    Doctor.objects.filter(pk=doctor.pk).update(**facts)
    doctor.refresh_from_db()
    with pytest.raises(NotOnDuty):
        take_next(doctor=doctor, now=NOW)


def test_duty_is_one_span_however_often_one_presses() -> None:
    doctor = a_doctor(oksana())
    first = go_on_duty(doctor=doctor, now=NOW)
    assert go_on_duty(doctor=doctor, now=NOW + MINUTE) == first
    assert leave_duty(doctor=doctor, now=NOW + 2 * MINUTE)
    assert not leave_duty(doctor=doctor, now=NOW + 3 * MINUTE)
    assert DutySpan.objects.get().until == NOW + 2 * MINUTE


def test_a_duty_that_was_never_left_is_over_after_a_day() -> None:
    doctor = a_doctor(oksana())
    go_on_duty(doctor=doctor, now=NOW)
    assert DutySpan.objects.current(now=NOW + LONGEST_DUTY - SECOND).exists()
    assert not DutySpan.objects.current(now=NOW + LONGEST_DUTY).exists()
    go_on_duty(doctor=doctor, now=NOW + LONGEST_DUTY)
    assert DutySpan.objects.get(until__isnull=False).until == NOW + LONGEST_DUTY


def test_a_specialist_takes_no_duty() -> None:
    with pytest.raises(NoDutyDoctor):
        go_on_duty(doctor=a_specialist(yerlan()), now=NOW)


# ── Back into the queue ──────────────────────────────────────────────────────
@pytest.mark.parametrize("state", [State.CALLING, State.UNANSWERED, State.TALKING])
def test_who_comes_back_keeps_the_place(user: User, policy: Policy, state: State) -> None:
    doctor = on_duty(oksana())
    made = a_consultation(user, policy, state, doctor=doctor, called_at=NOW, queued_at=NOW - MINUTE, close_one="first")
    waits(user, policy, "second", NOW - SECOND)
    put_back(consultation=made, by=None, now=NOW, reason="our network")
    made.refresh_from_db()
    assert (made.state, made.queued_at, made.doctor, made.channel) == (State.WAITING, NOW - MINUTE, None, "")
    assert taken(doctor) == "first"


def test_what_is_over_does_not_come_back(user: User, policy: Policy) -> None:
    made = a_consultation(user, policy, State.CANCELLED)
    with pytest.raises(WrongMoment):
        put_back(consultation=made, by=None, now=NOW, reason="")


def test_who_asked_anew_meanwhile_waits_once_at_the_old_place(user: User, policy: Policy) -> None:
    made = a_consultation(user, policy, State.TALKING, doctor=on_duty(oksana()), queued_at=NOW - MINUTE)
    anew = a_consultation(user, policy, State.WAITING)
    other = a_consultation(user, policy, State.WAITING, close_one="Мама")
    put_back(consultation=made, by=None, now=NOW, reason="our network")
    assert states(made, anew, other) == [State.WAITING, State.CANCELLED, State.WAITING]
    assert ConsultationStep.objects.get(kind=Event.CANCEL).reason == "the earlier request is back in the queue"


def test_of_what_was_called_off_for_it_the_page_leads_to_the_earlier_one(user: User, policy: Policy) -> None:
    User.objects.update(language="en")
    long_ago = a_consultation(user, policy, State.CANCELLED, ended_at=NOW)
    made = a_consultation(user, policy, State.TALKING, doctor=on_duty(oksana()))
    anew = a_consultation(user, policy, State.WAITING)
    put_back(consultation=made, by=None, now=NOW, reason="our network")
    page = insured_browser(user).get(anew.get_absolute_url()).text
    assert "Your earlier request is back in its place in the queue." in page
    assert f'href="{made.get_absolute_url()}"' in page
    assert "Your earlier request" not in insured_browser(user).get(long_ago.get_absolute_url()).text
