"""National sign-in: to the provider's page and back, whose account it is then, and what is kept of who it was."""

import logging
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.core.checks import run_checks
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings as SettingsWrapper

from accounts import rules
from accounts.gateways import openid
from accounts.models import User
from core.models import AuditEvent
from dev.identity import CLIENT, SECRET, Claims, IdentityProvider
from tests.accounts.conftest import Letters
from tests.accounts.doors import is_signed_in, sign_in
from tests.peers.identity import AIGUL, IIN
from tests.people import aigul, dana, insured_browser, marat

pytestmark = pytest.mark.django_db
BEGIN, BACK, CONNECT = "/accounts/national/sign-in/", "/accounts/national/callback/", "/accounts/national/connection/"
END = "/accounts/national/connection/end/"


@dataclass
class Trip:
    """One browser's way to the provider and back."""

    provider: IdentityProvider
    client: Client
    person: str = "aigul"

    def begins(self, address: str = BEGIN, **sends: str) -> dict[str, str]:
        """What the provider is asked, as its page receives it."""
        page = self.client.post(address, sends)
        return dict(parse_qsl(urlsplit(page.context["address"]).query))

    def way_back(self, address: str = BEGIN, **sends: str) -> str:
        """Where the provider sends the browser; nobody has followed yet."""
        parts = urlsplit(self.provider.authorize(self.begins(address, **sends), self.person))
        return f"{parts.path}?{parts.query}"

    def goes(self, address: str = BEGIN, **sends: str) -> HttpResponse:
        return self.client.get(self.way_back(address, **sends))


@pytest.fixture
def trip(provider: IdentityProvider, client: Client) -> Trip:
    return Trip(provider, client)


def words(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


# ── Off by default ────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("method", "address"), [("post", BEGIN), ("get", BACK), ("get", "/accounts/national/")])
def test_nothing_answers_while_no_provider_is_set_up(method: str, address: str) -> None:
    assert getattr(insured_browser(aigul()), method)(address).status_code == 404
    assert "/accounts/national/" not in Client().get("/accounts/login/").content.decode()


def test_with_a_provider_the_button_is_drawn(trip: Trip) -> None:
    assert BEGIN in trip.client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("NATIONAL_ID_CLIENT", "", "accounts.E005"), ("NATIONAL_ID_SECRET", "", "accounts.E005"),
        ("NATIONAL_ID_NAME", "", "accounts.E005"), ("NATIONAL_ID_ISSUER", "https://elsewhere.example", "accounts.E006"),
        ("NATIONAL_ID_ISSUER", "http://elsewhere.example", "accounts.E006"),
    ],
)  # fmt: skip
def test_a_half_set_up_provider_stops_the_start(
    settings: SettingsWrapper, provider: IdentityProvider, name: str, value: str, number: str
) -> None:
    assert not [found for found in run_checks() if found.id.startswith("accounts")]
    setattr(settings, name, value)
    assert number in [found.id for found in run_checks()]


# ── Who has no account ────────────────────────────────────────────────────────
def test_somebody_new_gets_an_account_with_the_address_that_the_provider_has_proved(trip: Trip) -> None:
    answer = trip.goes()
    assert (answer.status_code, answer["Location"]) == (302, "/")
    user = User.objects.get()
    assert (user.email, user.has_usable_password(), is_signed_in(trip.client)) == ("aigul@example.kz", False, True)
    assert user.emailaddress_set.get().verified


def test_an_address_that_is_not_proved_is_not_taken_over_not_even_as_unproved(trip: Trip) -> None:
    trip.provider.people["aigul"] = AIGUL | {"email_verified": False}
    trip.goes()
    user = User.objects.get()
    assert (user.email, user.emailaddress_set.count(), is_signed_in(trip.client)) == ("", 0, True)


