"""How long a session lives, which devices are known, and who ends what."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import services
from accounts.models import Device, User
from tests.accounts.conftest import Letters
from tests.accounts.doors import is_signed_in, sign_in
from tests.people import aigul, dana, marat

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 23, 9, tzinfo=UTC)
PAGE = "/accounts/email/"
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/131.0 Mobile Safari/537.36"}
LAPTOP = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/132.0"}


def is_let_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


@pytest.mark.parametrize(("who", "limit"), [(aigul, timedelta(minutes=30)), (marat, timedelta(minutes=15))])
def test_after_the_idle_limit_the_page_asks_to_sign_in_again_and_says_why(
    client: Client, who: Callable[[], User], limit: timedelta
) -> None:
    user = who()
    with time_machine.travel(START, tick=False) as clock:
        sign_in(client, user.email)
        assert is_let_in(client)
        clock.shift(limit - timedelta(seconds=1))
        assert is_let_in(client)
        clock.shift(limit)
        answer = client.get(PAGE, follow=True, headers={"Accept-Language": "en"})
        assert answer.redirect_chain == [(f"/accounts/login/?next={PAGE}", 302)]
        assert [str(message) for message in answer.context["messages"]] != []
        assert not is_signed_in(client)


CLEAR = '"cache", "storage"'


def test_signing_out_clears_what_the_browser_kept_and_nothing_else_does(client: Client) -> None:
    """Otherwise Back, or the next person at a library's computer, finds the pages of the cabinet."""
    aigul()
    signed_in = sign_in(client)
    pages = [signed_in, client.get(PAGE), client.get("/accounts/logout/"), Client().get("/"), Client().get(PAGE)]
    assert [page.headers.get("Clear-Site-Data") for page in pages] == [None] * 5
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == CLEAR
    assert "Clear-Site-Data" not in client.get("/accounts/login/").headers


def test_a_session_that_ran_out_clears_it_too(client: Client) -> None:
    aigul()
    with time_machine.travel(START, tick=False) as clock:
        sign_in(client)
        assert is_let_in(client)
        clock.shift(timedelta(hours=1))
        assert client.get(PAGE)["Clear-Site-Data"] == CLEAR


def test_activity_does_not_stretch_a_session_over_12_hours(client: Client) -> None:
    aigul()
    with time_machine.travel(START, tick=False) as clock:
        sign_in(client)
        assert is_let_in(client)
        for _ in range(35):
            clock.shift(timedelta(minutes=20))
            assert is_let_in(client)
        clock.move_to(START + timedelta(hours=12, seconds=-1))
        assert is_let_in(client)
        clock.shift(timedelta(seconds=1))
        assert not is_let_in(client)


def test_a_session_is_written_at_most_once_a_minute(client: Client) -> None:
    aigul()
    with time_machine.travel(START, tick=False) as clock:
        sign_in(client)
        client.get("/help/")
        clock.shift(timedelta(seconds=59))
        assert writes(client) == 0
        clock.shift(timedelta(seconds=1))
        assert writes(client) == 1
        assert writes(client) == 0


