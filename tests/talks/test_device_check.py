"""«Check the connection» in a browser: what works is told so for each channel, what does not bars no telephone (TM-22…25)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from accounts.models import User
from tests.people import insured_browser
from tests.talks.house import Node, Person

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "owner"]), pytest.mark.long]
SAMPLE = "**/doctor/check/sample/"
ALL = ["browser", "camera", "microphone", "speed", "relay"]
CHECKED = 20_000  # milliseconds: longer than the slowest of them


@pytest.fixture
def person(browsers: list[Browser], node: Node, patient: User) -> Iterator[Person]:
    one = Person(browsers[0], insured_browser(patient), node.address, language="en")
    yield one
    assert one.leaves() == []


def checks(person: Person) -> None:
    person.page.goto("/doctor/check/")
    person.page.get_by_role("button", name="Check", exact=True).click()


def told(person: Person, item: str) -> Locator:
    """The one word that is shown beside it."""
    return person.page.locator(f"[data-item={item}] [data-is]:visible")


def test_a_device_that_suffices_is_told_so_for_each_channel(person: Person) -> None:
    checks(person)
    for item in [*ALL, "video", "audio"]:
        expect(told(person, item)).to_have_text("Works", timeout=CHECKED)
    expect(person.page.locator("[data-item=camera] [data-detail]")).to_have_text("1280 × 720")
    expect(person.page.locator("[data-item=speed] [data-detail]")).to_contain_text("Mbit/s")


def test_below_a_megabit_neither_picture_nor_sound_is_promised_and_a_telephone_is(person: Person) -> None:
    """A sample of two kilobytes that comes in as much time as a network of 0.5 Mbit/s needs for it."""

    def slowly(route: Route) -> None:
        person.page.wait_for_timeout(40)
        route.fulfill(body="x" * 2000, content_type="text/plain")

    person.page.route(SAMPLE, slowly)
    checks(person)
    for item in ("speed", "video", "audio"):
        expect(told(person, item)).to_have_text("Does not suffice", timeout=CHECKED)
    expect(told(person, "camera")).to_have_text("Works")
    assert "Any telephone: the doctor calls your number" in person.page.locator("main").inner_text()
    assert person.page.get_by_text("Always possible").count() == 2


def test_a_network_that_breaks_off_is_told_so_and_leaves_nothing_being_checked(person: Person) -> None:
    person.page.route(SAMPLE, lambda route: route.abort())
    checks(person)
    expect(told(person, "speed")).to_have_text("Does not suffice", timeout=CHECKED)
    expect(told(person, "audio")).to_have_text("Does not suffice", timeout=CHECKED)


def test_a_network_too_slow_to_wait_for_is_given_up_after_ten_seconds(person: Person) -> None:
    person.page.route(SAMPLE, lambda route: None)  # never answered
    checks(person)
    expect(told(person, "speed")).to_have_text("Does not suffice", timeout=CHECKED)
    expect(told(person, "video")).to_have_text("Does not suffice", timeout=CHECKED)


def test_without_a_microphone_there_is_no_sound_and_without_a_camera_no_picture(person: Person) -> None:
    """Nobody has to explain it: writing and the telephone stay."""
    refuse = (
        "(kind) => { const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
        " navigator.mediaDevices.getUserMedia = (which) => which[kind] ? Promise.reject(new Error('none')) : ask(which); }"
    )
    person.context.add_init_script(f"({refuse})('video')")
    checks(person)
    expect(told(person, "audio")).to_have_text("Works", timeout=CHECKED)
    expect(told(person, "video")).to_have_text("Does not suffice")
    expect(told(person, "camera")).to_have_text("Does not suffice")


def test_who_heard_no_tone_is_told_that_a_call_would_be_silent(person: Person) -> None:
    checks(person)
    expect(told(person, "audio")).to_have_text("Works", timeout=CHECKED)
    person.page.get_by_role("button", name="Play a tone").click()
    person.page.get_by_role("button", name="No", exact=True).click()
    expect(told(person, "speaker")).to_have_text("Does not suffice")
    expect(told(person, "audio")).to_have_text("Does not suffice")
