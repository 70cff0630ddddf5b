"""A doctor writes, a patient reads, rates and complains; nobody answers three calls. On a telephone and at a desk."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from core.dates import until_date
from policies.models import Insurer, Policy
from telemed.models import Consultation, Doctor
from telemed.rules import State
from telemed.services.documents import make_next_conclusion
from tests.factories import a_borrower
from tests.journeys.conftest import Come
from tests.journeys.post import Post
from tests.journeys.staff import comes_to_the_claims, comes_to_the_desk
from tests.journeys.visitor import Visitor
from tests.people import aigul as aigul_
from tests.people import oksana
from tests.telemed.factories import a_consultation, a_doctor, a_patient

MORE_THAN_THREE_MINUTES = timedelta(minutes=3, seconds=1)
DUE = date(2026, 12, 11)  # 15 working days after Saturday, the 21st of November


def a_patient_and_a_doctor() -> tuple[User, Policy, Doctor, User]:
    user = aigul_()
    user.language = get_language()
    user.save(update_fields=["language"])
    policy = a_patient(user, a_borrower())
    on_duty = oksana()
    return user, policy, a_doctor(on_duty, insurer=policy.insurer), on_duty


def opens_own(come: Come, consultation: Consultation) -> Visitor:
    return come().signs_in().is_at("Your policies").opens(consultation.get_absolute_url())


def test_a_conclusion_is_written_read_and_claimed_about(come: Come, post: Post) -> None:
    # Given a talk that has ended
    user, policy, doctor, on_duty = a_patient_and_a_doctor()
    talk = a_consultation(user, policy, State.TALKED, doctor=doctor, ended_at=timezone.now())
    # When the doctor writes what looks like a prescription, it is shown, changed, and sent
    desk = comes_to_the_desk(come, on_duty).follows_text("Айгуль С.").reads("What the patient has told")
    desk.types("Третий день болит горло", into="What the patient said")
    desk.main.locator("[name=methods]").fill("500 мг три раза в день")
    desk.picks("to be examined in person").presses("Send the conclusion").reads("Please look once more")
    desk.main.locator("[name=methods]").fill("Осмотр отоларинголога")
    desk.presses("Send all the same").reads("The conclusion is sent. The patient is told.")
    # Then the patient is told, reads it and keeps it
    assert post.link_to(user.email).endswith(talk.get_absolute_url())
    while make_next_conclusion(now=timezone.now()):
        continue
    aigul = opens_own(come, talk).reads_text("Осмотр отоларинголога").reads("Your rating")
    assert aigul.page.request.get(f"{talk.get_absolute_url()}conclusion/kk/").body().startswith(b"%PDF")
    # And rates it, and complains; the coordinator answers
    aigul.picks("2, bad").presses("Rate").reads("Thank you. You can change it until the consultation is accepted.")
    complains(aigul, "Complain about the quality")
    answers(come, policy.insurer, "The claim is not right: the consultation counts as rendered")
    aigul.opens(talk.get_absolute_url()).reads("Your complaint is answered").reads_text("Врач предупреждён")


@pytest.mark.long
def test_nobody_answers_three_calls_and_the_patient_objects(
    come: Come, post: Post, clock: time_machine.Traveller
) -> None:
    # Given a call online that was not answered
    user, policy, doctor, on_duty = a_patient_and_a_doctor()
    missed = a_consultation(user, policy, State.UNANSWERED, doctor=doctor, called_at=timezone.now())
    desk = comes_to_the_desk(come, on_duty).follows_text("Айгуль С.").reads("Call by telephone")
    # Then the patient reads who will call which number, and what it means
    aigul = opens_own(come, missed).is_at("You did not answer the call").reads_text("+7 701 ••• 56 78")
    # When three calls by telephone are not answered either, each three minutes after the one before
    for number in (1, 2, 3):
        clock.shift(MORE_THAN_THREE_MINUTES)
        desk.opens(f"/desk/consultations/{missed.public_id}/").picks("no answer").presses("Record the attempt")
        desk.reads("Attempt %(number)s by telephone", number=number)
        aigul.opens(missed.get_absolute_url()).reads("Calls to your telephone")
        assert aigul.main.locator("#calls li").count() == number
    desk.reads("closed after the third attempt")
    # Then the patient is told, and objects
    assert post.link_to(user.email).endswith(missed.get_absolute_url())
    aigul.reads("The doctor could not reach you")
    complains(aigul, "Object")
    answers(come, policy.insurer, "The claim is right: the consultation does not count as rendered")
    aigul.opens(missed.get_absolute_url()).reads("You were right to complain").reads_text("Врач предупреждён")


def complains(aigul: Visitor, way: str) -> None:
    aigul.follows(way).is_at("Complain about the quality").types("Врач торопился", into="What was wrong?")
    aigul.presses("Send the complaint").reads("We are looking into your complaint")
    aigul.reads("The answer will be here %(until)s.", until=until_date(DUE))


def answers(come: Come, insurer: Insurer, outcome: str) -> None:
    zarina = comes_to_the_claims(come, insurer)
    zarina.reads("Answer %(until)s", until=until_date(DUE)).main.get_by_role("link").first.click()
    zarina.reads_text("Врач торопился").picks(outcome).types("Врач предупреждён", into="Answer, with the reason")
    zarina.presses("Send the answer")
    zarina.reads("The answer is sent.")
