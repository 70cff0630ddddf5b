"""Photos leave one by one while the rest of the form is being filled in; a lost one is sent again, and nothing else is lost."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from core.models import Upload
from core.uploads.checking import check_next_upload
from tests.core.uploads.conftest import disk
from tests.core.uploads.pictures import jpeg, png
from tests.core.uploads.sending import Disk
from tests.journeys.browsers import Browsers
from tests.journeys.judge import overhang, violations
from tests.people import aigul, insured_browser

__all__ = ["disk"]  # the fixture: where the files lie
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.core.uploads.talks")]
ADDRESS = "/talk/"
WOUND = "Болит колено"


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "IMG_1.jpg", tmp_path / "IMG_2.png"]
    for path, content in zip(paths, (jpeg(), png()), strict=True):
        path.write_bytes(content)
    return paths


def come_in(page: Page) -> None:
    """Aigul, signed in, has told what troubles her."""
    key = insured_browser(aigul()).cookies
    page.context.add_cookies([
        {"name": name, "value": morsel.value, "domain": "localhost", "path": "/", "secure": True}
        for name, morsel in key.items()
    ])  # fmt: skip
    page.goto(ADDRESS)
    page.fill("#id_trouble", WOUND)


@pytest.fixture
def talk(page: Page, disk: Disk) -> Page:
    come_in(page)
    return page


def test_each_photo_leaves_by_itself_and_the_form_stays_as_it_was(talk: Page, photos: list[Path]) -> None:
    # When two photos are chosen
    talk.set_input_files("#id_attachments", photos)
    # Then both are there, being checked, and what was typed still stands
    expect(talk.locator("[data-received] li")).to_have_count(2)
    expect(talk.locator("[data-leaving] li")).to_have_count(0)
    expect(talk.locator("#id_trouble")).to_have_value(WOUND)
    assert (overhang(talk), violations(talk)) == (0, "")
    # And once a worker has looked, they are accepted and kept with the form
    while check_next_upload(now=timezone.now()):
        continue
    talk.get_by_role("button", name="Send").click()
    expect(talk.locator("#id_trouble")).to_have_value("")
    expect(talk.locator("[data-received] .tag.ok")).to_have_count(2)
    assert Upload.objects.exclude(kept_at=None).count() == 2


def test_a_lost_network_costs_one_more_press_and_nothing_else(talk: Page, photos: list[Path]) -> None:
    # Given a network that loses what is sent
    def lose(route: Route) -> None:
        route.abort()

    talk.route("**/talk/files/", lose)
    talk.set_input_files("#id_attachments", photos)
    lost = talk.locator("[data-leaving] li")
    expect(lost.get_by_role("button")).to_have_count(4)
    # When the form is sent all the same, it waits for a decision
    talk.get_by_role("button", name="Send").click()
    expect(lost.first.get_by_role("button").first).to_be_focused()
    assert not Upload.objects.exists()
    # And when the network is back, one press each
    talk.unroute("**/talk/files/", lose)
    lost.first.get_by_role("button").first.click()
    expect(talk.locator("[data-received] li")).to_have_count(1)
    lost.first.get_by_role("button").last.click()
    expect(lost).to_have_count(0)
    talk.get_by_role("button", name="Send").click()
    expect(talk.locator("#id_trouble")).to_have_value("")
    assert Upload.objects.get().name == "IMG_1.jpg"


def test_a_form_sent_too_soon_waits_for_its_files(talk: Page, photos: list[Path]) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    talk.route("**/talk/files/", hold)
    talk.set_input_files("#id_attachments", photos[:1])
    talk.wait_for_function("document.querySelector('[data-leaving] li')")
    talk.get_by_role("button", name="Send").click()
    expect(talk.locator("#id_trouble")).to_have_value(WOUND)
    assert (overhang(talk), violations(talk)) == (0, "")  # with a file on its way
    held[0].continue_()
    expect(talk.locator("#id_trouble")).to_have_value("")
    talk.unroute("**/talk/files/", hold)
    assert Upload.objects.get().kept_at


def test_what_is_too_large_does_not_even_leave(talk: Page, photos: list[Path]) -> None:
    talk.evaluate("document.getElementById('files').dataset.most = 100")
    talk.set_input_files("#id_attachments", photos)
    expect(talk.locator("[data-leaving] li").get_by_role("button")).to_have_count(2)
    assert not Upload.objects.exists()


def test_a_photo_is_taken_away_without_leaving_the_page(talk: Page, photos: list[Path]) -> None:
    talk.set_input_files("#id_attachments", photos)
    received = talk.locator("[data-received] li")
    expect(received).to_have_count(2)
    received.first.get_by_role("button").click()
    expect(received).to_have_count(1)
    expect(talk.locator("#id_trouble")).to_have_value(WOUND)


def test_without_script_the_form_takes_its_files_along(browsers: Browsers, disk: Disk, photos: list[Path]) -> None:
    context = browsers.lend(java_script_enabled=False)
    (page,) = context.pages
    come_in(page)
    page.set_input_files("#id_attachments", photos)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-received] li")).to_have_count(2)
    assert Upload.objects.exclude(kept_at=None).count() == 2
    browsers.take_back(context)
