"""Every page that allauth serves here stands in our frame, and every answer carries our headers."""

import re
from decimal import Decimal

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import LazySettings
from django.core import checks
from django.test import Client
from django.urls import get_resolver

from accounts.checks import codes_have_a_price, demo_stays_at_home, letters_link_to_https, letters_name_a_phone
from tests.accounts.doors import sign_in
from tests.people import PASSWORD, aigul, marat

pytestmark = pytest.mark.django_db
FOR_VISITORS = [
    "/accounts/login/", "/accounts/signup/", "/accounts/inactive/", "/accounts/confirm-email/",
    "/accounts/confirm-email/dead:link/", "/accounts/password/reset/", "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-dead/", "/accounts/password/reset/key/done/", "/accounts/link/dead/",
    "/accounts/login/sms/", "/accounts/stop/dead/", "/accounts/stop/step/dead/",
]  # fmt: skip
FOR_MEMBERS = [
    "/accounts/logout/", "/accounts/email/", "/accounts/password/change/", "/accounts/reauthenticate/",
    "/accounts/sessions/", "/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/", "/accounts/mobile/",
]  # fmt: skip
WITH_A_FACTOR = [
    "/accounts/2fa/reauthenticate/", "/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
]  # fmt: skip


def assert_in_our_frame(page: str) -> None:
    assert page.count("<h1") == 1
    assert '<main class="main wrap" id="main"' in page
    assert " style=" not in page
    assert "<style" not in page
    assert not re.search(r"<[^>]+ on\w+=", page)


@pytest.mark.parametrize("path", FOR_VISITORS)
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_visitors_pages_stand_in_our_frame(client: Client, path: str, language: str) -> None:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert_in_our_frame(answer.text)


@pytest.mark.parametrize("path", FOR_MEMBERS)
def test_members_pages_stand_in_our_frame(client: Client, path: str) -> None:
    aigul()
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.get(path)
    assert answer.status_code == 200
    assert_in_our_frame(answer.text)


@pytest.mark.parametrize("path", [*FOR_MEMBERS, *WITH_A_FACTOR])
def test_strangers_are_asked_to_sign_in_first(client: Client, path: str) -> None:
    assert client.get(path)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", WITH_A_FACTOR)
def test_pages_of_the_second_factor_stand_in_our_frame(client: Client, path: str) -> None:
    user = aigul()
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    answer = client.get(path)
    assert answer.status_code == 200
    assert_in_our_frame(answer.text)


def test_the_key_of_an_authenticator_app_is_shown_whole_and_can_be_copied(client: Client) -> None:
    aigul()
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.get("/accounts/2fa/totp/activate/")
    key = answer.context["form"].secret
    assert '<textarea id="authenticator_secret" readonly' in answer.text
    assert f">{key}</textarea>" in answer.text


def test_on_a_phone_the_authenticator_app_opens_with_the_key(client: Client) -> None:
    """A phone's screen cannot be scanned with that phone."""
    aigul()
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.get("/accounts/2fa/totp/activate/")
    opened = re.search(r'href="(otpauth://totp/[^"]+)"', answer.text)
    assert opened is not None
    assert f"secret={answer.context['form'].secret}" in opened[1]


def test_backup_codes_stand_one_a_line(client: Client) -> None:
    user = aigul()
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    TOTP.activate(user, generate_totp_secret())
    codes = RecoveryCodes.activate(user).get_unused_codes()
    lines = re.search(r"<textarea[^>]*>(.*?)</textarea>", client.get("/accounts/2fa/recovery-codes/").text, re.DOTALL)
    assert lines is not None
    assert lines[1].split() == codes


def test_the_page_that_asks_for_the_second_factor_stands_in_our_frame(client: Client) -> None:
    TOTP.activate(marat(), generate_totp_secret())
    assert_in_our_frame(sign_in(client, "marat@example.kz", follow=True).text)


def test_a_set_password_page_for_whoever_has_none(client: Client) -> None:
    user = aigul()
    sign_in(client)
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    assert_in_our_frame(client.get("/accounts/password/set/").text)


