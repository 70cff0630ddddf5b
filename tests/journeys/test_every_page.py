"""What holds on each page, for guests, for members and for staff, on a telephone."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.journeys.conftest import Come
from tests.journeys.desk_pages import DESK, Office
from tests.journeys.judge import overhang, violations
from tests.journeys.pages import GUESTS, MEMBERS, Town
from tests.journeys.payment_pages import PAYING, Payers
from tests.journeys.post import Post
from tests.journeys.review_pages import REVIEWING, Reviewers
from tests.journeys.room_pages import ROOM, Assistance
from tests.journeys.staff import sits_at_the_desk
from tests.journeys.visitor import Visitor


def test_a_guest_meets_no_page_with_a_fault(come: Come, post: Post, language: str) -> None:
    assert faults(GUESTS, come(), Town(post), language) == {}


def test_a_member_meets_no_page_with_a_fault(come: Come, post: Post, language: str) -> None:
    assert faults(MEMBERS, come(), Town(post), language) == {}


def test_staff_meet_no_page_with_a_fault(come: Come, post: Post, language: str, base_url: str) -> None:
    office = Office()
    assert faults(DESK, sits_at_the_desk(come(), office.user, base_url), office, language) == {}


def test_a_coordinator_meets_no_page_with_a_fault(come: Come, post: Post, language: str, base_url: str) -> None:
    assistance = Assistance()
    assert faults(ROOM, sits_at_the_desk(come(), assistance.user, base_url), assistance, language) == {}


def test_a_reviewer_meets_no_page_with_a_fault(come: Come, post: Post, language: str, base_url: str) -> None:
    reviewers = Reviewers()
    assert faults(REVIEWING, sits_at_the_desk(come(), reviewers.user, base_url), reviewers, language) == {}


def test_a_payment_officer_meets_no_page_with_a_fault(come: Come, post: Post, language: str, base_url: str) -> None:
    payers = Payers()
    assert faults(PAYING, sits_at_the_desk(come(), payers.user, base_url), payers, language) == {}


def faults(
    ways: Mapping[str, Callable[[Visitor, Any], Visitor]], visitor: Visitor, world: Any, language: str
) -> dict[str, list[str]]:
    """By the name of the page."""
    found = {}
    for name, way in ways.items():
        way(visitor, world)
        found[name] = [fault for fault in faults_here(visitor, language) if fault]
    return {name: faults for name, faults in found.items() if faults}


# In which language the page is; where a change of language leads from it; whether a GET of that address has just given it.
SAYS = """() => [
  document.documentElement.lang, document.querySelector(".langs [name=next]")?.value ?? "",
  document.querySelector(".langs [name=next]")?.value === location.pathname + location.search
    && !document.querySelector("[data-answers]"),
]"""


def faults_here(visitor: Visitor, language: str) -> list[str]:
    page = visitor.page
    spoken, back, is_here = page.evaluate(SAYS)
    return [
        violations(page, colours=language == "ru"),
        "" if spoken == language else "another language",
        f"scrolls sideways by {width}" if (width := overhang(page)) else "",
        "" if is_here or not back else lost_by_a_change_of_language(visitor, back),
    ]


def lost_by_a_change_of_language(visitor: Visitor, address: str) -> str:
    """Choosing a language leads back to an address, which has to be that of a page."""
    status = visitor.page.request.get(address).status
    return "" if status == 200 else f"a change of language leads to {address}: {status}"
