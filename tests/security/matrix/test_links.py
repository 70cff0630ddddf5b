"""No page offers a door that is closed to its reader."""

import re
from html import unescape
from urllib.parse import urljoin

import pytest

from tests.security.matrix.actors import Actor
from tests.security.matrix.walk import opened
from tests.security.matrix.world import World

LINK = re.compile(r'<a [^>]*?href="([^"#]+)"')


def links_shown(world: World, actor: Actor) -> dict[str, str]:
    """Address without its question → the page that offers it, of all that open to this actor."""
    found: dict[str, str] = {}
    for page in opened(world, actor):
        for link in LINK.findall(page.text):
            found.setdefault(urljoin(page.path, unescape(link)).partition("?")[0], str(page.row))
    return found


@pytest.mark.parametrize("actor", [Actor.LIMITED, Actor.AUDITOR])
def test_every_link_on_a_page_opens(world: World, actor: Actor) -> None:
    links = {path: page for path, page in links_shown(world, actor).items() if path.startswith("/")}
    browser = world.browser(actor)
    assert len(links) > 3
    closed = {path: page for path, page in links.items() if browser.get(path).status_code >= 400}
    assert closed == {}


@pytest.mark.long
@pytest.mark.parametrize("actor", Actor)
def test_every_link_on_a_page_opens_for_everybody(world: World, actor: Actor) -> None:
    test_every_link_on_a_page_opens(world, actor)