def test_who_stands_at_the_confirmation_sees_the_address(client: Client) -> None:
    from allauth.account.models import EmailConfirmationHMAC

    user = aigul()
    address = EmailAddress.objects.create(user=user, email="gul@example.kz")
    page = client.get(f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/").text
    assert_in_our_frame(page)
    assert "gul@example.kz" in page


def test_there_is_no_door_that_this_file_does_not_know() -> None:
    """A further version of allauth may bring a further page: it is looked at before it is served."""
    named = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    known = {
        "account_login", "account_logout", "account_inactive", "account_signup", "account_reauthenticate",
        "account_email", "account_email_verification_sent", "account_change_password", "account_set_password",
        "account_reset_password", "account_confirm_login_code", "account_confirm_email",
        "account_reset_password_from_key_done", "account_reset_password_from_key", "account_reset_password_done",
        "mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
        "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn",
        "mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
        "mfa_login_webauthn", "usersessions_list",
    }  # fmt: skip
    assert {name for name in named if name.startswith(("account_", "mfa_", "usersessions_"))} == known


@pytest.mark.parametrize("path", ["/accounts/login/", "/nowhere/", "/accounts/language/", "/staff/"])
def test_every_answer_carries_the_headers(client: Client, path: str) -> None:
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    for directive in ("object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
        assert directive in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


def test_a_nonce_is_new_for_each_answer(client: Client) -> None:
    policies = [client.get("/accounts/login/")["Content-Security-Policy"] for _ in "ab"]
    nonces = {nonce for policy in policies for nonce in re.findall(r"'nonce-([^']+)'", policy)}
    assert len(nonces) == 2


def test_cookies_belong_to_this_host_alone(client: Client) -> None:
    aigul()
    client.get("/accounts/login/")
    sign_in(client)
    client.post("/accounts/language/", {"language": "kk"})
    ours = {name: cookie for name, cookie in client.cookies.items() if name != "messages"}
    assert set(ours) == {"__Host-session", "__Host-csrf", "__Host-language", "__Host-device"}
    for cookie in ours.values():
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
        assert (cookie["path"], cookie["domain"]) == ("/", "")


@pytest.mark.parametrize(
    ("demo", "url", "refused"),
    [
        (True, "https://my.nsk.kz", True),
        (True, "http://my.nsk.kz", True),
        (True, "http://8.8.8.8", True),
        (True, "http://127.0.0.1:8000", False),
        (True, "http://localhost:8000", False),
        (True, "http://192.168.1.7:8000", False),
        (False, "https://my.nsk.kz", False),
    ],
)
def test_demo_is_refused_where_the_public_could_reach_it(
    settings: LazySettings, demo: bool, url: str, refused: bool
) -> None:
    settings.DEMO, settings.PUBLIC_URL = demo, url
    assert [error.id for error in demo_stays_at_home(None)] == ["accounts.E001"] * refused


def test_production_needs_https_in_letters_and_a_number_to_call(settings: LazySettings) -> None:
    settings.PORTAL_BRAND = {"phone": ""}
    assert [error.id for error in letters_link_to_https(None)] == ["accounts.E002"]
    assert [error.id for error in letters_name_a_phone(None)] == ["accounts.E003"]
    settings.PUBLIC_URL, settings.PORTAL_BRAND = "https://my.nsk.kz", {"phone": "8 800 080 00 01"}
    assert letters_link_to_https(None) == letters_name_a_phone(None) == []


@pytest.mark.parametrize(
    ("money", "price", "refused"), [(0, 20, False), (100, 1, False), (100, 0, True), (-1, 20, True)]
)
def test_codes_need_a_price(settings: LazySettings, money: int, price: int, refused: bool) -> None:
    settings.SMS_MONEY_A_DAY, settings.SMS_PART_PRICE = Decimal(money), Decimal(price)
    assert [error.id for error in codes_have_a_price(None)] == ["accounts.E004"] * refused


def test_the_checks_are_registered() -> None:
    registered = checks.registry.registry.get_checks(include_deployment_checks=True)
    assert {codes_have_a_price, demo_stays_at_home, letters_link_to_https, letters_name_a_phone} <= set(registered)
