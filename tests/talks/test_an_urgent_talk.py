"""From «Get a consultation» to the document: a patient on a phone, a doctor at a desk, and every page that moves by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone, translation
from playwright.sync_api import Browser, expect

from accounts.models import User
from telemed.models import Consultation, DutySpan
from telemed.services.documents import make_next_conclusion
from tests.factories import a_borrower
from tests.journeys.visitor import Visitor
from tests.originals import lie_in
from tests.people import insured_browser, staff_browser
from tests.talks.house import DESK, Node, Person
from tests.telemed.factories import a_covered_patient, a_doctor

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(params=["kk", "ru"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """The pages of a call are judged in the other one for every change: test_screens."""
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def both(
    browsers: list[Browser], node: Node, patient: User, doctor: User, language: str
) -> Iterator[tuple[Person, Person]]:
    a_doctor(doctor, insurer=a_covered_patient(patient, a_borrower(cover_starts_on=timezone.localdate())).insurer)
    one = Person(browsers[0], insured_browser(patient), node.address, language=language)
    other = Person(browsers[1], staff_browser(doctor), node.address, language=language, screen=DESK)
    yield one, other
    assert one.leaves() + other.leaves() == []


@pytest.mark.long
def test_a_patient_asks_talks_and_keeps_the_conclusion(
    both: tuple[Person, Person], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = both
    patient, desk = Visitor(one.context), Visitor(other.context)
    # Given a doctor who goes on duty
    desk.opens("/desk/").presses("Go on duty").reads("Nobody is waiting for another attempt.")
    assert DutySpan.objects.exists()
    # When a patient asks, and wants to hear the call
    patient.opens("/doctor/").follows("Get a consultation").types(
        "Үшінші күн тамағым ауырады", into="What troubles you?"
    )
    patient.presses("Start").is_at("You are in the queue").presses("Switch the ringing on")
    patient.reads(
        "It will ring here when the doctor calls. That was how it sounds. Do not switch the sound of the phone off."
    )
    # Then the call comes by itself, and rings there too
    desk.presses("Next patient").reads_text("Үшінші күн тамағым ауырады")
    patient.is_at("The doctor is calling you")
    one.hears_it_ring()
    # And by video they see each other, and write
    one.page.locator("button[value=video]").click()
    one.sees_the_other()
    other.sees_the_other()
    one.writes("Міне, дәріні көрсетейін")
    expect(other.page.locator("[data-chat]")).to_contain_text("Міне, дәріні көрсетейін")
    # When the doctor ends the talk, what was begun meanwhile is there, and the patient's page knows
    other.page.locator("[name=heard]").fill("Тамағы ауырады")
    desk.presses("End the talk")
    patient.reads("The doctor is writing the conclusion").reads_text("Міне, дәріні көрсетейін")
    expect(other.page.locator("[name=heard]")).to_have_value("Тамағы ауырады")
    # Then the conclusion is sent, read, and kept as a document
    other.page.locator("[name=methods]").fill("Жалпы қан талдауы")
    desk.picks("recommendations given").presses("Send the conclusion")
    desk.reads("The conclusion is sent. The patient is told.")
    lie_in(folder / "originals", monkeypatch)
    while make_next_conclusion(now=timezone.now()):
        continue
    patient.opens(Consultation.objects.get().get_absolute_url()).reads_text("Жалпы қан талдауы")
    first = patient.main.locator("#conclusion a").first
    assert one.page.request.get(str(first.get_attribute("href"))).body().startswith(b"%PDF")
