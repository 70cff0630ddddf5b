"""A PIN of six digits opens a device that its owner called theirs, and nothing anywhere else (S7, SGZ-14)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client

from accounts import rules, services
from accounts.models import Device, User
from accounts.passwords import pin_refusal, words_about
from core import limits
from core.limits import Spent
from core.models import AuditEvent
from tests.accounts.conftest import Letters
from tests.accounts.doors import LOGIN, is_signed_in, sign_in
from tests.factories import a_person, an_insurer
from tests.forms import sends
from tests.people import PASSWORD, aigul, dana, insured_browser, marat
from tests.queries import statements

pytestmark = pytest.mark.django_db
PIN, ANOTHER = "407182", "593046"
BY_PIN, PAGE, REMOVAL, DEVICE, END = (
    "/accounts/login/pin/", "/accounts/pin/", "/accounts/pin/removal/", "/accounts/device/", "/accounts/devices/end/",
)  # fmt: skip
BRAND = {"name": "НСК", "phone": "22-58", "hours": "", "url": "https://my.nsk.kz"}
NOON = datetime(2026, 11, 23, 7, tzinfo=UTC)


def sets(browser: Client, pin: str = PIN, again: str | None = None) -> HttpResponse:
    return sends(browser, PAGE, {"pin": pin, "pin_again": pin if again is None else again})


def trusts(browser: Client, **answers: str) -> HttpResponse:
    return sends(browser, DEVICE, {"trust": "yes"} | answers)


def with_pin(user: User, pin: str = PIN) -> User:
    services.set_pin(user=user, pin=pin, brand=BRAND, now=NOON)
    return user


def phone_of(user: User) -> Client:
    """A browser that its owner signed in with, called theirs, and left."""
    browser = Client()
    sign_in(browser, user.email)
    trusts(browser)
    browser.post("/accounts/logout/")
    assert not is_signed_in(browser)
    return browser


def opens(browser: Client, pin: str = PIN, **more: str) -> HttpResponse:
    return browser.post(BY_PIN, {"pin": pin} | more)


# ── Choosing it ──────────────────────────────────────────────────────────────
def test_in_the_profile_a_pin_is_chosen_and_then_the_device_is_asked_about(letters: Letters) -> None:
    user = aigul()
    browser = insured_browser(user)
    assert sets(browser)["Location"] == DEVICE
    user.refresh_from_db()
    assert user.pin.startswith("argon2")
    assert PIN not in user.pin
    assert [(letter.kind, letter.context["change"]) for letter in letters()] == [("account_changed", "pin")]
    assert AuditEvent.objects.filter(verb="set a PIN").exists()


@pytest.mark.parametrize("pin", ["000000", "123456", "987654", "135791", "121212", "112233", "159753"])
def test_a_pin_that_everybody_tries_first_is_refused(pin: str) -> None:
    assert sets(insured_browser(aigul()), pin).context["form"].errors["pin"]
    assert not User.objects.exclude(pin="").exists()


@pytest.mark.parametrize("pin", ["140361", "610314", "031461", "31461x", "12345", "1234567", "４０７１８２"])
def test_a_birth_date_and_what_is_not_six_digits_are_refused(pin: str) -> None:
    words = words_about(birth_date=date(1961, 3, 14))
    if len(pin) == 6 and pin.isascii() and pin.isdigit():
        assert pin_refusal(pin, words=words)
        assert not pin_refusal(pin)
    else:
        assert sets(insured_browser(aigul()), pin).context["form"].errors["pin"]


def test_the_birth_date_of_an_own_policy_is_refused_in_the_profile() -> None:
    user = aigul()
    person = a_person(an_insurer())
    user.accesses.create(person=person, kind="self", scope="full", proof="facts")
    assert sets(insured_browser(user), f"{person.birth_date:%d%m%y}").context["form"].errors["pin"]


def test_both_have_to_be_the_same() -> None:
    assert sets(insured_browser(aigul()), PIN, ANOTHER).context["form"].errors["pin_again"]


@pytest.mark.parametrize("page", [PAGE, REMOVAL])
def test_without_the_password_of_a_moment_ago_nothing_is_chosen_or_removed(page: str) -> None:
    """An open session alone, as one that the PIN opened, changes no way in."""
    browser = phone_of(with_pin(aigul()))
    opens(browser)
    assert is_signed_in(browser)
    answer = sends(browser, page, {"pin": ANOTHER, "pin_again": ANOTHER})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert opens_with(PIN)


def opens_with(pin: str) -> bool:
    device = Device.objects.select_related("user").exclude(trusted_at=None).get()
    return services.check_pin(device=device, pin=pin, now=NOON) is rules.Answer.RIGHT


def test_removed_it_opens_nothing_and_every_contact_learns_of_it(letters: Letters) -> None:
    user = with_pin(aigul(phone="+77012344567"))
    browser = phone_of(user)
    sends(insured_browser(user), REMOVAL)
    assert [(one.channel, one.context["change"]) for one in letters()][-2:] == [
        ("email", "pin removed"), ("sms", "pin removed"),
    ]  # fmt: skip
    assert opens(browser)["Location"] == LOGIN
    assert not Device.objects.exclude(trusted_at=None).exists()
    before = len(letters())
    sends(insured_browser(user), REMOVAL)
    assert len(letters()) == before


def test_an_account_without_a_password_chooses_one_first() -> None:
    """Otherwise the PIN would be its whole key: nothing could be asked once more."""
    user = aigul()
    browser = insured_browser(user)
    user.set_unusable_password()
    user.save()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get(PAGE)["Location"] == "/accounts/password/set/"
    with_pin(user)
    assert not services.trust_device(user=user, key="any", brand=BRAND, now=NOON)


def test_staff_have_none() -> None:
    browser = insured_browser(marat())
    assert sets(browser).status_code == 404
    assert trusts(browser).status_code == 404
    assert not services.trust_device(user=with_pin(User.objects.get()), key="any", brand=BRAND, now=NOON)


# ── Opening ──────────────────────────────────────────────────────────────────
def test_on_a_trusted_device_six_digits_open_the_cabinet() -> None:
    user = with_pin(aigul())
    browser = phone_of(user)
    page = browser.get(LOGIN, headers={"Accept-Language": "en"}).text
    assert "With the PIN" in page
    assert "a•••l@example.kz" in page
    assert user.email not in page
    assert opens(browser, next="/accounts/profile/")["Location"] == "/accounts/profile/"
    assert is_signed_in(browser)


def test_pin_useless_on_new_device() -> None:
    user = with_pin(aigul())
    phone_of(user)
    stranger, known = Client(), Client()
    sign_in(known, user.email)  # signed in, never called one's own
    known.post("/accounts/logout/")
    for browser in (stranger, known):
        assert 'name="pin"' not in browser.get(LOGIN).text
        assert opens(browser)["Location"] == LOGIN
        assert not is_signed_in(browser)


def test_control_if_every_device_were_trusted_the_pin_would_open_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    user = with_pin(aigul())
    device = Device.objects.create(user=user, key_hash="its", first_seen=NOON, last_seen=NOON)
    monkeypatch.setattr("accounts.views.pin.trusted_device", lambda request: device)
    browser = Client()
    opens(browser)
    assert is_signed_in(browser)


@pytest.mark.parametrize("hostile", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_it_leads_to_this_host_only(hostile: str) -> None:
    assert opens(phone_of(with_pin(aigul())), next=hostile)["Location"] == "/"


def test_the_second_step_still_stands_between() -> None:
    user = with_pin(aigul())
    browser = phone_of(user)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    assert opens(browser)["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(browser)


def test_what_it_opened_can_call_no_device_ones_own() -> None:
    browser = phone_of(with_pin(aigul()))
    opens(browser)
    Device.objects.update(trusted_at=None)
    assert trusts(browser)["Location"] == "/accounts/profile/"
    assert not Device.objects.exclude(trusted_at=None).exists()


def test_a_closed_account_stays_closed() -> None:
    user = with_pin(aigul())
    browser = phone_of(user)
    User.objects.update(is_active=False)
    assert opens(browser)["Location"] == LOGIN


def test_a_new_password_ends_the_trust_everywhere() -> None:
    user = with_pin(aigul())
    browser = phone_of(user)
    new = "Another 1950 gul"
    insured_browser(user).post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    user.refresh_from_db()
    assert user.check_password(new)
    assert opens(browser)["Location"] == LOGIN


def test_a_lost_phone_is_shut_out_from_anywhere_without_the_password() -> None:
    user = with_pin(aigul())
    lost, other = phone_of(user), phone_of(user)
    opens(other)
    sends(other, END)
    assert opens(lost)["Location"] == LOGIN


# ── One browser, several people ──────────────────────────────────────────────
def test_a_browser_opens_with_one_persons_pin_only_the_last_who_said_so() -> None:
    user, other = with_pin(aigul()), with_pin(dana(), ANOTHER)
    browser = phone_of(user)
    sign_in(browser, other.email)
    trusts(browser)
    browser.post("/accounts/logout/")
    assert opens(browser, PIN).status_code == 200
    opens(browser, ANOTHER)
    assert browser.session["_auth_user_id"] == str(other.pk)


def test_the_database_holds_that_too() -> None:
    facts: dict[str, Any] = {"key_hash": "one", "first_seen": NOON, "last_seen": NOON, "trusted_at": NOON}
    Device.objects.create(user=aigul(), **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Device.objects.create(user=dana(), **facts)


@pytest.mark.parametrize("answer", ["no", "", "maybe"])
def test_who_does_not_say_mine_is_asked_for_the_password_again(answer: str) -> None:
    browser = Client()
    sign_in(browser, with_pin(aigul()).email)
    assert trusts(browser, trust=answer, next="/help/")["Location"] == "/help/"
    assert not Device.objects.exclude(trusted_at=None).exists()


def test_trust_is_told_and_told_once(letters: Letters) -> None:
    browser = Client()
    sign_in(browser, with_pin(aigul()).email)
    for _ in range(2):
        trusts(browser)
    assert [one.context.get("change") for one in letters()].count("pin on a device") == 1


# ── Wrong ones ───────────────────────────────────────────────────────────────
def test_after_five_wrong_pins_the_right_one_opens_nothing_until_the_password_did() -> None:
    user = with_pin(aigul())
    browser = phone_of(user)
    for _ in range(rules.PIN_TRIES - 1):
        assert opens(browser, ANOTHER).context["form"].errors["pin"]
    assert opens(browser, ANOTHER)["Location"] == LOGIN
    assert opens(browser)["Location"] == LOGIN
    assert not is_signed_in(browser)
    assert 'name="pin"' not in browser.get(LOGIN).text
    sign_in(browser, user.email)
    browser.post("/accounts/logout/")
    opens(browser)
    assert is_signed_in(browser)


def test_no_window_gives_the_tries_back() -> None:
    browser = phone_of(with_pin(aigul()))
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(rules.PIN_TRIES):
            opens(browser, ANOTHER)
        clock.shift(timedelta(days=400))
        assert opens(browser)["Location"] == LOGIN


def test_another_devices_tries_are_its_own() -> None:
    user = with_pin(aigul())
    one, other = phone_of(user), phone_of(user)
    for _ in range(rules.PIN_TRIES):
        opens(one, ANOTHER)
    opens(other)
    assert is_signed_in(other)


def test_control_without_the_limit_a_pin_is_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "spend", lambda *asked, now: Spent([], {one.key: 1 for one in asked}))
    browser = phone_of(with_pin(aigul()))
    for guess in ("407177", "407178", "407179", "407180", "407181", PIN):
        opens(browser, guess)
    assert is_signed_in(browser)


def test_a_busy_machine_costs_no_try(monkeypatch: pytest.MonkeyPatch) -> None:
    browser = phone_of(with_pin(aigul()))

    def busy(*anything: object) -> bool:
        raise services.pin.Busy

    monkeypatch.setattr("accounts.services.pin.check_password", busy)
    for _ in range(rules.PIN_TRIES + 1):
        assert opens(browser).status_code == 503
    monkeypatch.undo()
    opens(browser)
    assert is_signed_in(browser)


# ── What it costs others ─────────────────────────────────────────────────────
def test_the_sign_in_page_asks_nothing_more_of_a_strange_browser() -> None:
    Client().get(LOGIN)
    with statements() as made:
        Client().get(LOGIN)
    assert not [sql for sql in made if "accounts_device" in sql]


def test_the_cookie_alone_names_nobody(settings: Any) -> None:
    browser = Client()
    browser.cookies[settings.DEVICE_COOKIE_NAME] = "invented"
    assert opens(browser)["Location"] == LOGIN


def test_the_page_lists_the_devices_and_takes_them_back() -> None:
    user = with_pin(dana(language="en"))
    phone_of(user)
    page = insured_browser(user).get(PAGE).text
    assert "Unknown device" in page
    assert settings.DEVICE_COOKIE_NAME not in page
