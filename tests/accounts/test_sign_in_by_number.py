"""One box for an address or a number: with the password, or with a code by SMS. A stranger learns nothing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts import rules
from accounts.models import User
from core.models import Limit
from core.phones import mask_phone
from tests.accounts.conftest import Letters
from tests.accounts.doors import LOGIN, is_signed_in, sign_in
from tests.accounts.sms import (
    BY_SMS,
    OTHER,
    PHONE,
    RESET,
    RESET_CODE,
    TYPE_IT,
    a_wrong_one,
    asks,
    sent_to,
    types,
    with_mobile,
)
from tests.people import a_person
from tests.security.looks import looks

pytestmark = pytest.mark.django_db
NEW = "Qyzgaldaq 26 dala"
NOON = datetime(2026, 11, 23, 7, tzinfo=UTC)


# ── Number and password ──────────────────────────────────────────────────────
@pytest.mark.parametrize("typed", [PHONE, "8 701 234 45 67", "+7 (701) 234-45-67"])
def test_the_number_and_the_password_open_the_door(client: Client, typed: str) -> None:
    with_mobile()
    assert sign_in(client, typed)["Location"] == "/"
    assert is_signed_in(client)


def test_a_number_that_nobody_proved_opens_nothing(client: Client) -> None:
    a_person("aigul@example.kz")
    assert sign_in(client, PHONE).status_code == 200


def test_a_wrong_password_and_an_unknown_number_get_the_same_answer(client: Client) -> None:
    with_mobile()
    with time_machine.travel(NOON, tick=False):
        known = sign_in(Client(), PHONE, "Wrong 77 word", headers={"Accept-Language": "en"})
        unknown = sign_in(Client(), OTHER, "Wrong 77 word", headers={"Accept-Language": "en"})
    assert looks(known) == looks(unknown)
    assert "The number or the password is not right" in known.text


@pytest.mark.parametrize("typed", ["", "aigul", "22-58", "+7 7272 58 18 00", "aigul@", "@"])
def test_what_is_neither_address_nor_number_is_said_at_the_box(client: Client, typed: str) -> None:
    answer = sign_in(client, typed)
    assert answer.context["form"].errors["login"]


def test_tries_at_a_number_are_counted_as_those_at_an_address(client: Client) -> None:
    with_mobile()
    for _ in range(rules.FAILURES_OF_ADDRESS):
        sign_in(Client(), PHONE, "Wrong 77 word")
    assert sign_in(client, "8 701 234 45 67").status_code == 200
    Limit.objects.filter(key__startswith="sign-in:address:").delete()
    assert sign_in(client, PHONE)["Location"] == "/"  # control: the count refused it


def test_whoever_proved_a_number_and_no_address_signs_in_by_number_and_not_by_address(client: Client) -> None:
    with_mobile("new@example.kz", verified=False)
    assert sign_in(Client(), "new@example.kz")["Location"] == reverse("account_email_verification_sent")
    assert sign_in(client, PHONE)["Location"] == "/"


def test_an_account_without_any_address_signs_in_by_number(client: Client) -> None:
    user = with_mobile()
    user.emailaddress_set.all().delete()
    User.objects.update(email="")
    assert sign_in(client, PHONE)["Location"] == "/"
    assert sign_in(Client(), PHONE)["Location"] == "/"  # from a second device, which is told by SMS


def test_staff_have_no_number_to_sign_in_with(client: Client) -> None:
    with_mobile(is_staff=True)
    assert sign_in(client, PHONE).status_code == 200
    asks(client)
    assert sent_to(PHONE) == []
    assert sign_in(Client(), "aigul@example.kz").status_code == 302  # control


# ── A code ───────────────────────────────────────────────────────────────────
def test_a_code_opens_the_door_and_leads_where_one_wanted_to_go(client: Client) -> None:
    with_mobile()
    asked = asks(client, BY_SMS)
    assert asked["Location"] == TYPE_IT
    answer = types(client, sent_to(PHONE)[0], TYPE_IT + "?next=/policies/", follow=False)
    assert answer["Location"] == "/policies/"
    assert is_signed_in(client)


def test_the_sign_in_pages_second_button_sends_the_box_to_the_same_place(client: Client) -> None:
    with_mobile()
    assert f'formaction="{BY_SMS}"' in client.get(LOGIN).text
    answer = client.post(BY_SMS, {"login": "8 701 234 45 67", "password": "", "next": "/policies/"})
    assert answer["Location"] == TYPE_IT + "?next=%2Fpolicies%2F"
    assert len(sent_to(PHONE)) == 1


@pytest.mark.parametrize("evil", ["//evil.kz", "https://evil.kz", "/\\evil.kz"])
def test_it_leads_to_our_own_pages_only(client: Client, evil: str) -> None:
    with_mobile()
    assert asks(client, f"{BY_SMS}?next={evil}")["Location"] == TYPE_IT
    assert types(client, sent_to(PHONE)[0], f"{TYPE_IT}?next={evil}")["Location"] == "/"


def test_in_another_browser_the_code_opens_nothing(client: Client) -> None:
    with_mobile()
    asks(client)
    thief = Client()
    assert types(thief, sent_to(PHONE)[0])["Location"] == BY_SMS
    assert not is_signed_in(thief)
    assert types(client, sent_to(PHONE)[0])["Location"] == "/"  # control


def test_a_code_for_a_new_password_signs_nobody_in(client: Client) -> None:
    with_mobile()
    asks(client, RESET)
    assert types(client, sent_to(PHONE)[0], TYPE_IT)["Location"] == BY_SMS
    assert not is_signed_in(client)


def test_a_wrong_code_is_said_and_the_right_one_still_opens(client: Client) -> None:
    with_mobile()
    asks(client)
    wrong = types(client, a_wrong_one(*sent_to(PHONE)))
    assert wrong.context["form"].errors["code"]
    assert types(client, sent_to(PHONE)[0])["Location"] == "/"


def test_a_dead_code_leads_back_to_where_another_one_is_asked_for(client: Client) -> None:
    with_mobile()
    asks(client)
    for _ in range(3):
        answer = types(client, a_wrong_one(*sent_to(PHONE)))
    assert answer["Location"] == BY_SMS
    assert client.get(TYPE_IT)["Location"] == BY_SMS


def without(phone: str, answer: Any) -> object:
    """What a stranger sees, but for the number that they typed themselves."""
    *rest, body = looks(answer)
    return [*rest, body.replace(mask_phone(phone), "…")]


def test_a_known_and_an_unknown_number_look_the_same_from_the_first_page_to_the_last() -> None:
    with_mobile()

    def story(phone: str) -> list[object]:
        browser = Client(headers={"Accept-Language": "en"})
        answers = [asks(browser, phone=phone), browser.get(TYPE_IT)]
        answers += [types(browser, a_wrong_one(*sent_to(PHONE))) for _ in range(3)]
        return [without(phone, answer) for answer in answers]

    with time_machine.travel(NOON, tick=False):
        assert story(PHONE) == story(OTHER)
    assert (len(sent_to(PHONE)), len(sent_to(OTHER))) == (1, 0)


def test_the_number_and_the_code_are_in_no_address_of_a_page(client: Client) -> None:
    with_mobile()
    went = [asks(client)["Location"], types(client, sent_to(PHONE)[0])["Location"]]
    assert [url for url in went if "701" in url or sent_to(PHONE)[0] in url] == []


def test_asking_makes_no_session_and_the_right_code_one(client: Client) -> None:
    with_mobile()
    asks(client)
    types(client, a_wrong_one(*sent_to(PHONE)))
    assert not Session.objects.exists()
    types(client, sent_to(PHONE)[0])
    assert Session.objects.count() == 1


def test_a_second_step_still_stands_between(client: Client) -> None:
    TOTP.activate(with_mobile(), generate_totp_secret())
    asks(client)
    assert types(client, sent_to(PHONE)[0])["Location"] == reverse("mfa_authenticate")
    assert not is_signed_in(client)


def test_an_account_that_was_closed_meanwhile_is_not_opened(client: Client) -> None:
    with_mobile()
    asks(client)
    User.objects.update(is_active=False)
    assert types(client, sent_to(PHONE)[0])["Location"] == BY_SMS
    assert not is_signed_in(client)


def test_whoever_is_signed_in_is_led_on(client: Client) -> None:
    with_mobile()
    sign_in(client)
    assert asks(client)["Location"] == "/"
    assert sent_to(PHONE) == []


def test_a_second_press_leads_to_the_code_that_is_on_its_way(client: Client) -> None:
    with_mobile()
    assert [asks(client)["Location"], asks(client)["Location"]] == [TYPE_IT, TYPE_IT]
    assert len(sent_to(PHONE)) == 1
    assert asks(Client()).context["form"].errors["phone"]  # another browser has none


def test_when_the_money_is_spent_the_page_says_so_and_names_the_other_ways(
    client: Client, settings: LazySettings
) -> None:
    settings.SMS_MONEY_A_DAY = Decimal(0)
    with_mobile()
    page = asks(client, headers={"Accept-Language": "en"}).text
    assert "We can send no codes by SMS today. Use your e-mail, or call us" in page
    assert f'href="{LOGIN}"' in page


# ── The first week of a new number (SIM swap) ────────────────────────────────
@pytest.mark.parametrize(
    ("age", "opens"), [(timedelta(days=7, seconds=-1), False), (timedelta(days=7), True), (None, True)]
)
def test_a_code_alone_opens_no_new_device_within_seven_days_of_a_change(
    client: Client, age: timedelta | None, opens: bool
) -> None:
    with time_machine.travel(NOON, tick=False):
        with_mobile(phone_changed_at=NOON - age if age else None)
        asks(client)
        types(client, sent_to(PHONE)[0])
        assert is_signed_in(client) is opens


def test_on_a_known_device_it_does(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        with_mobile(phone_changed_at=NOON)
        sign_in(client)
        client.post("/accounts/logout/")
        asks(client)
        assert types(client, sent_to(PHONE)[0])["Location"] == "/"


# ── A forgotten password ─────────────────────────────────────────────────────
def chooses(browser: Client, key: str, password: str = NEW) -> int:
    form = browser.get(key)["Location"]
    return browser.post(form, {"password1": password, "password2": password}).status_code


def test_a_code_gives_a_new_password_and_ends_every_session(client: Client) -> None:
    user = with_mobile()
    elsewhere = Client()
    sign_in(elsewhere)
    assert asks(client, RESET)["Location"] == RESET_CODE
    key = types(client, sent_to(PHONE)[0], RESET_CODE)["Location"]
    assert not is_signed_in(client)
    assert chooses(client, key) == 302
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert elsewhere.get("/accounts/profile/").status_code == 302
    assert "Location" not in client.get(key).headers  # once


def test_both_contacts_learn_of_the_new_password(client: Client, letters: Letters) -> None:
    with_mobile()
    asks(client, RESET)
    chooses(client, types(client, sent_to(PHONE)[0], RESET_CODE)["Location"])
    told = [(letter.channel, letter.to) for letter in letters() if letter.kind == "password_changed"]
    assert sorted(told) == [("email", "aigul@example.kz"), ("sms", PHONE)]


def test_for_a_new_password_too_a_stranger_sees_the_same() -> None:
    with_mobile()

    def story(phone: str) -> list[object]:
        browser = Client(headers={"Accept-Language": "en"})
        answers = [asks(browser, RESET, phone), browser.get(RESET_CODE), types(browser, "no", RESET_CODE)]
        return [without(phone, answer) for answer in answers]

    with time_machine.travel(NOON, tick=False):
        assert story(PHONE) == story(OTHER)
    assert (len(sent_to(PHONE)), len(sent_to(OTHER))) == (1, 0)


def test_an_address_in_the_same_box_gets_its_letter(client: Client, letters: Letters) -> None:
    with_mobile()
    assert client.post(RESET, {"email": "aigul@example.kz"})["Location"] == reverse("account_reset_password_done")
    assert [letter.kind for letter in letters()] == ["password_reset"]


@pytest.mark.parametrize("typed", ["", "aigul", "+7 7272 58 18 00"])
def test_what_is_neither_is_said_at_the_box(client: Client, typed: str) -> None:
    assert client.post(RESET, {"email": typed}).context["form"].errors["email"]


def test_within_seven_days_of_a_change_a_code_gives_no_new_password(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        with_mobile(phone_changed_at=NOON)
        asks(client, RESET)
        assert types(client, sent_to(PHONE)[0], RESET_CODE)["Location"] == RESET
        User.objects.update(phone_changed_at=NOON - timedelta(days=7))
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):  # control
        asks(client, RESET)
        assert "/key/" in types(client, sent_to(PHONE)[1], RESET_CODE)["Location"]
