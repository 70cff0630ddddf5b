"""A talk for a chosen time (TM-36…41): from the kind of doctor to the SMS, to another time, and called off too late; or
reminded of, held, and concluded (TM-38, TM-43)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from policies.models import Policy
from policies.rules import Rendering
from telemed.models import Consultation, Doctor
from telemed.rules import State
from telemed.services.booking import book
from telemed.services.documents import make_next_conclusion
from tests.accounts.sms import PHONE
from tests.journeys.conftest import Come
from tests.journeys.judge import overhang, violations
from tests.journeys.post import Post
from tests.journeys.staff import comes_to_the_desk
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import aigul, yerlan
from tests.telemed.factories import a_covered_patient, a_specialist, a_wish, open_hours

WITHOUT_SCRIPTS = "matchMedia('(scripting: none)').matches"
A_DAY_LATER = datetime(2026, 11, 22, 7, 5, tzinfo=UTC)  # Sunday, five past noon in Almaty
MONDAY_AT_9 = datetime(2026, 11, 23, 4, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)
Judged = Callable[[Visitor], Visitor]


def is_sound(visitor: Visitor) -> Visitor:
    """The page as it is now has no fault that a machine sees, and stays within the telephone. Where scripts are off no
    timer ends, and axe would wait for its own for ever."""
    assert visitor.page.evaluate(WITHOUT_SCRIPTS) or violations(visitor.page) == ""
    assert not overhang(visitor.page)
    return visitor


def unjudged(visitor: Visitor) -> Visitor:
    """Where the same pages are judged in another story, or axe cannot judge: it waits for timers, which stand still where
    scripts do."""
    return visitor


def a_cardiologist(language: str) -> Doctor:
    """Aigul is covered, owes nothing, and there is somebody to talk with."""
    user = aigul()
    User.objects.filter(pk=user.pk).update(language=language)
    doctor = a_specialist(yerlan(), insurer=a_covered_patient(user).insurer, gives_second_opinions=True)
    open_hours(doctor)
    return doctor


def chooses_the_time(visitor: Visitor, hour: str, judged: Judged = is_sound) -> Visitor:
    judged(visitor).main.get_by_label(hour).check()
    return visitor.presses("Continue")


def chooses_a_cardiologist(visitor: Visitor, kind: str, judged: Judged = is_sound) -> Visitor:
    visitor.opens("/doctor/").follows("Book an appointment").is_at("Whom do you need?")
    judged(visitor).follows_text(says(kind))
    judged(visitor.is_at("Which doctor?")).follows_text(says("cardiologist"))
    judged(visitor).follows("Times of all doctors").is_at("When does it suit you?")
    return visitor.reads_text(says("Times are by %(zone)s.") % {"zone": says("Astana time")})


def test_a_talk_is_booked_moved_and_called_off_too_late(
    come: Come, post: Post, language: str, clock: time_machine.Traveller
) -> None:
    # Given a doctor whom the programme covers
    a_cardiologist(language)
    her = come().signs_in()
    # When she chooses the time and forgets to say what troubles her, nothing is lost
    chooses_the_time(chooses_a_cardiologist(her, "specialist"), "11:00").is_at("Your appointment")
    is_sound(her).main.get_by_label(says("Allergies")).fill("Пенициллин")
    her.main.get_by_role("button", name="11:00").click()
    is_sound(her.is_at("Your appointment")).types("Третий день болит голова", into="What troubles you?")
    expect(her.main.get_by_label(says("Allergies"))).to_have_value("Пенициллин")
    her.main.get_by_role("button", name="11:00").click()
    # Then it is hers, and the day and hour are on her phone and in her mail, with an entry for the calendar
    is_sound(her.is_at("The talk is booked")).reads_text("11:00")
    assert "11:00" in post.sms_to(PHONE)
    letter = post.letter_to("aigul@example.kz")
    assert [part.get_filename() for part in letter.iter_attachments()] == ["doctor.ics"]
    # When it does not suit any more, another time is as near
    her.follows("Another time").is_at("Another time")
    is_sound(chooses_the_time(her, "12:00").is_at("Move the talk?")).presses("Move the talk")
    her.is_at("The talk is booked").reads_text("12:00")
    # And when it is called off inside the last day, she reads before what that means
    clock.move_to(A_DAY_LATER)
    her.signs_in().opens(Consultation.objects.get().get_absolute_url())
    is_sound(her.reads("Less than 24 hours are left: cancelled or moved now, the talk counts as rendered."))
    her.follows("Cancel the talk").reads("Too late to cancel free of charge").presses("Cancel all the same")
    her.is_at("The consultation is cancelled")
    # Then it counts as rendered, and her policy says what that took
    assert Consultation.objects.get().state == State.CANCELLED_LATE
    her.opens(Policy.objects.get().get_absolute_url()).reads("Sum insured")
    her.reads("Consultation %(how)s: nothing is taken for it.", how=Rendering.CANCELLED_LATE.label)


@pytest.mark.long
def test_a_booked_talk_is_reminded_of_held_in_writing_and_concluded(
    come: Come, post: Post, language: str, clock: time_machine.Traveller
) -> None:
    # Given a talk on Monday at nine
    doctor = a_cardiologist(language)
    user = User.objects.get(email="aigul@example.kz")
    booked = book(wish=a_wish(user, Policy.objects.get(), doctor, MONDAY_AT_9), by=user, now=timezone.now())
    post.bring()
    # When the day before has come, she is reminded while she may still call it off free of charge
    clock.move_to(MONDAY_AT_9 - timedelta(hours=26))
    assert "22.11.2026 09:00" in post.sms_to(PHONE)
    # And ten minutes before, of the page
    clock.move_to(MONDAY_AT_9 - TEN_MINUTES)
    assert post.sms_to(PHONE).endswith("/doctor/")
    her = come().signs_in().opens("/doctor/").follows_text(says("specialist").capitalize())
    her.is_at("The talk is booked").reads("Check the connection")
    # Then at nine the doctor calls, and they write to each other
    clock.move_to(MONDAY_AT_9)
    desk = opens_what_is_booked(come, doctor).reads_text("Третий день болит голова")
    talks_in_writing(her, desk, booked, asked="Давление мерить?", answered="Утром и вечером")
    # And afterwards she is told, reads the conclusion beside what was written, and keeps it in her language
    concludes(desk, "Суточное мониторирование ЭКГ")
    assert post.link_to(user.email).endswith(booked.get_absolute_url())
    while make_next_conclusion(now=timezone.now()):
        continue
    her.opens(booked.get_absolute_url()).reads_text("Суточное мониторирование ЭКГ").reads_text("Утром и вечером")
    paper = f"{booked.get_absolute_url()}conclusion/{language}/"
    assert her.page.request.get(paper).body().startswith(b"%PDF")


@pytest.mark.long
def test_a_second_opinion_asks_for_the_first_and_gives_another(
    come: Come, language: str, clock: time_machine.Traveller
) -> None:
    # Given a diagnosis and a question about it
    doctor = a_cardiologist(language)
    her = come().signs_in()
    chooses_the_time(chooses_a_cardiologist(her, "second opinion", unjudged), "09:00", unjudged).is_at(
        "Your appointment"
    )
    is_sound(her).types("Аритмия, поликлиника № 5", into="The diagnosis that you were given")
    her.types("Нужна ли операция?", into="What do you want to know?")
    her.main.get_by_role("button", name="09:00").click()
    is_sound(her.is_at("The talk is booked")).reads_text("Нужна ли операция?")
    # When the time has come, the doctor reads both under their own names
    clock.move_to(MONDAY_AT_9)
    desk = opens_what_is_booked(come, doctor)
    desk.reads("What the patient wants to know").reads_text("Нужна ли операция?")
    desk.reads("The diagnosis that was given").reads_text("Аритмия, поликлиника № 5")
    # Then they talk, and she has another opinion in writing
    her.signs_in()
    talks_in_writing(her, desk, Consultation.objects.get(), asked="Вот выписка", answered="Спасибо")
    concludes(desk, "Сначала холтер, потом решать об операции")
    her.opens(Consultation.objects.get().get_absolute_url()).reads_text(says("second opinion").capitalize())
    her.reads_text("Сначала холтер, потом решать об операции")


def opens_what_is_booked(come: Come, doctor: Doctor) -> Visitor:
    assert doctor.user
    return comes_to_the_desk(come, doctor.user).reads("Booked for today").follows_text("09:00, Айгуль С.")


def talks_in_writing(her: Visitor, desk: Visitor, booked: Consultation, *, asked: str, answered: str) -> None:
    """From the call to its end. Pages that move by themselves: tests/talks."""
    desk.presses("Call the patient")
    her.opens(booked.get_absolute_url()).is_at("The doctor is calling you").page.locator("button[value=chat]").click()
    her.types(asked, into="Message").presses("Send").reads_text(asked)
    desk.opens(f"/desk/consultations/{booked.public_id}/").reads_text(asked).types(answered, into="Message").presses(
        "Send"
    )
    desk.reads_text(answered).presses("End the talk")


def concludes(desk: Visitor, methods: str) -> None:
    desk.types("Перебои в работе сердца", into="What the patient said")
    desk.main.locator("[name=methods]").fill(methods)
    desk.picks("to be examined in person").presses("Send the conclusion")
    desk.reads("The conclusion is sent. The patient is told.")


@pytest.mark.long
def test_booking_needs_no_script(come: Come, language: str) -> None:
    a_cardiologist(language)
    her = come(java_script_enabled=False).signs_in()
    chooses_the_time(chooses_a_cardiologist(her, "specialist", unjudged), "16:30", unjudged).is_at("Your appointment")
    her.types("Третий день болит голова", into="What troubles you?")
    her.main.get_by_role("button", name="16:30").click()
    her.is_at("The talk is booked").reads_text("16:30")
