"""A coordinator sees who waits, what became of the day, and takes the figures along. On a telephone and at a desk."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from core.models import AuditEvent
from telemed.services.queue import take_next
from tests.journeys.conftest import Come
from tests.journeys.judge import overhang, stumbles, violations
from tests.journeys.room_pages import Assistance, figures_in_full
from tests.journeys.staff import sits_at_the_desk
from tests.journeys.visitor import Visitor
from tests.journeys.words import says


def waiting(visitor: Visitor) -> Locator:
    return visitor.main.get_by_role("region", name=says("Wait for a duty doctor")).locator("tbody tr")


def test_a_coordinator_watches_counts_and_exports(come: Come, base_url: str) -> None:
    # Given a day of telemedicine, and Zarina on her way with a telephone
    assistance = Assistance()
    zarina = sits_at_the_desk(come(), assistance.user, base_url)
    # When she comes, she reads who waits, and nothing of why
    zarina.opens("/").is_at("What goes on now").reads("asks for a call")
    zarina.reads("somebody close to %(person)s", person="Айгуль С.")
    expect(zarina.main).not_to_contain_text("болит горло")
    expect(waiting(zarina)).to_have_count(2)
    # And when a doctor takes the next one, the page has noticed as soon as she looks at it again
    take_next(doctor=assistance.doctor, now=timezone.now())
    zarina.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(waiting(zarina)).to_have_count(1)
    expect(zarina.page.get_by_role("status")).not_to_be_empty()
    # Then she asks how the day was, and who was not reached
    zarina.turns_to("Figures").is_at("Figures").reads("By kind of consultation")
    zarina.follows("The requests one by one").is_at("Requests")
    zarina.follows_text(says("not reached")).reads("no answer")
    # And which complaints are to be answered
    zarina.turns_to("Claims").is_at("Quality claims").reads("to be answered")
    # And takes the requests along, saying what for
    zarina.turns_to("Figures").follows("Export").is_at("Export")
    zarina.picks("list of requests").types("Отчёт за день", into="What is it for?")
    zarina.main.get_by_label("CSV").check()
    assert len(downloaded(zarina).read_text(encoding="utf-8-sig").splitlines()) == 9
    zarina.presses("Download")  # as often as she likes
    expect(zarina.main.get_by_role("button")).not_to_have_attribute("aria-busy", "true")
    assert set(AuditEvent.objects.filter(reason="Отчёт за день").values_list("scope", flat=True)) == {
        "nomad-life",
        "sogaz",
    }


def downloaded(visitor: Visitor) -> Path:
    with visitor.page.expect_download() as download:
        visitor.presses("Download")
    return download.value.path()


@pytest.mark.long
def test_the_room_is_whole_on_every_screen(come: Come, base_url: str) -> None:
    assistance = Assistance()
    zarina = sits_at_the_desk(come(), assistance.user, base_url)
    for address, width, scheme in (("now", 320, "light"), ("now", 1280, "dark"), ("figures", 1280, "dark")):
        zarina.page.set_viewport_size({"width": width, "height": 900})
        zarina.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if address == "figures":
            figures_in_full(zarina, assistance)
        else:
            zarina.opens("/assistance/now/").reads("asks for a call")
        assert violations(zarina.page) == "", f"{address}: {width} px, {scheme}"
        assert overhang(zarina.page) == 0, f"{address}: {width} px"
        assert stumbles(zarina.page) == [], address
