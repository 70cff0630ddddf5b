"""Which language a page speaks: the visitor's choice, the account's, the browser's, Russian."""

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.accounts.doors import sign_in
from tests.accounts.test_rules import FOREIGN
from tests.people import aigul

pytestmark = pytest.mark.django_db
SWITCH = "/accounts/language/"
COOKIE = "__Host-language"


def spoken(client: Client, accept: str = "") -> str:
    return client.get("/accounts/password/reset/", headers={"Accept-Language": accept})["Content-Language"]


def choose(client: Client, language: str, then: str = "/help/") -> HttpResponse:
    return client.post(SWITCH, {"language": language, "next": then})


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "ru"),
        ("de", "ru"),
        ("kk-KZ,kk;q=0.9,ru;q=0.8", "kk"),
        ("en-GB", "en"),
        ("de,en;q=0.5", "en"),
        (";;;", "ru"),
    ],
)
def test_a_new_visitor_is_spoken_to_as_the_browser_asks_or_in_russian(
    client: Client, accept: str, language: str
) -> None:
    assert spoken(client, accept) == language


def test_the_accounts_language_is_stronger_than_the_browsers(client: Client) -> None:
    aigul()
    sign_in(client)
    assert spoken(client, "en") == "kk"


def test_the_choice_is_stronger_than_both_and_the_account_learns_it(client: Client) -> None:
    user = aigul()
    sign_in(client)
    assert choose(client, "en")["Location"] == "/help/"
    assert spoken(client, "ru") == "en"
    user.refresh_from_db()
    assert user.language == "en"
    assert choose(client, "en").status_code == 302  # once more changes nothing


def test_a_visitors_choice_is_kept_in_a_cookie_for_a_year_and_makes_no_session(client: Client) -> None:
    choose(client, "kk")
    cookie = client.cookies[COOKIE]
    assert (cookie["max-age"], cookie["secure"], cookie["samesite"], cookie["path"]) == (31536000, True, "Lax", "/")
    assert spoken(client, "en") == "kk"
    assert "__Host-session" not in client.cookies


def test_a_cookie_in_an_unknown_language_is_passed_over(client: Client) -> None:
    client.cookies[COOKIE] = "xx"
    assert spoken(client, "en") == "en"


@pytest.mark.parametrize("language", ["", "xx", "ru-RU", "../en"])
def test_a_language_we_do_not_speak_is_refused(client: Client, language: str) -> None:
    assert choose(client, language).status_code == 400
    assert COOKIE not in client.cookies


@pytest.mark.parametrize("then", FOREIGN)
def test_the_switch_leads_to_no_other_host(client: Client, then: str) -> None:
    assert choose(client, "kk", then)["Location"] == "/"


def test_the_switch_is_a_post_with_a_token(client: Client) -> None:
    assert client.get(SWITCH).status_code == 405
    assert Client(enforce_csrf_checks=True).post(SWITCH, {"language": "kk"}).status_code == 403


def test_pages_vary_by_what_chooses_the_language(client: Client) -> None:
    vary = client.get("/accounts/password/reset/")["Vary"]
    assert "Accept-Language" in vary
    assert "Cookie" in vary
