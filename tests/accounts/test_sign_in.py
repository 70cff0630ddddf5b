"""NSK-13…15: an address first proved, then the door; neutral answers; limits that hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.adapters import AccountAdapter
from accounts.hashers import BoundedArgon2Hasher, Busy
from accounts.models import User
from accounts.queries import account_known
from accounts.rules import (
    FAILURES_OF_ADDRESS,
    FAILURES_OF_SOURCE,
    SIGN_INS_OF_SOURCE,
    WRONG_PASSWORDS_IN_A_ROW,
)
from core.models import Limit
from tests.accounts.conftest import Letters
from tests.accounts.doors import LOGIN, is_signed_in, sign_in
from tests.forms import sends
from tests.people import PASSWORD, a_person, aigul, dana

pytestmark = pytest.mark.django_db


def test_a_proved_address_and_the_password_open_the_door(client: Client) -> None:
    aigul()
    response = sign_in(client, "Aigul@Example.KZ")
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert is_signed_in(client)


def test_before_the_letters_link_is_followed_sign_in_is_refused_and_the_letter_comes(
    client: Client, letters: Letters
) -> None:
    a_person("new@example.kz", verified=False)
    response = sign_in(client, "new@example.kz")
    assert response["Location"] == reverse("account_email_verification_sent")
    assert not is_signed_in(client)
    assert [(letter.kind, letter.to) for letter in letters()] == [("confirm_address", "new@example.kz")]


def test_the_page_offers_the_letter_again_at_most_once_in_three_minutes(client: Client, letters: Letters) -> None:
    a_person("new@example.kz", verified=False)
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        sign_in(client, "new@example.kz")
        page = client.get(reverse("account_email_verification_sent"))
        assert f'action="{reverse("accounts:letter")}"' in page.text
        clock.move_to(start + timedelta(seconds=179))
        sends(client, reverse("accounts:letter"))
        assert len(letters()) == 1
        clock.move_to(start + timedelta(seconds=180))
        assert sends(client, reverse("accounts:letter"))["Location"] == reverse("account_email_verification_sent")
        assert len(letters()) == 2


def test_a_stranger_gets_no_letter_by_asking(client: Client, letters: Letters) -> None:
    a_person("new@example.kz", verified=False)
    assert sends(client, reverse("accounts:letter"))["Location"] == LOGIN
    assert client.get(reverse("accounts:letter")).status_code == 405
    assert len(letters()) == 0


def the_link(letters: Letters) -> str:
    return letters()[-1].context["url"].removeprefix("http://127.0.0.1:8000")


def test_opening_the_link_changes_nothing_and_the_button_confirms_once(client: Client, letters: Letters) -> None:
    user = a_person("new@example.kz", verified=False)
    sign_in(client, "new@example.kz")
    scanner, link = Client(), the_link(letters)
    assert scanner.head(link).status_code == scanner.get(link).status_code == 200
    assert not EmailAddress.objects.get(user=user).verified
    assert scanner.post(link).status_code == 302
    assert EmailAddress.objects.get(user=user).verified
    assert not is_signed_in(scanner)
    assert Client().post(link).status_code == 404
    assert "<form" not in Client().get(link).text.partition("<main")[2].partition("</main")[0]
    assert sign_in(Client(), "new@example.kz")["Location"] == "/"


@pytest.mark.parametrize(
    ("age", "works"), [(timedelta(days=3, seconds=-1), True), (timedelta(days=3, seconds=1), False)]
)
def test_the_link_lives_three_days(client: Client, letters: Letters, age: timedelta, works: bool) -> None:
    user = a_person("new@example.kz", verified=False)
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        sign_in(client, "new@example.kz")
        clock.move_to(start + age)
        client.post(the_link(letters))
    assert EmailAddress.objects.get(user=user).verified is works


def test_an_address_that_another_account_proved_first_stays_unproved(client: Client, letters: Letters) -> None:
    late = a_person("shared@example.kz", verified=False)
    sign_in(client, "shared@example.kz")
    a_person("shared@example.kz", verified=True, password="Another 77 pass")
    client.post(the_link(letters))
    assert not EmailAddress.objects.get(user=late).verified
    assert services.verify_address(user=late) is False


def test_two_accounts_that_prove_one_address_at_once_leave_one_winner(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = a_person("shared@example.kz", verified=False), a_person("shared@example.kz", verified=False)
    monkeypatch.setattr(EmailAddress, "can_set_verified", lambda self: True)  # both looked before either wrote
    assert services.verify_address(user=first) is True
    assert services.verify_address(user=first) is True
    assert services.verify_address(user=second) is False
    assert account_known("Shared@Example.kz")


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client) -> None:
    aigul()
    wrong = sign_in(client, password="Wrong 77 word")
    unknown = sign_in(client, "nobody@example.kz")
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert len(wrong.context["form"].non_field_errors()) == 1


def test_a_closed_account_is_told_so_only_after_the_right_password(client: Client) -> None:
    aigul(is_active=False)
    assert sign_in(client, password="Wrong 77 word").status_code == 200
    assert sign_in(client)["Location"] == reverse("account_inactive")


def wrong_in_a_row(times: int) -> None:
    """One wrong password, counted as the last of so many: five in five minutes, for hours."""
    sign_in(Client(), password="Wrong 77 word")
    Limit.objects.filter(key__startswith="sign-in:in-a-row:").update(spent=times)


def test_a_hundred_wrong_passwords_in_a_row_leave_only_a_new_password(letters: Letters) -> None:
    aigul()
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False) as clock:
        wrong_in_a_row(WRONG_PASSWORDS_IN_A_ROW)
        clock.shift(timedelta(days=30))
        refused = sign_in(Client(), headers={"Accept-Language": "en"})
        assert "choose a new password" in refused.text
        browser = Client()
        browser.post("/accounts/password/reset/", {"email": "aigul@example.kz"})
        form = browser.get(the_link(letters))["Location"]
        browser.post(form, {"password1": "Qyzgaldaq 26 dala", "password2": "Qyzgaldaq 26 dala"})
        assert sign_in(Client(), password="Qyzgaldaq 26 dala")["Location"] == "/"


def test_the_right_password_after_ninety_nine_wrong_ones_begins_the_count_anew() -> None:
    aigul()
    wrong_in_a_row(WRONG_PASSWORDS_IN_A_ROW - 1)
    assert sign_in(Client())["Location"] == "/"
    assert not Limit.objects.filter(key__startswith="sign-in:in-a-row:").exists()


def test_wrong_passwords_at_one_address_close_no_other() -> None:
    aigul()
    dana()
    wrong_in_a_row(WRONG_PASSWORDS_IN_A_ROW)
    assert sign_in(Client(), "dana@example.kz")["Location"] == "/"


def test_the_sixth_try_is_refused_even_when_it_is_right_and_only_for_that_address(client: Client) -> None:
    aigul()
    dana()
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(5):
            sign_in(client, password="Wrong 77 word")
        sign_in(client)
        assert not is_signed_in(client)
        assert sign_in(Client(), "dana@example.kz")["Location"] == "/"
        clock.move_to(start + timedelta(minutes=5, seconds=-1))
        assert sign_in(client).status_code == 200
        clock.move_to(start + timedelta(minutes=5))
        assert sign_in(client).status_code == 302


def test_four_wrong_tries_still_leave_one(client: Client) -> None:
    aigul()
    for _ in range(4):
        sign_in(client, password="Wrong 77 word")
    assert sign_in(client)["Location"] == "/"


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was hashed, whether to compare it or to take as long for an address that nobody has."""
    hashed: list[str] = []
    for verb in ("verify", "encode"):
        hashes_it = getattr(BoundedArgon2Hasher, verb)

        def counts(self: BoundedArgon2Hasher, password: str, other: str, hashes_it: Any = hashes_it) -> Any:
            hashed.append(password)
            return hashes_it(self, password, other)

        monkeypatch.setattr(BoundedArgon2Hasher, verb, counts)
    return hashed


