"""What holds on each page, for guests and for members, on a telephone."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from tests.journeys.conftest import Come
from tests.journeys.judge import overhang, violations
from tests.journeys.pages import GUESTS, MEMBERS, Town, Way
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor


def test_a_guest_meets_no_page_with_a_fault(come: Come, post: Post, language: str) -> None:
    assert faults(GUESTS, come(), Town(post), language) == {}


def test_a_member_meets_no_page_with_a_fault(come: Come, post: Post, language: str) -> None:
    assert faults(MEMBERS, come(), Town(post), language) == {}


def faults(ways: Mapping[str, Way], visitor: Visitor, town: Town, language: str) -> dict[str, list[str]]:
    """By the name of the page."""
    found = {}
    for name, way in ways.items():
        way(visitor, town)
        found[name] = [fault for fault in faults_here(visitor, language) if fault]
    return {name: faults for name, faults in found.items() if faults}


def faults_here(visitor: Visitor, language: str) -> list[str]:
    page = visitor.page
    return [
        violations(page),
        "" if page.locator("html").get_attribute("lang") == language else "another language",
        f"scrolls sideways by {width}" if (width := overhang(page)) else "",
        lost_by_a_change_of_language(visitor),
    ]


def lost_by_a_change_of_language(visitor: Visitor) -> str:
    """Choosing a language leads back to an address, which has to be that of a page; from «no such page» to the same."""
    back = visitor.page.locator(".langs input[name=next]")
    if not back.count():
        return ""
    address = back.get_attribute("value") or ""
    status = visitor.page.request.get(address).status
    is_the_same = address == urlsplit(visitor.page.url).path
    return (
        "" if status == 200 or (status == 404 and is_the_same) else f"a change of language leads to {address}: {status}"
    )
