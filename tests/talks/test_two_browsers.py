"""A patient and a doctor meet: two browsers, real streams, real signals, sound and picture that arrive."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, expect

from core.uploads.checking import check_next_upload
from telemed.models import Consultation
from telemed.rules import State
from tests.core.uploads.pictures import jpeg
from tests.originals import DERIVATIVES, ORIGINALS, lie
from tests.talks.conftest import Meet
from tests.talks.house import Node

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
TRACKS = """() => document.querySelector("[data-own]").srcObject.getTracks().map((track) => track.kind)"""


@pytest.mark.long
def test_they_see_each_other(meet: Meet, node: Node) -> None:
    one, other = meet([node])
    one.sees_the_other()
    other.sees_the_other()
    assert one.is_heard_aloud()  # the choice of the channel was the press that a browser waits for
    assert other.is_heard_aloud()


@pytest.mark.long
def test_through_the_relay_alone_they_see_each_other(meet: Meet, node: Node) -> None:
    one, other = meet([node], relayed=True)
    one.sees_the_other()
    other.sees_the_other()
    assert one.paths() == other.paths() == {"relay"}


@pytest.mark.long
def test_by_audio_they_hear_each_other_and_no_camera_is_on(meet: Meet, node: Node) -> None:
    one, other = meet([node], channel="audio")
    one.hears_the_other()
    other.hears_the_other()
    expect(other.page.locator("[data-pictures]")).to_be_hidden()
    assert one.page.evaluate(TRACKS) == other.page.evaluate(TRACKS) == ["audio"]


@pytest.mark.long
def test_by_messages_they_read_each_other(meet: Meet, node: Node) -> None:
    one, other = meet([node], channel="chat")
    for writer, reader, text in ((one, other, "Болит <b>горло</b>"), (other, one, "Давно? https://example.kz")):
        writer.writes(text)
        expect(reader.page.locator("[data-chat]")).to_contain_text(text)  # as it was written
    assert one.page.locator("[data-chat] a").count() == 0
    assert one.page.locator("[data-chat] li").count() == 2


@pytest.mark.long
def test_a_photo_is_a_message_and_its_check_is_seen_at_once(
    meet: Meet, node: Node, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lie("originals", folder / "originals", ORIGINALS, monkeypatch)
    lie("derivatives", folder / "derivatives", DERIVATIVES, monkeypatch)
    one, other = meet([node], channel="chat")
    photo: FilePayload = {"name": "горло.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    expect(one.page.locator("#id_attachments")).to_be_visible()  # its script is there
    one.page.set_input_files("#id_attachments", photo)
    expect(other.page.locator("[data-chat] a")).to_have_text("горло.jpg")
    expect(other.page.locator("[data-received] .tag.wait")).to_have_count(1)
    assert check_next_upload(now=timezone.now())
    for person in (one, other):  # neither page was loaded again
        expect(person.page.locator("[data-received] .tag.ok")).to_have_count(1)
    with other.page.context.expect_page() as opened:
        other.page.locator("[data-chat] a").click()
    opened.value.wait_for_function("document.images.length === 1 && document.images[0].naturalWidth > 0")
    expect(other.page.locator("[data-switch]")).to_be_visible()  # the talk goes on where it was


@pytest.mark.long
def test_the_talk_falls_from_video_to_audio_to_the_telephone(meet: Meet, node: Node) -> None:
    one, other = meet([node])
    one.sees_the_other()
    one.page.locator("[data-switch] button[value=audio]").click()
    expect(other.page.locator("[data-pictures]")).to_be_hidden()
    other.hears_the_other()
    one.page.locator("[data-switch] button[value=telephone]").click()
    expect(other.page.get_by_role("link", name="+77012345678")).to_be_visible()


@pytest.mark.long
def test_a_page_that_is_loaded_again_is_seen_again(meet: Meet, node: Node) -> None:
    one, other = meet([node])
    other.sees_the_other()
    one.page.reload()
    one.sees_the_other()
    other.sees_the_other()


@pytest.mark.long
def test_the_doctor_ends_it_and_the_patient_sees_that(meet: Meet, node: Node) -> None:
    one, other = meet([node])
    one.sees_the_other()
    other.page.locator("form[action$='/end/'] button").click()
    one.page.locator("[data-media]").wait_for(state="detached")
    assert Consultation.objects.get().state == State.TALKED