def test_whoever_came_without_an_address_may_add_one_and_sees_no_broken_page(trip: Trip, letters: Letters) -> None:
    trip.provider.people["aigul"] = AIGUL | {"email": None}
    trip.goes()
    pages = ("/", "/accounts/profile/", "/accounts/email/", "/accounts/2fa/", "/accounts/mobile/", "/policies/family/")
    assert [trip.client.get(page).status_code for page in pages] == [200] * len(pages)
    trip.client.post("/accounts/email/", {"email": "aigul@example.kz", "action_add": ""})
    assert [(letter.kind, letter.to) for letter in letters()] == [("confirm_new_address", "aigul@example.kz")]


def test_an_unproved_address_that_somebody_has_gives_nothing_away(trip: Trip) -> None:
    """Control of the next one: whoever merely claims an address learns nothing about it."""
    aigul()
    trip.provider.people["aigul"] = AIGUL | {"email_verified": "true"}
    assert trip.goes()["Location"] == "/"
    assert User.objects.count() == 2


def test_a_known_address_connects_nothing_silently(trip: Trip) -> None:
    aigul()
    answer = trip.goes()
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert len(words(answer)) == 1
    assert (User.objects.count(), SocialAccount.objects.count(), is_signed_in(trip.client)) == (1, 0, False)


# ── Who has one ───────────────────────────────────────────────────────────────
def test_the_second_time_it_is_the_same_account(trip: Trip, provider: IdentityProvider) -> None:
    trip.goes()
    again = Client()
    Trip(provider, again).goes()
    assert (User.objects.count(), is_signed_in(again)) == (1, True)


def test_the_page_that_was_wanted_comes_next_and_never_another_host(trip: Trip, provider: IdentityProvider) -> None:
    assert trip.goes(next="/help/")["Location"] == "/help/"
    assert Trip(provider, Client()).goes(next="//evil.example/")["Location"] == "/"


