"""`next` leads to paths of this host only, at whatever door it is given."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.people import PASSWORD
from tests.security.matrix.actors import Actor
from tests.security.matrix.world import World

BYPASSES = [
    "//evil.kz", "///evil.kz", "////evil.kz", "https://evil.kz", "https:evil.kz", "https:/evil.kz", "https:///evil.kz",
    "http:\\\\evil.kz", "\\\\evil.kz", "/\\evil.kz", "\\/evil.kz", "/\t/evil.kz", "/%09/evil.kz\t", "/\n/evil.kz",
    "\t//evil.kz", " //evil.kz", "javascript:alert(1)", "data:text/html,x", "//evil.kz@testserver",
    "https://testserver@evil.kz", "//testserver.evil.kz", "/\r\nSet-Cookie: evil=1", "/\x0b/evil.kz", "evil.kz",
]  # fmt: skip
Door = Callable[[Client, str], Any]


def language(browser: Client, then: str) -> Any:
    return browser.post("/accounts/language/", {"language": "kk", "next": then})


def signed_in_already(browser: Client, then: str) -> Any:
    return browser.get("/accounts/login/", {"next": then})


def sign_out(browser: Client, then: str) -> Any:
    return browser.post("/accounts/logout/", {"next": then})


def staff(browser: Client, then: str) -> Any:
    return browser.get("/staff/login/", {"next": then})


def recovery_codes(browser: Client, then: str) -> Any:
    return browser.post("/accounts/2fa/recovery-codes/generate/", {"next": then})


DOORS = [language, signed_in_already, staff, recovery_codes, sign_out]  # the last one ends the session


@pytest.mark.parametrize("then", BYPASSES)
def test_no_door_leads_to_another_host(world: World, then: str) -> None:
    for door in DOORS:
        answer = door(world.browser(Actor.CHIEF), then)
        where = answer["Location"]
        assert answer.status_code == 302
        assert "evil" not in where
        assert "\n" not in where
        assert not urlsplit(where).netloc
        assert where.startswith("/")
        assert "evil" not in answer.cookies


def test_a_path_of_ours_is_followed(world: World) -> None:
    """Control."""
    for door in (language, signed_in_already, staff, sign_out):
        assert door(world.browser(Actor.CHIEF), "/help/?q=1")["Location"] == "/help/?q=1"


def test_the_password_leads_to_no_other_host_either(world: World) -> None:
    asks = {"login": "owner@cast.example", "password": PASSWORD, "next": "//evil.kz"}
    assert "evil" not in world.browser(Actor.VISITOR).post("/accounts/login/", asks)["Location"]


@pytest.mark.parametrize(
    "path", ["/staff/policies/register/1%0d%0aSet-Cookie:%20evil=1/", "/help%0d%0aEvil:1", "//evil.kz/.."]
)
def test_an_address_brings_no_header_of_its_own(world: World, path: str) -> None:
    answer = world.browser(Actor.CHIEF).get(path)
    assert answer.status_code < 500
    assert not answer.get("Location", "").startswith("//")
    for name, value in answer.items():
        assert "evil" not in name.lower()
        assert "\n" not in value
