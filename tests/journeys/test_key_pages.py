"""Five pages that everybody passes, on every screen and on paper."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Come
from tests.journeys.judge import overhang, stumbles, violations
from tests.journeys.pages import KEY, Town
from tests.journeys.post import Post
from tests.journeys.visitor import Visitor

RULERS = {"waiting": 1, "home": 2}  # of one policy, of one's own and a child's


@pytest.fixture(params=KEY)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def visitor(name: str, come: Come, post: Post) -> Visitor:
    """Who stands on that page."""
    return KEY[name](come(), Town(post))


def test_a_key_page_is_whole_on_every_screen_and_on_paper(visitor: Visitor, name: str) -> None:
    page = visitor.page
    for width, scheme in ((320, "light"), (1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert violations(page) == "", f"{width} px, {scheme}"
        assert overhang(page) == 0, f"{width} px"
    assert stumbles(page) == []
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overhang(page) == 0, "with letters twice as large"
    page.emulate_media(media="print")
    expect(page.locator(".btn:visible, nav:visible")).to_have_count(0)
    expect(page.locator(".ruler svg:visible")).to_have_count(RULERS.get(name, 0))