def writes(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get("/help/")
    return sum(query["sql"].startswith('UPDATE "django_session"') for query in queries)


def test_the_key_of_the_session_changes_at_sign_in(client: Client) -> None:
    aigul()
    client.cookies["__Host-session"] = "a" * 32
    sign_in(client)
    assert client.cookies["__Host-session"].value != "a" * 32


def test_a_closed_account_is_out_at_the_next_request(client: Client) -> None:
    user = aigul()
    sign_in(client)
    user.is_active = False
    user.save()
    assert not is_let_in(client)


def test_pages_of_a_signed_in_person_are_not_stored(client: Client) -> None:
    aigul()
    assert "no-store" not in client.get("/help/").get("Cache-Control", "")
    sign_in(client)
    assert "no-store" in client.get("/help/")["Cache-Control"]


def test_the_first_device_is_no_news_and_the_next_one_is(client: Client, letters: Letters) -> None:
    user = aigul()
    sign_in(client, headers=PHONE)
    assert letters() == []
    laptop = Client()
    sign_in(laptop, headers=LAPTOP)
    [letter] = letters()
    assert (letter.kind, letter.to, letter.language) == ("new_device", "aigul@example.kz", "kk")
    assert letter.context["device"] == "Firefox, Windows"
    labels = Device.objects.filter(user=user).order_by("pk").values_list("label", flat=True)
    assert list(labels) == ["Chrome, Android", "Firefox, Windows"]
    for browser in (client, laptop):
        browser.post("/accounts/logout/")
        sign_in(browser)
    assert len(letters()) == 1


def test_a_browser_known_to_one_account_is_new_to_another(client: Client, letters: Letters) -> None:
    aigul()
    dana()
    sign_in(Client(), "dana@example.kz")
    sign_in(client)
    client.post("/accounts/logout/")
    sign_in(client, "dana@example.kz")
    assert [letter.to for letter in letters()] == ["dana@example.kz"]


def test_a_wrong_password_teaches_no_device(client: Client) -> None:
    aigul()
    sign_in(client, password="Wrong 77 word")
    assert "__Host-device" not in client.cookies
    assert not Device.objects.exists()


def test_the_list_of_sessions_names_devices_and_ends_the_others(client: Client) -> None:
    aigul()
    elsewhere = Client()
    sign_in(elsewhere, headers=LAPTOP)
    sign_in(client, headers=PHONE)
    page = client.get("/accounts/sessions/", headers=PHONE)
    assert "Firefox, Windows" in page.text
    assert "Mozilla" not in page.text
    client.post("/accounts/sessions/")
    assert is_let_in(client)
    assert not is_let_in(elsewhere)


def test_nobody_elses_sessions_are_listed_or_ended(client: Client) -> None:
    aigul()
    dana()
    stranger = Client()
    sign_in(stranger, "dana@example.kz", headers=LAPTOP)
    sign_in(client, headers=PHONE)
    assert "Firefox" not in client.get("/accounts/sessions/", headers=PHONE).text
    client.post("/accounts/sessions/")
    assert is_let_in(stranger)


# ── One device ───────────────────────────────────────────────────────────────
ONE = "/accounts/sessions/end/"


def number_of(email: str) -> int:
    """Of the account's first session."""
    return UserSession.objects.filter(user__email=email).earliest("pk").pk


def test_one_device_is_signed_out_and_the_others_are_not(client: Client) -> None:
    aigul()
    lost, laptop = Client(), Client()
    for browser in (lost, laptop, client):
        sign_in(browser)
    number = number_of("aigul@example.kz")
    assert f'name="session" value="{number}"' in client.get("/accounts/sessions/").text
    assert client.post(ONE, {"session": number})["Location"] == "/accounts/sessions/"
    assert [is_let_in(browser) for browser in (lost, laptop, client)] == [False, True, True]
    client.post(ONE, {"session": number})  # once more changes nothing
    assert is_let_in(laptop)


def test_nobody_elses_device_and_not_the_one_in_hand_is_signed_out(client: Client) -> None:
    aigul()
    dana()
    stranger = Client()
    sign_in(stranger, "dana@example.kz")
    sign_in(client)
    for number in (number_of("dana@example.kz"), number_of("aigul@example.kz"), 0, "", "x", 2**64):
        assert client.post(ONE, {"session": number}).status_code == 302
    assert is_let_in(stranger)
    assert is_let_in(client)
    assert client.get(ONE).status_code == 405
    assert Client().post(ONE, {"session": number_of("dana@example.kz")})["Location"].startswith("/accounts/login/")


def test_all_sessions_of_an_account_can_be_ended_for_it(client: Client) -> None:
    user, other = aigul(), dana()
    stranger = Client()
    sign_in(client)
    sign_in(stranger, other.email)
    assert services.end_sessions(user=user) == 1
    assert services.end_sessions(user=user) == 0
    assert not is_let_in(client)
    assert is_let_in(stranger)


def test_signing_out_takes_the_button(client: Client) -> None:
    aigul()
    sign_in(client)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_signed_in(client)
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert not is_signed_in(client)
    assert not Session.objects.filter(session_key__in=UserSession.objects.values("session_key")).exists()
