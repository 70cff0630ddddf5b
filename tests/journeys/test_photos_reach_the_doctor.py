"""Photos go with a request and later as messages; the doctor reads how each stands, opens it, sends one back; all of it
stays in the history. On a telephone, with a script and without."""

from pathlib import Path

import pytest
from django.utils import timezone, translation
from playwright.sync_api import Locator, expect

from core.uploads.checking import check_next_upload
from policies.models import Policy
from telemed.models import Consultation, Doctor
from telemed.rules import Channel
from telemed.services import talk
from telemed.services.queue import take_next
from tests.core.uploads.conftest import disk
from tests.core.uploads.pictures import jpeg, png
from tests.core.uploads.sending import Disk
from tests.factories import a_borrower
from tests.journeys.conftest import Come
from tests.journeys.judge import overhang, violations
from tests.journeys.staff import comes_to_the_desk
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import dana, oksana
from tests.telemed.factories import a_covered_patient, on_duty

__all__ = ["disk"]  # the fixture: where the files lie
THROAT, SCAN, BLOOD, LEAFLET = "throat.jpg", "CT-0001.dcm", "blood.png", "leaflet.png"


@pytest.fixture
def papers(tmp_path: Path, disk: Disk) -> Path:
    contents = {THROAT: jpeg(), SCAN: bytes(128) + b"DICM", BLOOD: png(), LEAFLET: png("L")}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.fixture
def policy(language: str) -> Policy:
    return a_covered_patient(dana(language=translation.get_language()), a_borrower())


@pytest.fixture
def doctor(policy: Policy) -> Doctor:
    return on_duty(oksana(), insurer=policy.insurer)


def sends(visitor: Visitor, *papers: Path) -> None:
    """…and their list has them, when the page's script has done its work."""
    box = visitor.page.locator("#id_attachments")
    expect(box).to_be_visible()
    before = files_of(visitor).count()
    box.set_input_files(list(papers))
    expect(files_of(visitor)).to_have_count(before + len(papers))


def files_of(visitor: Visitor) -> Locator:
    return visitor.page.locator("[data-received] li")


def a_worker_comes() -> None:
    while check_next_upload(now=timezone.now()):
        continue


def is_without_a_fault(visitor: Visitor) -> Visitor:
    assert (violations(visitor.page), overhang(visitor.page)) == ("", 0)
    return visitor


@pytest.mark.long
def test_from_the_request_to_the_history(come: Come, policy: Policy, doctor: Doctor, papers: Path) -> None:
    # Given somebody who tells what troubles them, and sends a photo and a scan
    patient = come().signs_in("dana@example.kz").turns_to("Doctor").follows("Get a consultation")
    patient.types("Третий день болит горло", into="What troubles you?")
    sends(patient, papers / THROAT, papers / SCAN)
    is_without_a_fault(patient).reads("Being checked")
    # When they begin at once, it is checked while they wait: what cannot be read says what to send instead
    patient.presses("Start").is_at("You are in the queue")
    a_worker_comes()
    patient.page.reload()
    is_without_a_fault(patient).reads("Checked and accepted").reads("Not accepted").reads(
        "This is a scan in DICOM format. Send the picture as a JPEG or PDF: ask the clinic for it, or photograph the screen."
    )
    sends(patient, papers / BLOOD)
    # When the doctor takes them, they read it all and open what is clean
    assert doctor.user
    assert take_next(doctor=doctor, now=timezone.now())
    a_worker_comes()
    desk = comes_to_the_desk(come, doctor.user).follows_text(policy.insured.short_name)
    assert [line.split("\n")[0] for line in files_of(desk).all_inner_texts()] == [THROAT, SCAN, BLOOD]
    is_without_a_fault(desk).reads("Not accepted")
    for name in (THROAT, BLOOD):
        address = files_of(desk).get_by_role("link", name=name).get_attribute("href") or ""
        answer = desk.page.request.get(address)
        assert answer.headers["content-type"].startswith("image/")
    expect(desk.page.locator("[data-chat]")).to_contain_text(BLOOD)
    # And sends one back, which the patient reads in the talk and afterwards
    sends(desk, papers / LEAFLET)
    a_worker_comes()
    called = Consultation.objects.get()
    talk.answer(consultation=called, channel=Channel.CHAT, by=called.asked_by, now=timezone.now())
    patient.page.reload()
    is_without_a_fault(patient)
    expect(patient.page.locator("[data-chat] a")).to_have_text([BLOOD, LEAFLET])
    talk.end(consultation=called, by=doctor.user, now=timezone.now())
    patient.page.reload()
    expect(files_of(patient)).to_have_count(4)
    is_without_a_fault(patient)


@pytest.mark.long
def test_without_a_script_they_go_along_and_by_a_page_of_their_own(
    come: Come, policy: Policy, doctor: Doctor, papers: Path
) -> None:
    patient = come(java_script_enabled=False).signs_in("dana@example.kz").opens("/doctor/request/")
    patient.page.set_input_files("#id_attachments", papers / THROAT)
    patient.presses("Start").reads_text(says("What troubles you?"))  # nothing was told yet
    expect(files_of(patient)).to_have_count(1)
    patient.types("Болит горло", into="What troubles you?").presses("Start").is_at("You are in the queue")
    expect(files_of(patient)).to_have_count(1)
    patient.follows("Send a photo or a document").is_at("Send a photo or a document")
    patient.page.set_input_files("#id_attachments", papers / BLOOD)
    patient.presses("Send").is_at("You are in the queue")
    expect(files_of(patient)).to_have_count(2)
    expect(patient.page.locator("[data-chat]")).to_contain_text(BLOOD)
