"""An urgent request: consents, number, complaint, the queue, and the doctor who takes the next one."""

import re

from django.utils import timezone, translation
from playwright.sync_api import expect

from telemed.rules import State
from telemed.services.queue import take_next
from tests.factories import a_borrower
from tests.journeys.conftest import Come
from tests.journeys.judge import overhang, violations
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import PASSWORD, dana, oksana
from tests.telemed.factories import a_consultation, a_covered_patient, a_patient, on_duty

NUMBER = "+77012345678"


def is_without_a_fault(visitor: Visitor) -> Visitor:
    assert (violations(visitor.page), overhang(visitor.page)) == ("", 0)
    return visitor


def test_from_the_first_consent_to_the_call(come: Come, post: Post) -> None:
    # Given somebody insured who has never asked a doctor here, and one on duty
    user = dana(language=translation.get_language())
    policy = a_patient(user, a_borrower())
    doctor = on_duty(oksana(), insurer=policy.insurer)
    patient = come().signs_in(user.email).is_at("Your policies")
    # When they want a doctor
    patient.turns_to("Doctor").is_at("Doctor")
    is_without_a_fault(patient).follows("Get a consultation").is_at("Before the first consultation")
    # Then both consents are read and given, and the number is proved
    for tick in patient.main.get_by_role("checkbox").all():
        tick.check()
    is_without_a_fault(patient).presses("Agree and go on").is_at("Before the first consultation")
    is_without_a_fault(patient).follows("Confirm the number")
    patient.types(PASSWORD, into="Password").presses("Confirm").types(NUMBER, into="Mobile number").presses(
        "Send the code"
    )
    patient.types(post.code_to(NUMBER), into="Code from the SMS").presses("Confirm")
    # And the way leads on to the request, which says what it costs
    patient.is_at("Request to the duty doctor").reads_text("0\N{NO-BREAK SPACE}₸")
    patient.types("Третий день болит горло", into="What troubles you?")
    is_without_a_fault(patient).presses("Start").is_at("You are in the queue").reads("You are the next one.")
    # When the page is loaded again and another is opened, the place is the same
    patient.page.reload()
    is_without_a_fault(patient).is_at("You are in the queue").reads("You are the next one.")
    patient.presses("Call me").reads("I will answer here instead").presses("I will answer here instead")
    patient.turns_to("Home").reads("Doctor: now and next").follows_text(policy.insured.short_name)
    patient.is_at("You are in the queue")
    # When the doctor takes the next one, the page is another one
    assert take_next(doctor=doctor, now=timezone.now())
    patient.page.reload()
    patient.is_at("The doctor is calling you")
    expect(patient.page).to_have_title(re.compile(f"^{says('The doctor is calling you')}"))


def test_without_script_somebody_asks_and_waits_all_the_same(come: Come) -> None:
    user = dana(language=translation.get_language())
    a_covered_patient(user, a_borrower())
    patient = come(java_script_enabled=False).signs_in(user.email).turns_to("Doctor").follows("Get a consultation")
    patient.presses("Start").reads_text(says("What troubles you?"))  # nothing was told yet
    patient.types("Болит голова", into="What troubles you?").presses("Start")
    patient.is_at("You are in the queue").reads("You are the next one.")
    expect(patient.page.locator("meta[http-equiv=refresh]")).to_have_attribute("content", "30")


def test_who_needs_no_doctor_any_more_cancels(come: Come) -> None:
    user = dana(language=translation.get_language())
    policy = a_patient(user, a_borrower())
    waiting = a_consultation(user, policy)
    patient = come().signs_in(user.email).opens(waiting.get_absolute_url()).is_at("You are in the queue")
    patient.follows("Cancel the request").is_at("Cancel the consultation?").reads("It is free of charge.")
    is_without_a_fault(patient).presses("Cancel the consultation").is_at("The consultation is cancelled")
    is_without_a_fault(patient).follows("To the doctors").is_at("Doctor")
    waiting.refresh_from_db()
    assert waiting.state == State.CANCELLED
