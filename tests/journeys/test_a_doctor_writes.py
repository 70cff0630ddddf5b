"""A doctor writes a conclusion while the page is loaded anew and the network comes and goes, and answers with a phrase."""

from contextvars import copy_context

import pytest
from django.utils import timezone, translation
from playwright.sync_api import Dialog, Locator, expect

from telemed.models import Draft, Message
from telemed.models.conclusions import LONGEST, TEXTS
from telemed.rules import State
from telemed.rules.phrases import COMMON
from tests.journeys.conftest import Come
from tests.journeys.staff import comes_to_the_desk
from tests.journeys.visitor import Visitor
from tests.journeys.words import says
from tests.people import aigul, oksana
from tests.telemed.factories import a_consultation, a_doctor, a_patient
from tests.waiting import wait_until

HEARD, MORE = "Третий день болит горло", "Температуры нет"


@pytest.fixture
def desk(come: Come) -> Visitor:
    """Oksana's, at a talk that has ended."""
    user, doctor = aigul(), oksana()
    policy = a_patient(user)
    talk = a_consultation(
        user, policy, State.TALKED, doctor=a_doctor(doctor, insurer=policy.insurer), ended_at=timezone.now()
    )
    return comes_to_the_desk(come, doctor).opens(f"/desk/consultations/{talk.public_id}/")


def status(desk: Visitor) -> Locator:
    return desk.page.locator("[data-draft-status]")


def heard(desk: Visitor) -> Locator:
    return desk.page.locator("[name=heard]")


@pytest.mark.long
def test_what_is_written_is_kept_by_itself_and_survives_a_reload(desk: Visitor) -> None:
    heard(desk).press_sequentially(HEARD)
    expect(status(desk)).to_contain_text(says("Saved at"))
    desk.page.reload()
    expect(heard(desk)).to_have_value(HEARD)
    # And however much it is
    before = status(desk).inner_text()
    for name in TEXTS:
        desk.page.locator(f"[name={name}]").fill("щ" * LONGEST)
    expect(status(desk)).not_to_have_text(before)
    expect(status(desk)).to_contain_text(says("Saved at"))
    assert Draft.objects.get().texts == dict.fromkeys(TEXTS, "щ" * LONGEST)


@pytest.mark.long
def test_whoever_leaves_in_the_middle_of_a_word_is_asked_and_it_is_kept_meanwhile(desk: Visitor) -> None:
    asked: list[str] = []
    sees = copy_context()  # playwright's own knows nobody who may see a draft

    def leaves(dialog: Dialog) -> None:
        asked.append(dialog.type)
        sees.run(wait_until, Draft.objects.exists, "the draft is saved while the browser asks")
        dialog.accept()

    desk.page.on("dialog", leaves)
    heard(desk).press_sequentially(HEARD)
    desk.page.reload()
    expect(heard(desk)).to_have_value(HEARD)
    assert asked == ["beforeunload"]


@pytest.mark.long
def test_a_lost_network_loses_no_word(desk: Visitor) -> None:
    heard(desk).fill(HEARD)
    expect(status(desk)).to_contain_text(says("Saved at"))
    desk.context.set_offline(True)
    heard(desk).fill(f"{HEARD}. {MORE}")
    expect(status(desk)).to_have_text(says("No connection. It is saved as soon as the network is back."))
    expect(heard(desk)).to_have_value(f"{HEARD}. {MORE}")
    desk.context.set_offline(False)
    expect(status(desk)).to_contain_text(says("Saved at"))
    desk.page.reload()
    expect(heard(desk)).to_have_value(f"{HEARD}. {MORE}")


@pytest.mark.long
def test_a_quick_phrase_goes_behind_what_was_typed_and_leaves_as_a_message(desk: Visitor) -> None:
    box = desk.page.locator("form[data-say] textarea")
    box.fill("Здравствуйте!")
    desk.page.get_by_text(says("Quick phrases")).last.click()
    desk.page.locator("[data-phrase]").first.click()
    expect(box).to_be_focused()
    with translation.override("ru"):  # the patient's
        text = f"Здравствуйте! {COMMON[0]}"
    expect(box).to_have_value(text)
    desk.page.locator("form[data-say]").get_by_role("button").click()
    expect(desk.page.locator("[data-chat]")).to_contain_text(text)
    assert Message.objects.get().text == text
