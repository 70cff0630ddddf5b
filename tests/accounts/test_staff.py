"""Staff: a second factor always, one-time links, and an admin that only looks."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Barrier, Thread

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import LazySettings
from django.contrib.admin import AdminSite
from django.contrib.admin import site as staff_site
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client

from accounts import services
from accounts.models import OneTimeLink, User
from core.models import AuditEvent
from tests.accounts.conftest import Letters
from tests.accounts.doors import is_signed_in, sign_in
from tests.people import PASSWORD, aigul, dana, marat

pytestmark = pytest.mark.django_db
SECRET = generate_totp_secret()
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def code() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def administrator() -> User:
    user = marat(is_superuser=True)
    TOTP.activate(user, SECRET)
    return user


def enter(client: Client, user: User) -> None:
    sign_in(client, user.email)
    client.post("/accounts/2fa/authenticate/", {"code": code()})


def test_password_and_code_open_the_staff_site(client: Client) -> None:
    user = administrator()
    sign_in(client, user.email)
    assert not is_signed_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert client.get("/staff/").status_code == 200


def test_a_code_is_good_for_one_sign_in(client: Client) -> None:
    user = administrator()
    with time_machine.travel(NOW, tick=False):
        enter(client, user)
        second = Client()
        enter(second, user)
        assert not is_signed_in(second)


def test_five_wrong_codes_close_the_second_step(client: Client) -> None:
    user = administrator()
    sign_in(client, user.email)
    for _ in range(5):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert not is_signed_in(client)


def test_a_recovery_code_is_a_second_factor_too(client: Client) -> None:
    user = administrator()
    codes = RecoveryCodes.activate(user)
    sign_in(client, user.email)
    client.post("/accounts/2fa/authenticate/", {"code": codes.get_unused_codes()[0]})
    assert client.get("/staff/").status_code == 200


def test_staff_with_a_password_alone_are_sent_to_set_the_factor_up(client: Client) -> None:
    marat(is_superuser=True)
    sign_in(client, "marat@example.kz")
    assert client.get("/staff/", follow=True).redirect_chain == [
        ("/staff/login/?next=/staff/", 302), ("/accounts/2fa/", 302),
    ]  # fmt: skip


def test_the_plain_admin_site_would_let_a_password_alone_in(client: Client) -> None:
    """Control: the refusal above is ours."""
    marat(is_superuser=True)
    sign_in(client, "marat@example.kz")
    request = client.get("/help/").wsgi_request
    assert AdminSite().has_permission(request)
    assert not staff_site.has_permission(request)


def test_who_adds_the_factor_in_this_session_is_asked_for_it_before_the_site_opens(client: Client) -> None:
    user = marat(is_superuser=True)
    sign_in(client, user.email)
    TOTP.activate(user, SECRET)
    chain = client.get("/staff/", follow=True).redirect_chain
    assert chain[-1] == ("/accounts/2fa/reauthenticate/?next=/staff/", 302)
    assert client.post("/accounts/2fa/reauthenticate/", {"code": code(), "next": "/staff/"})["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200


def test_who_has_only_a_passkey_is_sent_to_the_passkeys_page(client: Client) -> None:
    user = marat(is_superuser=True)
    sign_in(client, user.email)
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "key", "credential": {}})
    assert client.get("/staff/login/")["Location"] == "/accounts/2fa/webauthn/reauthenticate/?next=/staff/"


def test_an_insured_person_is_refused_and_a_visitor_signs_in_on_our_page(client: Client) -> None:
    assert client.get("/staff/login/?next=/staff/accounts/")["Location"] == "/accounts/login/?next=/staff/accounts/"
    user = aigul()
    TOTP.activate(user, SECRET)
    enter(client, user)
    assert client.get("/staff/", follow=True).status_code == 403


def test_the_admins_own_door_checks_no_password(client: Client) -> None:
    administrator()
    answer = client.post("/staff/login/", {"username": "marat@example.kz", "password": PASSWORD})
    assert answer["Location"].startswith("/accounts/login/")
    assert not is_signed_in(client)


@pytest.mark.parametrize("then", ["//evil.kz", "https://evil.kz", "/\\evil.kz"])
def test_the_staff_door_leads_to_no_other_host(client: Client, then: str) -> None:
    enter(client, administrator())
    assert client.get("/staff/login/", {"next": then})["Location"] == "/staff/"


def test_the_admins_side_doors_lead_to_ours(client: Client) -> None:
    enter(client, administrator())
    assert client.get("/staff/password_change/")["Location"] == "/accounts/password/change/"
    assert client.post("/staff/logout/")["Location"] == "/accounts/login/"
    assert not is_signed_in(client)


def test_removing_the_factor_ends_the_other_sessions_and_is_told(client: Client, letters: Letters) -> None:
    user = administrator()
    elsewhere = Client()
    with time_machine.travel(NOW, tick=False) as clock:
        enter(elsewhere, user)
        clock.shift(timedelta(seconds=30))
        enter(client, user)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        client.post("/accounts/2fa/totp/deactivate/")
        assert letters()[-1].context["change"] == "app removed"
        assert is_signed_in(client)
        assert elsewhere.get("/accounts/email/").status_code == 302


# ── What a copied table gives away ───────────────────────────────────────────
def test_secrets_of_authenticators_stand_sealed_and_follow_a_changed_key(
    client: Client, settings: LazySettings
) -> None:
    user = administrator()
    recovery = RecoveryCodes.activate(user)
    codes, old = recovery.get_unused_codes(), settings.SECRET_KEY
    assert SECRET not in str(list(Authenticator.objects.values_list("data", flat=True)))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [old]
    call_command("reseal_authenticators", stdout=StringIO())
    settings.SECRET_KEY_FALLBACKS = []
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes() == codes
    enter(client, user)
    assert client.get("/staff/").status_code == 200


# ── One-time links ───────────────────────────────────────────────────────────
def path_of(url: str) -> str:
    assert url.startswith("http://127.0.0.1:8000/")
    return url.removeprefix("http://127.0.0.1:8000")


def test_a_link_opens_only_by_its_button_and_only_once(client: Client) -> None:
    user = services.open_staff_account(email="New@example.kz", name="Новая", is_administrator=False, by=None)
    link = path_of(services.one_time_staff_link(user=user, now=datetime.now(UTC)))
    assert client.get(link).status_code == client.head(link).status_code == 200
    assert not is_signed_in(client)
    assert client.post(link)["Location"] == "/accounts/password/set/"
    assert is_signed_in(client)
    again = Client()
    assert again.post(link).status_code == 410
    assert not is_signed_in(again)
    assert client.put(link).status_code == 405


def test_the_link_leads_to_a_password_and_on_to_the_second_factor_but_not_yet_to_the_site(client: Client) -> None:
    user = services.open_staff_account(email="new@example.kz", name="Новая", is_administrator=True, by=None)
    client.post(path_of(services.one_time_staff_link(user=user, now=datetime.now(UTC))))
    chosen = client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    assert chosen["Location"] == "/accounts/2fa/"
    assert client.get("/staff/", follow=True).redirect_chain[-1] == ("/accounts/2fa/", 302)


def test_in_demo_the_link_signs_in_fully(client: Client, settings: LazySettings) -> None:
    settings.DEMO = True
    user = marat(is_superuser=True)
    assert client.post(path_of(services.one_time_staff_link(user=user, now=datetime.now(UTC))))["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200
    settings.DEMO = False  # control: the same session, out of the demonstration
    assert client.get("/staff/").status_code == 302


def test_who_may_see_nothing_at_the_site_is_led_to_the_front_door(client: Client) -> None:
    """A doctor works at the desk, which the front door knows: tests/telemed/test_desk.py."""
    user = administrator()
    enter(client, user)
    assert client.get("/staff/").status_code == 200
    User.objects.update(is_superuser=False)
    assert client.get("/staff/")["Location"] == "/"


def test_a_link_does_not_skip_a_second_factor_that_is_set(client: Client) -> None:
    user = administrator()
    answer = client.post(path_of(services.one_time_staff_link(user=user, now=datetime.now(UTC))))
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_signed_in(client)


@pytest.mark.parametrize(("age", "works"), [(timedelta(hours=24), False), (timedelta(hours=24, microseconds=-1), True)])
def test_a_link_lives_24_hours(age: timedelta, works: bool) -> None:
    user = marat()
    key = services.one_time_staff_link(user=user, now=NOW).split("/")[-2]
    if works:
        assert services.use_staff_link(key=key, now=NOW + age) == user
    else:
        with pytest.raises(services.LinkSpent):
            services.use_staff_link(key=key, now=NOW + age)


def test_a_newer_link_kills_the_earlier_and_an_invented_one_opens_nothing() -> None:
    user = marat()
    first, second = (services.one_time_staff_link(user=user, now=NOW).split("/")[-2] for _ in range(2))
    for dead in (first, "x" * 43):
        with pytest.raises(services.LinkSpent):
            services.use_staff_link(key=dead, now=NOW)
    assert services.use_staff_link(key=second, now=NOW) == user


def test_a_link_dies_with_the_rights_of_its_owner() -> None:
    user = marat()
    key = services.one_time_staff_link(user=user, now=NOW).split("/")[-2]
    User.objects.update(is_staff=False)
    with pytest.raises(services.LinkSpent):
        services.use_staff_link(key=key, now=NOW)


def test_only_the_hash_of_a_key_is_kept() -> None:
    key = services.one_time_staff_link(user=marat(), now=NOW).split("/")[-2]
    assert key not in str(OneTimeLink.objects.values().get())


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_20_who_press_at_once_one_gets_through() -> None:
    key = services.one_time_staff_link(user=marat(), now=NOW).split("/")[-2]
    assert presses_at_once(20, lambda: services.use_staff_link(key=key, now=NOW)) == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_without_the_conditional_update_several_would() -> None:
    """Control: look, then write, with the pause of a busy machine in between."""
    services.one_time_staff_link(user=marat(), now=NOW)

    def look_then_write() -> None:
        if not OneTimeLink.objects.filter(used_at=None).exists():
            raise services.LinkSpent
        time.sleep(0.05)
        OneTimeLink.objects.update(used_at=NOW)

    assert presses_at_once(5, look_then_write) > 1


def presses_at_once(count: int, press: Callable[[], object]) -> int:
    through, gate = [], Barrier(count)

    def one() -> None:
        connection.ensure_connection()
        gate.wait()
        try:
            press()
            through.append(1)
        except services.LinkSpent:
            through.append(0)
        finally:
            connections.close_all()

    threads = [Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(through) == count
    return sum(through)


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("staff_link", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_command_opens_the_first_administrators_account_and_prints_a_link(client: Client) -> None:
    assert User.objects.count() == 0
    link = printed("--email", "Boss@Example.kz", "--name", "Айдос", "--administrator")
    boss = User.objects.get()
    assert (boss.email, boss.is_staff, boss.is_superuser) == ("boss@example.kz", True, True)
    assert not boss.has_usable_password()
    assert client.post(path_of(link)).status_code == 302
    trail = AuditEvent.objects.values_list("verb", flat=True).order_by("pk")
    assert list(trail) == ["opened a staff account", "made a one-time staff link", "used a one-time staff link"]
    assert AuditEvent.objects.order_by("pk").first().detail["name"] == "Айдос"


def test_the_command_makes_a_further_link_for_a_colleague_and_gives_no_rights(client: Client) -> None:
    marat()
    printed("--email", "marat@example.kz", "--name", "Марат", "--administrator")
    colleague = User.objects.get()
    assert not colleague.is_superuser


def test_an_insured_persons_account_does_not_become_a_staff_account() -> None:
    dana()
    with pytest.raises(CommandError):
        printed("--email", "dana@example.kz", "--name", "Дана")
    assert not User.objects.filter(is_staff=True).exists()


# ── The admin ────────────────────────────────────────────────────────────────
USERS = "/staff/accounts/user/"


def test_an_account_is_found_by_its_whole_address_only(client: Client) -> None:
    user = aigul()
    enter(client, administrator())
    assert "aigul@example.kz" in client.get(USERS, {"q": "Aigul@example.kz"}).text
    for part in ("", "aigul", "example.kz", "@"):
        assert f"{USERS}{user.pk}/" not in client.get(USERS, {"q": part}).text


def test_an_account_is_looked_at_and_not_changed(client: Client) -> None:
    user = aigul()
    enter(client, administrator())
    page = client.get(f"{USERS}{user.pk}/change/")
    assert page.status_code == 200
    assert "aigul@example.kz" in page.text
    assert user.password not in page.text
    assert 'name="_save"' not in page.text
    assert client.post(f"{USERS}{user.pk}/change/", {"email": "x@example.kz"}).status_code == 403
    assert client.post(f"{USERS}{user.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{USERS}add/").status_code == 403
    assert client.post(f"{USERS}{user.pk}/password/", {"password1": PASSWORD}).status_code in (302, 404)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("path", ["account/emailaddress/", "mfa/authenticator/", "usersessions/usersession/"])
def test_what_allauth_registers_for_change_by_hand_is_gone(client: Client, path: str) -> None:
    enter(client, administrator())
    assert client.get(f"/staff/{path}").status_code == 404


def test_groups_are_read_only(client: Client) -> None:
    enter(client, administrator())
    assert client.get("/staff/auth/group/").status_code == 200
    assert client.get("/staff/auth/group/add/").status_code == 403
