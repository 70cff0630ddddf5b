"""Two people with a Chromium each, whose cameras invent their pictures, and the product between them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType

from accounts.models import User
from telemed.models import Consultation
from telemed.rules import State
from tests.journeys.conftest import browser_type_launch_args  # noqa: F401  a fixture
from tests.peers.turn import SECRET, relay
from tests.people import aigul, insured_browser, oksana, staff_browser
from tests.talks.house import Node, Person, served
from tests.telemed.factories import a_consultation, a_doctor, a_patient

DEVICES = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",  # nobody is asked for the camera
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=document-user-activation-required",  # as on a desk and a phone: without a screen anything may sound
]


@pytest.fixture(scope="module")
def browsers(browser_type: BrowserType, browser_type_launch_args: dict[str, Any]) -> Iterator[list[Browser]]:  # noqa: F811
    args = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *DEVICES]}
    both = [browser_type.launch(**args) for _ in range(2)]
    yield both
    for browser in both:
        browser.close()


@pytest.fixture(scope="module")
def turn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What the product is told of the relay."""
    with relay(tmp_path_factory.mktemp("turn")) as address:
        yield {"TURN_URLS": address, "TURN_SECRET": SECRET}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files of the house lie."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def node(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, turn: dict[str, str], folder: Path
) -> Iterator[Node]:
    places = {"ORIGINALS_DIR": str(folder / "originals"), "DERIVATIVES_DIR": str(folder / "derivatives")}
    with served(Path(tmp_path_factory.mktemp("node")), **turn, **places) as node:
        yield node


@pytest.fixture
def patient() -> User:
    return aigul()


@pytest.fixture
def doctor() -> User:
    return oksana()


@pytest.fixture
def waiting(patient: User, doctor: User) -> Consultation:
    """In the queue, and taken by the doctor, who has yet to call."""
    policy = a_patient(patient)
    return a_consultation(patient, policy, State.WAITING, doctor=a_doctor(doctor))


Meet = Callable[..., tuple[Person, Person]]


@pytest.fixture
def meet(browsers: list[Browser], waiting: Consultation, patient: User, doctor: User) -> Iterator[Meet]:
    """The doctor calls, the patient chooses the channel; each at a process of the house."""
    people: list[Person] = []

    def call(nodes: list[Node], *, channel: str = "video", relayed: bool = False) -> tuple[Person, Person]:
        one = Person(browsers[0], insured_browser(patient), nodes[0].address, relayed=relayed)
        other = Person(browsers[1], staff_browser(doctor), nodes[-1].address, relayed=relayed)
        people.extend((one, other))
        other.page.goto(f"/desk/consultations/{waiting.public_id}/")
        other.page.locator("form[action$='/call/start/'] button").click()
        other.page.locator("[data-of]").wait_for()  # the window is open
        one.page.goto(f"/doctor/consultations/{waiting.public_id}/")
        one.page.locator(f"button[value={channel}]").click()
        other.page.locator("[data-switch]").wait_for()  # its page has moved on by itself
        return one, other

    yield call
    faults = [fault for person in people for fault in person.leaves()]
    assert faults == []
