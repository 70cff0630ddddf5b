"""«Check the connection»: what is shown without a script, how much is fetched, and that it bars nobody."""

from typing import Any

import pytest
from django.test import Client

from telemed.rules import SAMPLE
from tests.people import dana, insured_browser

pytestmark = pytest.mark.django_db
PAGE, FETCHED = "/doctor/check/", "/doctor/check/sample/"


@pytest.fixture
def browser() -> Client:
    return insured_browser(dana(language="en"))


@pytest.mark.parametrize(
    "words",
    [
        "1024 × 720", "1 Mbit/s", "Windows XP", "iPhone 5", "Android 5.1", "You answer for your own equipment",
        "Any telephone: the doctor calls your number",
    ],
)  # fmt: skip
def test_the_contracts_minima_and_the_telephone_need_no_script(browser: Client, words: str) -> None:
    assert words in browser.get(PAGE, headers={"Accept-Language": "en"}).text


def test_only_this_page_and_the_talk_may_ask_for_the_camera(browser: Client) -> None:
    assert "camera=(self)" in browser.get(PAGE)["Permissions-Policy"]
    assert "camera=()" in browser.get("/")["Permissions-Policy"]


def test_it_names_the_relay_and_gives_nobody_its_credentials(browser: Client, settings: Any) -> None:
    settings.TURN_URLS, settings.TURN_SECRET = ["turn:relay.example.kz:3478"], "s" * 32
    page = browser.get(PAGE).text
    assert 'data-relays="turn:relay.example.kz:3478"' in page
    assert "credential" not in page


def test_the_measured_sample_is_bounded_and_so_is_how_often_it_is_fetched(browser: Client) -> None:
    answers = [browser.get(FETCHED) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    assert len(answers[0].content) == SAMPLE
    assert "no-store" in answers[0]["Cache-Control"]


def test_whoever_is_not_signed_in_fetches_nothing() -> None:
    assert Client().get(FETCHED).status_code == 302
