"""The path of sound and picture dies under a talk, and browsers that let nothing sound: the talk goes on."""

from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.live.stream import until
from tests.peers.turn import SECRET, relay
from tests.talks.conftest import Meet
from tests.talks.house import Node, served

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]
OFFERS_SOUND = "document.querySelector('[data-theirs]')?.paused && !document.querySelector('[data-aloud]').hidden"
NO_DEVICES = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));"
NOTICED = 60_000  # milliseconds: a browser waits before it takes a path for dead


def test_on_a_page_that_nobody_has_touched_a_button_switches_the_sound_on(meet: Meet, node: Node) -> None:
    one, _other = meet([node], channel="audio")
    address = one.page.url
    one.page.close()
    one.page = one.context.new_page()  # as by the link of an SMS; with a microphone the browser would be content
    one.page.add_init_script(NO_DEVICES)
    one.page.goto(address, wait_until="domcontentloaded")  # «load» waits for the sound
    looking = one.context.new_cdp_session(one.page)  # Playwright's own questions count as a touch
    until(lambda: looking.send("Runtime.evaluate", {"expression": OFFERS_SOUND})["result"]["value"])
    one.page.locator("[data-aloud]").click()
    expect(one.page.locator("[data-aloud]")).to_be_hidden()
    assert one.is_heard_aloud()


def test_a_talk_survives_the_death_of_its_relay(meet: Meet, tmp_path: Path) -> None:
    with ExitStack() as house, ExitStack() as first:
        address = first.enter_context(relay(tmp_path))
        port = urlsplit(address.replace("turn:", "turn://")).port
        node = house.enter_context(served(tmp_path, TURN_URLS=address, TURN_SECRET=SECRET))
        one, other = meet([node], relayed=True)
        one.sees_the_other()
        first.close()
        expect(one.page.locator("[data-when=lost]")).to_be_visible(timeout=NOTICED)
        one.writes("Вас не видно")  # what is written needs no relay
        expect(other.page.locator("[data-chat]")).to_contain_text("Вас не видно")
        house.enter_context(relay(tmp_path, port))
        for person in (one, other):
            expect(person.page.locator("[data-when=connected]")).to_be_visible(timeout=NOTICED)
            person.sees_the_other()
            assert person.paths() == {"relay"}
