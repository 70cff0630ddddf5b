"""The doctor's desk: what a doctor sees, does, and never sees."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from accounts.models import User
from core.models import AuditEvent
from policies.models import Policy
from policies.queries import looks_at
from policies.rules import Service
from telemed.models import (
    Absence,
    Attempt,
    Conclusion,
    Consultation,
    Dialling,
    Doctor,
    Draft,
    DutySpan,
    Hours,
    Phrase,
)
from telemed.rules import AttemptResult, State
from telemed.services.attempts import record_attempt
from tests.factories import a_borrower
from tests.forms import sends
from tests.people import aigul, insured_browser, marat, oksana, staff_browser, yerlan
from tests.queries import statements
from tests.telemed.after import ENDED, WRITTEN, a_talk, sent
from tests.telemed.factories import (
    NOW,
    a_booking,
    a_consultation,
    a_covered_patient,
    a_doctor,
    a_specialist,
    open_hours,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
THREE = timedelta(minutes=3)


@pytest.fixture
def user() -> User:
    return oksana(phone="+77010000077", language="en")


@pytest.fixture
def policy() -> Policy:
    return a_covered_patient(aigul(), a_borrower())


@pytest.fixture
def doctor(user: User, policy: Policy) -> Doctor:
    return a_doctor(user, insurer=policy.insurer)


@pytest.fixture
def desk(doctor: Doctor) -> Client:
    assert doctor.user
    browser = staff_browser(doctor.user)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def of_aigul(policy: Policy, state: State, **facts: Any) -> Consultation:
    return a_consultation(User.objects.get(email="aigul@example.kz"), policy, state, **facts)


def does(browser: Client, address: str, **form: Any) -> Any:
    return sends(browser, address, form)


def page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def at(consultation: Consultation, room: str = "") -> str:
    return f"/desk/consultations/{consultation.public_id}/{room}"


# ── Who comes in ─────────────────────────────────────────────────────────────
def test_a_doctor_lands_at_the_desk(desk: Client) -> None:
    assert desk.get("/")["Location"] == "/desk/"
    assert "The doctor’s desk" in page(desk, "/desk/")


def test_without_the_second_factor_nobody_comes_in(doctor: Doctor) -> None:
    assert doctor.user
    assert insured_browser(doctor.user).get("/desk/")["Location"].startswith("/staff/login/")


def test_other_staff_have_no_desk() -> None:
    browser = staff_browser(marat())
    assert [browser.get(f"/desk/{room}").status_code for room in ("", "phrases/", "schedule/")] == [403] * 3


def test_who_does_not_work_here_any_more_has_no_desk(desk: Client, doctor: Doctor) -> None:
    Doctor.objects.update(is_active=False)
    assert desk.get("/desk/").status_code == 403


# ── The day ──────────────────────────────────────────────────────────────────
def test_the_desk_says_what_is_to_be_done(desk: Client, doctor: Doctor, policy: Policy) -> None:
    of_aigul(policy, State.UNANSWERED, doctor=doctor, called_at=NOW)
    of_aigul(policy, State.TALKED, doctor=doctor, ended_at=NOW - timedelta(hours=1), close_one="Мама")
    of_aigul(policy, State.WAITING, close_one="Папа")
    a_booking(User.objects.get(email="aigul@example.kz"), policy, doctor, NOW + timedelta(hours=2))
    shown = page(desk, "/desk/")
    for words in ["Next attempt from 12:03:00", "The talk ended 21 November, 11:00", "14:00, Айгуль С.", "1</b>"]:
        assert words in shown


def test_another_doctors_day_is_not_shown(desk: Client, policy: Policy) -> None:
    other = a_specialist(yerlan(), insurer=policy.insurer)
    of_aigul(policy, State.TALKED, doctor=other, ended_at=NOW)
    assert "All conclusions are sent." in page(desk, "/desk/")


def test_the_desk_costs_as_much_for_many_as_for_one(desk: Client, doctor: Doctor, policy: Policy) -> None:
    of_aigul(policy, State.TALKED, doctor=doctor, ended_at=NOW)
    with statements() as few:
        page(desk, "/desk/")
    for number in range(5):
        of_aigul(policy, State.TALKED, doctor=doctor, ended_at=NOW, close_one=f"Мама {number}")
        of_aigul(policy, State.UNANSWERED, doctor=doctor, called_at=NOW, close_one=f"Тётя {number}")
    with statements() as many:
        page(desk, "/desk/")
    assert len(many) == len(few)


# ── Duty ─────────────────────────────────────────────────────────────────────
def test_on_duty_the_next_patient_is_called(desk: Client, doctor: Doctor, policy: Policy) -> None:
    waiting = of_aigul(policy, State.WAITING)
    assert "You are not on duty" in page(desk, "/desk/")
    does(desk, f"/desk/duty/{doctor.slug}/", act="begin")
    assert DutySpan.objects.get().until is None
    assert does(desk, f"/desk/duty/{doctor.slug}/next/")["Location"] == at(waiting)
    assert Consultation.objects.get().state == State.CALLING


def test_nobody_is_given_off_duty_or_beside_another_patient(desk: Client, doctor: Doctor, policy: Policy) -> None:
    of_aigul(policy, State.WAITING)
    assert does(desk, f"/desk/duty/{doctor.slug}/next/")["Location"] == "/desk/"
    does(desk, f"/desk/duty/{doctor.slug}/", act="begin")
    of_aigul(policy, State.TALKING, doctor=doctor, close_one="Мама")
    does(desk, f"/desk/duty/{doctor.slug}/next/")
    assert "You are with another patient" in page(desk, "/desk/")


def test_an_empty_queue_says_so(desk: Client, doctor: Doctor) -> None:
    does(desk, f"/desk/duty/{doctor.slug}/", act="begin")
    does(desk, f"/desk/duty/{doctor.slug}/next/")
    assert "Nobody is waiting now." in page(desk, "/desk/")


def test_duty_is_left_and_a_specialist_takes_none(desk: Client, doctor: Doctor) -> None:
    does(desk, f"/desk/duty/{doctor.slug}/", act="begin")
    does(desk, f"/desk/duty/{doctor.slug}/", act="leave")
    assert DutySpan.objects.get().until == NOW
    Doctor.objects.update(takes_duty=False)
    does(desk, f"/desk/duty/{doctor.slug}/", act="begin")
    assert DutySpan.objects.count() == 1


def test_nobody_goes_on_duty_in_anothers_name(desk: Client, policy: Policy) -> None:
    other = a_doctor(yerlan(), insurer=policy.insurer, slug="another")
    assert does(desk, f"/desk/duty/{other.slug}/", act="begin").status_code == 404


# ── One consultation ─────────────────────────────────────────────────────────
def test_the_page_shows_what_the_patient_has_told(desk: Client, doctor: Doctor, policy: Policy) -> None:
    told = {"diagnoses": "Гипертония", "allergies": "Пенициллин", "contraindications": "Нет"}
    shown = page(desk, at(of_aigul(policy, State.TALKING, doctor=doctor, **told)))
    for words in [*told.values(), "Третий день болит горло", "65 years old", "Садыкова Айгуль", "+77012345678"]:
        assert words in shown


def test_a_close_one_has_an_age_of_their_own(desk: Client, doctor: Doctor, policy: Policy) -> None:
    child = of_aigul(policy, State.TALKING, doctor=doctor, close_one="Ахметов Арман", close_one_born=date(2020, 11, 22))
    shown = page(desk, at(child))
    assert "Ахметов Арман" in shown
    assert "5 years old" in shown  # six tomorrow


def test_another_doctors_patient_is_not_found(desk: Client, policy: Policy) -> None:
    other = a_specialist(yerlan(), insurer=policy.insurer)
    foreign = of_aigul(policy, State.TALKED, doctor=other, ended_at=NOW)
    assert desk.get(at(foreign)).status_code == 404
    for room in ("attempts/", "dialling/", "return/", "draft/", "conclusion/"):
        assert does(desk, at(foreign, room)).status_code == 404
    assert desk.get(at(of_aigul(policy, State.WAITING))).status_code == 404


@pytest.mark.parametrize(("ago", "code"), [(timedelta(days=7), 404), (timedelta(days=7, seconds=-1), 200)])
def test_a_closed_one_leaves_the_desk_after_seven_days(
    desk: Client, doctor: Doctor, policy: Policy, ago: timedelta, code: int
) -> None:
    closed = of_aigul(policy, State.CONCLUDED, doctor=doctor, ended_at=NOW - ago, rendered_at=NOW - ago)
    assert desk.get(at(closed)).status_code == code


def test_an_earlier_conclusion_is_read_and_the_patient_sees_who_read_it(
    desk: Client, doctor: Doctor, policy: Policy
) -> None:
    patient = User.objects.get(email="aigul@example.kz")
    before = a_talk(user=patient, policy=policy, doctor=a_specialist(yerlan(), insurer=policy.insurer))
    sent(before)
    present = of_aigul(policy, State.TALKING, doctor=doctor)
    assert WRITTEN["methods"] not in page(desk, at(present))
    assert not AuditEvent.objects.filter(verb__contains="conclusion").exists()
    assert WRITTEN["methods"] in page(desk, at(present, f"earlier/{before.public_id}/"))
    (look,) = looks_at(patient, now=NOW)
    assert look.doctor == "Темирбекова Оксана Павловна"
    browser = insured_browser(patient)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Your doctor Темирбекова Оксана Павловна" in page(browser, "/policies/looks/")


def test_what_was_about_somebody_close_is_not_about_the_insured_person(
    desk: Client, doctor: Doctor, policy: Policy
) -> None:
    patient = User.objects.get(email="aigul@example.kz")
    mothers = a_talk(user=patient, policy=policy, doctor=doctor, close_one="Мама")
    sent(mothers)
    present = of_aigul(policy, State.TALKING, doctor=doctor)
    assert "There are none." in page(desk, at(present))
    assert desk.get(at(present, f"earlier/{mothers.public_id}/")).status_code == 404


def test_another_patients_conclusion_is_not_found(desk: Client, doctor: Doctor, policy: Policy) -> None:
    stranger = a_borrower("NL-0000099", surname="Чужая")
    foreign = a_talk(user=User.objects.get(email="aigul@example.kz"), policy=stranger, doctor=doctor)
    sent(foreign)
    present = of_aigul(policy, State.TALKING, doctor=doctor)
    assert desk.get(at(present, f"earlier/{foreign.public_id}/")).status_code == 404


# ── Attempts ─────────────────────────────────────────────────────────────────
def test_an_attempt_is_recorded_from_the_page_and_not_too_early(
    desk: Client, doctor: Doctor, policy: Policy, clock: time_machine.Traveller
) -> None:
    missed = of_aigul(policy, State.UNANSWERED, doctor=doctor, called_at=NOW)
    shown = page(desk, at(missed))
    assert "The next attempt counts from 12:03:00" in shown
    assert 'data-of="180" data-then-stale' in shown  # then the form comes by itself
    does(desk, at(missed, "attempts/"), result="no_answer")
    assert not Attempt.objects.exists()
    assert "It was too early" in page(desk, at(missed))
    clock.move_to(NOW + THREE)
    does(desk, at(missed, "dialling/"))
    assert Dialling.objects.get().answer == "sandbox"
    does(desk, at(missed, "attempts/"), result="busy")
    assert (Attempt.objects.get().result, Attempt.objects.get().gateway_answer) == ("busy", "sandbox")


def test_what_happened_has_to_be_said(desk: Client, doctor: Doctor, policy: Policy) -> None:
    missed = of_aigul(policy, State.UNANSWERED, doctor=doctor, called_at=NOW - THREE)
    answer = does(desk, at(missed, "attempts/"))
    assert "Fill in “What happened?”" in answer.content.decode()
    assert not Attempt.objects.exists()


def test_a_failure_of_ours_is_given_back_with_its_reason(desk: Client, doctor: Doctor, policy: Policy) -> None:
    missed = of_aigul(policy, State.UNANSWERED, doctor=doctor, called_at=NOW)
    assert does(desk, at(missed, "return/")).status_code == 200
    does(desk, at(missed, "return/"), reason="no sound on our side")
    assert Consultation.objects.get().state == State.WAITING


def test_three_attempts_are_read_by_the_patient(doctor: Doctor, policy: Policy) -> None:
    missed = of_aigul(policy, State.UNANSWERED, doctor=doctor, called_at=NOW)
    for number in (1, 2, 3):
        record_attempt(
            consultation=missed, result=AttemptResult.NO_ANSWER, by=doctor.user, now=NOW + number * THREE
        )  # fmt: skip
    browser = insured_browser(missed.asked_by)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    shown = page(browser, f"/doctor/consultations/{missed.public_id}/")
    for words in ["The doctor could not reach you", "12:03:00", "12:06:00", "12:09:00", "until 28 November 2026", "3"]:
        assert words in shown


# ── The conclusion ───────────────────────────────────────────────────────────
def test_a_draft_is_saved_by_the_button_and_by_the_script(desk: Client, doctor: Doctor, policy: Policy) -> None:
    talk = of_aigul(policy, State.TALKING, doctor=doctor)
    assert does(desk, at(talk, "draft/"), heard="Горло").status_code == 302
    answer = desk.post(at(talk, "draft/"), {"heard": "Горло болит"}, headers={"accept": "application/json"})
    assert answer.json() == {"saved": "12:00:00"}
    assert Draft.objects.get().heard == "Горло болит"
    assert "Горло болит" in page(desk, at(talk))


def test_the_script_is_told_when_nothing_was_saved(desk: Client, doctor: Doctor, policy: Policy) -> None:
    talk = of_aigul(policy, State.CONCLUDED, doctor=doctor, ended_at=NOW, rendered_at=NOW)
    answer = desk.post(at(talk, "draft/"), {"heard": "Горло"}, headers={"accept": "application/json"})
    assert answer.status_code == 409


def test_the_conclusion_is_sent_and_the_page_shows_it(desk: Client, doctor: Doctor, policy: Policy) -> None:
    talk = of_aigul(policy, State.TALKED, doctor=doctor, ended_at=ENDED)
    does(desk, at(talk, "conclusion/"), **WRITTEN)
    assert Conclusion.objects.get().methods == WRITTEN["methods"]
    shown = page(desk, at(talk))
    assert WRITTEN["risks"] in shown
    assert "<textarea" not in shown


def test_an_unfinished_one_is_not_sent_and_nothing_typed_is_lost(desk: Client, doctor: Doctor, policy: Policy) -> None:
    talk = of_aigul(policy, State.TALKED, doctor=doctor, ended_at=ENDED)
    answer = does(desk, at(talk, "conclusion/"), **(WRITTEN | {"outcome": ""}))
    assert WRITTEN["methods"] in answer.content.decode()
    assert not Conclusion.objects.exists()


def test_what_looks_like_a_prescription_is_shown_once_and_sent_if_the_doctor_wants(
    desk: Client, doctor: Doctor, policy: Policy
) -> None:
    talk = of_aigul(policy, State.TALKED, doctor=doctor, ended_at=ENDED)
    doubtful = WRITTEN | {"methods": "Принимать по 1 таблетке 3 раза в день"}
    warned = does(desk, at(talk, "conclusion/"), **doubtful).content.decode()
    assert "looks like a prescription" in warned
    assert (Conclusion.objects.count(), Draft.objects.count()) == (0, 1)
    does(desk, at(talk, "conclusion/"), **doubtful, all_the_same="yes")
    assert Conclusion.objects.count() == 1


def test_sent_twice_it_is_one(desk: Client, doctor: Doctor, policy: Policy) -> None:
    talk = of_aigul(policy, State.TALKED, doctor=doctor, ended_at=ENDED)
    for _ in range(2):
        assert does(desk, at(talk, "conclusion/"), **WRITTEN).status_code == 302
    assert Conclusion.objects.count() == 1


# ── A specialist for the patient ─────────────────────────────────────────────
def test_a_duty_doctor_books_a_specialist_for_the_patient(desk: Client, doctor: Doctor, policy: Policy) -> None:
    """KIH-17. The 21st is a Saturday; Monday at nine is the first time of the cardiologist."""
    specialist = a_specialist(yerlan(), insurer=policy.insurer)
    open_hours(specialist)
    talk = of_aigul(policy, State.TALKING, doctor=doctor)
    assert "Cardiologist" in page(desk, at(talk, "referral/"))
    times = page(desk, at(talk, "referral/cardiologist/"))
    key = f"{specialist.slug}.{int((NOW + timedelta(days=1, hours=21)).timestamp())}"
    assert key in times
    assert "Book this time?" in page(desk, at(talk, f"referral/cardiologist/?slot={key}"))
    does(desk, at(talk, "referral/cardiologist/"), slot=key)
    booked = Consultation.objects.get(service=Service.SPECIALIST)
    assert (booked.state, booked.doctor, booked.patient) == (State.BOOKED, specialist, policy.insured)
    assert booked.asked_by == talk.asked_by


def test_a_time_that_is_gone_or_invented_books_nothing(desk: Client, doctor: Doctor, policy: Policy) -> None:
    talk = of_aigul(policy, State.TALKING, doctor=doctor)
    for key in ("ospanov.1", "nobody.99999999", "?"):
        does(desk, at(talk, "referral/cardiologist/"), slot=key)
    assert desk.get(at(talk, "referral/astrologer/")).status_code == 404
    assert Consultation.objects.count() == 1


def test_who_has_not_talked_with_the_patient_books_nobody(desk: Client, doctor: Doctor, policy: Policy) -> None:
    missed = of_aigul(policy, State.UNANSWERED, doctor=doctor, called_at=NOW)
    assert desk.get(at(missed, "referral/")).status_code == 404


# ── Phrases, hours, absences ─────────────────────────────────────────────────
def test_a_doctors_own_phrases_stand_before_the_common_ones(desk: Client, doctor: Doctor, policy: Policy) -> None:
    desk.post("/desk/phrases/", {"language": "ru", "text": "Здравствуйте, я Оксана Павловна"})
    desk.post("/desk/phrases/", {"language": "kk", "text": "Сәлеметсіз бе"})
    shown = page(desk, at(of_aigul(policy, State.TALKING, doctor=doctor, language="ru")))
    assert "Здравствуйте, я Оксана Павловна" in shown
    assert "Сәлеметсіз бе" not in shown
    mine = Phrase.objects.get(language="kk")
    desk.post(f"/desk/phrases/{mine.pk}/removal/")
    assert Phrase.objects.count() == 1


def test_anothers_phrases_hours_and_absences_are_not_found(desk: Client, policy: Policy) -> None:
    other = a_specialist(yerlan(), insurer=policy.insurer)
    open_hours(other)
    assert other.user
    phrase = Phrase.objects.create(user=other.user, language="ru", text="Добрый день")
    away = Absence.objects.create(doctor=other, starts_at=NOW, ends_at=NOW + THREE)
    hours = Hours.objects.first()
    assert hours
    for address in (f"phrases/{phrase.pk}/removal/", f"schedule/absences/{away.pk}/removal/",
                    f"schedule/hours/{hours.pk}/end/", "schedule/ospanov/hours/", "schedule/ospanov/absences/"):  # fmt: skip
        assert does(desk, f"/desk/{address}").status_code == 404


HOURS = {
    "weekday": "0", "opens": "9:00", "closes": "17:00", "break_from": "13:00", "break_until": "14:00", "minutes": "30",
    "services": ["planned_gp"], "since_0": "1", "since_1": "12", "since_2": "2026",
}  # fmt: skip


def test_hours_are_kept_shown_and_ended(desk: Client, doctor: Doctor) -> None:
    assert does(desk, f"/desk/schedule/{doctor.slug}/hours/", **HOURS).status_code == 302
    hours = Hours.objects.get()
    assert (hours.opens, hours.closes, hours.break_from, hours.until) == (540, 1020, 780, None)
    assert "Monday, 9:00–17:00" in page(desk, "/desk/schedule/")
    again = does(desk, f"/desk/schedule/{doctor.slug}/hours/", **HOURS).content.decode()
    assert "There are hours at this time already" in again
    desk.post(f"/desk/schedule/hours/{hours.pk}/end/")
    assert not Hours.objects.exists()  # they had not begun


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"closes": "9:00"}, "The end is later than the beginning"),
        ({"break_until": ""}, "A break has a beginning and an end"),
        ({"break_until": "17:30"}, "The break lies inside the hours"),
        ({"until_0": "30", "until_1": "11", "until_2": "2026"}, "The last day is not before the first"),
        ({"minutes": "20"}, "30"),
        ({"opens": "25:00"}, "time"),
    ],
)
def test_hours_that_make_no_sense_are_refused_in_words(
    desk: Client, doctor: Doctor, changes: dict[str, str], said: str
) -> None:
    answer = does(desk, f"/desk/schedule/{doctor.slug}/hours/", **(HOURS | changes))
    assert said in answer.content.decode()
    assert not Hours.objects.exists()


def test_an_absence_names_who_is_booked_inside_it(desk: Client, doctor: Doctor, policy: Policy) -> None:
    a_booking(User.objects.get(email="aigul@example.kz"), policy, doctor, NOW + timedelta(days=2))
    days = {"first_0": "23", "first_1": "11", "first_2": "2026", "last_0": "24", "last_1": "11", "last_2": "2026"}
    does(desk, f"/desk/schedule/{doctor.slug}/absences/", **days)
    away = Absence.objects.get()
    assert away.ends_at - away.starts_at == timedelta(days=2)
    shown = page(desk, "/desk/schedule/")
    assert "1 patient is booked inside it" in shown
    desk.post(f"/desk/schedule/absences/{away.pk}/removal/")
    assert not Absence.objects.exists()


# ── Methods ──────────────────────────────────────────────────────────────────
def test_what_acts_is_posted(desk: Client, doctor: Doctor, policy: Policy) -> None:
    talk = of_aigul(policy, State.TALKED, doctor=doctor, ended_at=ENDED)
    rooms = ("attempts/", "dialling/", "return/", "draft/", "conclusion/")
    assert [desk.get(at(talk, room)).status_code for room in rooms] == [405] * 5
    assert [desk.get(f"/desk/duty/{doctor.slug}/{room}").status_code for room in ("", "next/")] == [405] * 2