@pytest.mark.parametrize("email", ["aigul@example.kz", "nobody@example.kz"])
def test_a_try_that_a_limit_refuses_is_not_hashed(client: Client, email: str, hashes: list[str]) -> None:
    """A hash takes 20 ms of a core: refusing must not cost them. Control: each try before the limit is hashed once."""
    aigul()
    hashes.clear()
    tries = [f"Wrong 77 word {number}" for number in range(8)]
    for password in tries:
        sign_in(client, email, password)
    assert hashes == tries[:FAILURES_OF_ADDRESS]


def test_a_source_that_tries_too_much_is_not_hashed_and_locks_nobodys_account(
    client: Client, hashes: list[str]
) -> None:
    aigul()
    hashes.clear()
    for number in range(FAILURES_OF_SOURCE):
        sign_in(client, f"{number}@example.kz", "Wrong 77 word")
    for _ in range(FAILURES_OF_ADDRESS):
        sign_in(client, password="Wrong 77 word")
    assert len(hashes) == FAILURES_OF_SOURCE
    assert sign_in(Client(REMOTE_ADDR="203.0.113.5"))["Location"] == "/"


def test_right_passwords_are_limited_by_source_too(client: Client) -> None:
    """Somebody with one account could otherwise keep every core hashing."""
    aigul()
    for _ in range(SIGN_INS_OF_SOURCE):
        assert sign_in(Client())["Location"] == "/"
    assert sign_in(client).status_code == 200