def test_a_second_step_still_stands_between(trip: Trip, provider: IdentityProvider) -> None:
    trip.goes()
    TOTP.activate(User.objects.get(), "A" * 32)
    again = Client()
    assert Trip(provider, again).goes()["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(again)


def test_a_closed_account_stays_closed(trip: Trip, provider: IdentityProvider) -> None:
    trip.goes()
    User.objects.update(is_active=False)
    again = Client()
    assert Trip(provider, again).goes()["Location"] == "/accounts/inactive/"
    assert not is_signed_in(again)


def test_staff_do_not_come_in_by_it(trip: Trip, provider: IdentityProvider) -> None:
    trip.goes()
    User.objects.update(is_staff=True)
    again = Client()
    assert Trip(provider, again).goes()["Location"] == "/accounts/login/"
    assert not is_signed_in(again)


def test_staff_cannot_connect_it(provider: IdentityProvider) -> None:
    assert insured_browser(marat()).post(CONNECT).status_code == 403


# ── What is kept ──────────────────────────────────────────────────────────────
def test_of_the_claims_nothing_is_kept_but_a_hash_of_who_it_is(trip: Trip, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    trip.provider.people[IIN] = AIGUL  # a provider that names people by their IIN
    trip.person = IIN
    trip.goes()
    kept = SocialAccount.objects.get()
    assert (kept.extra_data, len(kept.uid), SocialToken.objects.count()) == ({}, 64, 0)
    everything = [
        *SocialAccount.objects.values_list("uid", "extra_data"), *User.objects.values_list(),
        *AuditEvent.objects.values_list(), *(session.get_decoded() for session in Session.objects.all()),
    ]  # fmt: skip
    assert IIN not in str(everything)
    assert IIN not in caplog.text
    assert "Садыкова" not in str(everything) + caplog.text


def test_a_connection_outlives_a_rotation_of_the_key(
    trip: Trip, provider: IdentityProvider, settings: SettingsWrapper
) -> None:
    trip.goes()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key " * 5
    Trip(provider, Client()).goes()
    settings.SECRET_KEY_FALLBACKS = []
    Trip(provider, Client()).goes()
    assert User.objects.count() == 1


# ── Connecting and disconnecting ──────────────────────────────────────────────
def test_signed_in_one_connects_it_and_is_told_at_every_contact(provider: IdentityProvider, letters: Letters) -> None:
    user = aigul(phone="+77012345678")
    browser = insured_browser(user)
    assert Trip(provider, browser).goes(CONNECT)["Location"] == "/accounts/national/"
    assert SocialAccount.objects.get().user == user
    assert [(letter.kind, letter.to) for letter in letters()] == [
        ("account_changed", "aigul@example.kz"), ("account_changed", "+77012345678"),
    ]  # fmt: skip
    newcomer = Client()
    Trip(provider, newcomer).goes()
    assert newcomer.session["_auth_user_id"] == str(user.pk)


def test_connecting_asks_for_the_password_once_more(provider: IdentityProvider) -> None:
    browser = insured_browser(aigul())
    session = browser.session
    session["account_authentication_methods"] = []
    session.save()
    assert browser.post(CONNECT)["Location"].startswith("/accounts/reauthenticate/")


def test_what_opens_one_cabinet_is_not_connected_to_another(trip: Trip, provider: IdentityProvider) -> None:
    trip.goes()
    danas = insured_browser(dana())
    answer = Trip(provider, danas).goes(CONNECT)
    assert len(words(answer)) == 1
    assert SocialAccount.objects.get().user.email == "aigul@example.kz"


def test_the_connection_is_ended_with_a_notice_and_opens_nothing_any_more(
    provider: IdentityProvider, letters: Letters
) -> None:
    browser = insured_browser(aigul())
    Trip(provider, browser).goes(CONNECT)
    browser.post(END)
    assert [letter.context["change"] for letter in letters()] == ["national sign-in added", "national sign-in removed"]
    assert browser.post(END).status_code == 302  # a second time nothing happens
    assert len(letters()) == 2
    newcomer = Client()
    Trip(provider, newcomer).goes()
    assert not is_signed_in(newcomer)


def test_the_last_way_in_stays(trip: Trip) -> None:
    trip.provider.people["aigul"] = AIGUL | {"email": ""}
    trip.goes()
    assert len(words(trip.client.post(END))) == 1
    assert SocialAccount.objects.count() == 1
    User.objects.update(phone="+77012345678")
    trip.client.post(END)
    assert SocialAccount.objects.count() == 0


# ── Attacks, each beside the way that works ───────────────────────────────────
def test_a_code_that_somebody_else_fetched_signs_nobody_in(trip: Trip) -> None:
    """Login CSRF: the victim's browser is led to the attacker's callback address."""
    caught = trip.way_back()
    victim = Client()
    assert victim.get(caught)["Location"] == "/accounts/login/"
    assert not is_signed_in(victim)
    assert trip.client.get(caught)["Location"] == "/"  # in the browser that began it works


def test_a_callback_works_once(trip: Trip) -> None:
    way = trip.way_back()
    trip.client.get(way)
    trip.client.post("/accounts/logout/")
    assert trip.client.get(way)["Location"] == "/accounts/login/"
    assert not is_signed_in(trip.client)


def test_another_code_under_ones_own_state_fails_at_the_verifier(trip: Trip, provider: IdentityProvider) -> None:
    """The attacker knows a code of the victim, and has a state of their own."""
    victims = dict(parse_qsl(urlsplit(Trip(provider, Client()).way_back()).query))
    own = dict(parse_qsl(urlsplit(trip.way_back()).query))
    answer = trip.client.get(BACK, {"state": own["state"], "code": victims["code"]})
    assert answer["Location"] == "/accounts/login/"
    assert not is_signed_in(trip.client)


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another browser's"}, {"nonce": None}, {"aud": "another client"}, {"aud": [CLIENT, "b"], "azp": "b"},
        {"iss": "https://evil.example"}, {"exp": 1}, {"sub": "somebody else"}, {"sub": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_does_not_fit_signs_nobody_in(trip: Trip, lie: Claims) -> None:
    trip.provider.twist = lambda claims: {key: value for key, value in (claims | lie).items() if value is not None}
    assert trip.goes()["Location"] == "/accounts/login/"
    assert (is_signed_in(trip.client), User.objects.count()) == (False, 0)
    trip.provider.twist = lambda claims: claims
    assert trip.goes()["Location"] == "/"


def test_a_token_that_another_key_signed_is_refused_and_only_for_that(provider: IdentityProvider) -> None:
    known = openid.Client(provider.issuer, CLIENT, SECRET)
    keys = {"keys": [provider.public_key()]}
    claims = {"iss": provider.issuer, "aud": CLIENT, "sub": "aigul", "iat": int(time.time()), "exp": time.time() + 60}
    signed = [
        jwt.encode(claims, provider.key, algorithm="ES256", headers={"kid": "1"}),
        jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), algorithm="ES256", headers={"kid": "1"}),
        jwt.encode(claims, SECRET * 5, algorithm="HS256", headers={"kid": "1"}),
        jwt.encode(claims, "", algorithm="none", headers={"kid": "1"}),
        jwt.encode(claims, provider.key, algorithm="ES256", headers={"kid": "2"}),
    ]
    assert [is_read(token, known, keys) for token in signed] == [True, False, False, False, False]


def is_read(token: str, known: openid.Client, keys: dict[str, Any]) -> bool:
    try:
        return bool(openid.read_token(token, known, keys=keys))
    except openid.NotIdentified:
        return False


BROKEN = {
    "refuses": lambda: (503, ""),
    "maintenance": lambda: (200, "<html>"),
    "a list": lambda: (200, "[]"),
    "says nothing": lambda: (200, "{}"),
}


@pytest.mark.parametrize("address", ["/.well-known/openid-configuration", "/token", "/keys", "/userinfo"])
@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_provider_that_is_out_of_order_leads_to_a_plain_page(trip: Trip, address: str, broken: Any) -> None:
    way = trip.way_back()
    trip.provider.answers[address] = broken
    answer = trip.client.get(way)
    assert (answer.status_code, answer["Location"], len(words(answer))) == (302, "/accounts/login/", 1)
    assert not is_signed_in(trip.client)


def test_a_provider_that_is_away_keeps_nobody_from_the_other_ways_in(trip: Trip, settings: SettingsWrapper) -> None:
    aigul()
    settings.NATIONAL_ID_ISSUER = "http://127.0.0.1:1"
    answer = trip.client.post(BEGIN)
    assert (answer.status_code, answer["Location"], len(words(answer))) == (302, "/accounts/login/", 1)
    assert sign_in(trip.client).status_code == 302


def too_late() -> tuple[int, str]:
    time.sleep(1.5)
    return 200, "{}"


def test_a_slow_provider_is_waited_for_no_longer_than_said(trip: Trip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openid, "PATIENCE", 0.3)
    trip.provider.answers["/token"] = too_late
    began = time.monotonic()
    assert trip.goes()["Location"] == "/accounts/login/"
    assert time.monotonic() - began < 1.4


def test_whoever_says_no_at_the_provider_comes_back_to_the_usual_ways_in(trip: Trip) -> None:
    asked = trip.begins()
    answer = trip.client.get(BACK, {"state": asked["state"], "error": "access_denied"})
    assert (answer["Location"], len(words(answer))) == ("/accounts/login/", 1)


def test_what_one_source_begins_in_an_hour_has_an_end(trip: Trip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "BEGINNINGS_OF_SOURCE", 3)
    assert [trip.client.post(BEGIN).status_code for _ in range(4)] == [200, 200, 200, 302]
    assert trip.client.post(BEGIN, REMOTE_ADDR="10.9.8.7").status_code == 200


def test_what_the_browser_asks_in_the_address_changes_nothing_at_the_provider(trip: Trip) -> None:
    """allauth's own view takes scope and further parameters from the query of whoever links to it."""
    asked = trip.begins(BEGIN + "?scope=everything&auth_params=prompt%3Dnone")
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert ("prompt" in asked, asked["code_challenge_method"]) == (False, "S256")