def test_a_new_password_by_letter_gives_the_tries_back(client: Client) -> None:
    user = aigul()
    for _ in range(FAILURES_OF_ADDRESS):
        sign_in(client, password="Wrong 77 word")
    key = f"{user_pk_to_url_str(user)}-{EmailAwarePasswordResetTokenGenerator().make_token(user)}"
    path = AccountAdapter().get_reset_password_from_key_url(key).removeprefix("http://127.0.0.1:8000")
    form = client.get(path)["Location"]
    client.post(form, {"password1": "Another 77 pass", "password2": "Another 77 pass"})
    assert sign_in(Client(), password="Another 77 pass")["Location"] == "/"


def test_another_host_of_ours_brings_no_further_tries(client: Client, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["nsk.example.kz", "kih.example.kz"]
    aigul()
    for _ in range(5):
        sign_in(client, password="Wrong 77 word", headers={"Host": "nsk.example.kz"})
    assert sign_in(client, headers={"Host": "kih.example.kz"}).status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize(("proxies", "refused"), [(0, True), (1, False)])
def test_a_forged_source_counts_only_as_far_as_our_proxies_wrote_it(
    client: Client, settings: LazySettings, proxies: int, refused: bool
) -> None:
    """20 wrong passwords a minute from one source; behind one proxy the last element of the header is the source."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    aigul()
    for n in range(20):
        forged = {"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.{n}"}
        sign_in(client, f"{n}@example.kz", "Wrong 77 word", headers=forged)
    sign_in(client, headers={"X-Forwarded-For": "203.0.113.99, 198.51.100.99"})
    assert is_signed_in(client) is not refused


def test_behind_one_proxy_a_forged_first_element_changes_nothing(client: Client, settings: LazySettings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    aigul()
    for n in range(20):
        sign_in(client, f"{n}@example.kz", "Wrong 77 word", headers={"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.7"})
    sign_in(client, headers={"X-Forwarded-For": "203.0.113.99, 198.51.100.7"})
    assert not is_signed_in(client)


def test_the_limits_stand_in_postgresql(client: Client) -> None:
    from django.core.cache import cache
    from django.core.cache.backends.db import DatabaseCache

    assert isinstance(cache._connections["default"], DatabaseCache)


@pytest.mark.parametrize("path", [LOGIN, "/accounts/password/reset/", "/accounts/signup/", "/accounts/confirm-email/"])
def test_a_visit_makes_no_session(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200
    assert not Session.objects.exists()


def test_a_wrong_password_and_a_reset_make_no_session(client: Client, letters: Letters) -> None:
    aigul()
    sign_in(client, password="Wrong 77 word")
    client.post("/accounts/password/reset/", {"email": "aigul@example.kz"})
    assert not Session.objects.exists()
    sign_in(client)
    assert Session.objects.count() == 1  # control: the one who signs in gets one


def test_sign_up_is_closed_and_shows_the_way_to_activation(client: Client) -> None:
    page = client.post("/accounts/signup/", {"email": "x@example.kz", "password1": PASSWORD})
    assert 'href="/activate/"' in page.text
    assert not User.objects.exists()


def test_sign_in_leads_only_to_our_own_pages(client: Client) -> None:
    aigul()
    response = client.post(LOGIN, {"login": "aigul@example.kz", "password": PASSWORD, "next": "//evil.kz"})
    assert response["Location"] == "/"
    response = Client().post(LOGIN, {"login": "aigul@example.kz", "password": PASSWORD, "next": "/claims/"})
    assert response["Location"] == "/claims/"


def test_when_every_core_hashes_the_page_says_come_back_and_the_try_is_not_counted(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    aigul()

    def too_late(self: BoundedArgon2Hasher, password: str, encoded: str) -> bool:
        raise Busy

    with monkeypatch.context() as crowded:
        crowded.setattr(BoundedArgon2Hasher, "verify", too_late)
        for _ in range(6):
            response = sign_in(client)
            assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert sign_in(client)["Location"] == "/"


def test_an_account_opens_with_an_address_that_is_yet_to_be_proved() -> None:
    account = services.open_account(email="New@Example.kz", language="kk", password=PASSWORD)
    assert (account.email, account.language) == ("new@example.kz", "kk")
    assert account.check_password(PASSWORD)
    address = EmailAddress.objects.get(user=account)
    assert (address.primary, address.verified) == (True, False)
