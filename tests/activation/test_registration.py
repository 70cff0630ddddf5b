"""Registering and saying who one is (SGZ-13, SGZ-14): the form, the account, what is kept and how long."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from time_machine import Traveller

from accounts.models import User
from activation import tasks
from activation.models import Activation, Declaration
from activation.rules import (
    DECLARATION,
    LETTER_EVERY,
    UNPROVED,
    Declared,
    State,
)
from activation.services.declare import reseal_passports
from core import limits
from core.form_tokens import FIELD
from core.limits import Spent
from notices.models import Notice
from policies.models import Access, ConsentAct
from policies.rules import ConsentCode
from tests.activation.door import link_in_last_letter
from tests.activation.own_number import (
    DECLARATION_PAGE,
    DOOR,
    EMAIL,
    FORM,
    NAMES,
    NUMBER,
    PERSON,
    PIN,
    REGISTRATION,
    a_client,
    a_sogaz_policy,
    adds,
    boxes,
    registers,
    sends_number,
    without_tokens,
)
from tests.factories import BORN, a_policy, an_insurer
from tests.forms import drawn_for, sends
from tests.people import PASSWORD, dana, insured_browser

pytestmark = pytest.mark.django_db


def test_the_form_asks_everything_in_the_order_of_the_guide() -> None:
    an_insurer("sogaz")
    page = Client().get(REGISTRATION).text
    names = [
        "email", "password", "password_again", "surname", "given_name", "patronymic", "no_patronymic", "birth_date_0",
        "passport_series", "passport_number", "pin", "pin_again", "consent_personal_data",
    ]  # fmt: skip
    places = [page.index(f'name="{name}"') for name in names]
    assert places == sorted(places)


def test_after_a_slip_everything_is_there_again_but_the_secrets() -> None:
    answer = registers(Client(), given_name="Айгүл", birth_date_2="61", pin="123456")
    assert not User.objects.exists()
    for kept in (EMAIL, "Садыкова", "Айгүл", "Сериковна", "4510", "123987", 'value="61"'):
        assert kept in answer.text
    for secret in (PASSWORD, "123456"):
        assert secret not in answer.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "aigul"}, "email"), ({"password": "kat"}, "password"), ({"password_again": "other"}, "password_again"),
        ({"surname": ""}, "surname"), ({"patronymic": ""}, "patronymic"),
        ({"no_patronymic": "on"}, "no_patronymic"), ({"birth_date_2": "2999"}, "birth_date"),
        ({"passport_series": "451"}, "passport_series"), ({"passport_number": "12398"}, "passport_number"),
        ({"pin": "12345"}, "pin"), ({"pin": "140361", "pin_again": "140361"}, "pin"), ({"pin": "123987"}, "pin"),
        ({"pin_again": "593046"}, "pin_again"), ({"password": "sadykova1"}, "password"),
        ({"consent_personal_data": ""}, "consent_personal_data"), ({"consent_personal_data": "2"}, "consent_personal_data"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_registers_nobody(changes: dict[str, str], field: str) -> None:
    assert registers(Client(), **changes).context["form"].errors[field]
    assert not User.objects.exists()


def test_one_name_and_no_patronymic_are_a_person_too() -> None:
    policy = a_sogaz_policy(surname="", given_name="Айгуль", patronymic="")
    browser = a_client(surname="Айгуль", patronymic="", no_patronymic="on")
    assert Declaration.objects.get().declared == Declared("Айгуль", "", "", BORN)
    page = browser.get(DECLARATION_PAGE).context["form"]
    assert (page["given_name"].value(), page["no_patronymic"].value()) == ("Айгуль", True)
    adds(browser)
    assert Access.objects.get().person == policy.insured


def test_consent_is_kept_with_its_version_and_without_it_no_policy_is_added() -> None:
    a_sogaz_policy()
    browser = a_client()
    act = ConsentAct.objects.get()
    assert (act.text.code, act.text.number, act.person, act.language) == (ConsentCode.PERSONAL_DATA, 1, None, "en")
    sends(browser, f"/policies/consents/{act.public_id}/withdrawal/")
    assert sends_number(browser)["Location"] == DECLARATION_PAGE
    sends(browser, DECLARATION_PAGE, PERSON)
    assert sends_number(browser)["Location"] == f"{DOOR}account/"


def test_the_way_in_beside_the_number_asks_for_the_consent_too() -> None:
    """Withdrawn after the registration: a proof takes its place as little as a number does."""
    a_sogaz_policy()
    browser = a_client()
    sends(browser, f"/policies/consents/{ConsentAct.objects.get().public_id}/withdrawal/")
    typed = {"insured_id": "1825 DM 0417", **PERSON, "answer": "Д-2026/117"}
    assert sends(browser, f"{DOOR}recovery/", typed)["Location"] == f"{DOOR}account/"
    assert browser.post(f"{DOOR}account/", {"kind": "self"}).status_code == 200
    assert not Access.objects.exists()
    browser.post(f"{DOOR}account/", {"kind": "self", "consent_personal_data": "1"})
    assert Access.objects.exists()


# ── The account ──────────────────────────────────────────────────────────────
def test_until_the_letter_is_followed_the_password_opens_nothing() -> None:
    browser = Client()
    registers(browser)
    other = Client()
    assert (
        other.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})["Location"] == "/accounts/confirm-email/"
    )
    assert "_auth_user_id" not in other.session


def test_a_mail_scanner_that_follows_and_submits_opens_nothing() -> None:
    registers(Client())
    scanner = Client()
    scanner.get(link_in_last_letter())
    scanner.post(link_in_last_letter())
    assert EmailAddress.objects.get().verified
    assert "_auth_user_id" not in scanner.session


def test_an_address_that_opens_a_cabinet_gets_the_same_page_and_another_letter() -> None:
    known, stranger = Client(), Client()
    user = dana()
    answers = [registers(known, email=user.email), registers(stranger)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert {(one.to, one.kind) for one in Notice.objects.all()} == {
        (user.email, "account_known"), (EMAIL, "confirm_address"),
    }  # fmt: skip
    pages = [browser.get("/accounts/confirm-email/").text.replace(user.email, EMAIL) for browser in (known, stranger)]
    assert without_tokens(pages[0]) == without_tokens(pages[1])


def test_twice_in_three_minutes_writes_one_letter(clock: Traveller) -> None:
    registers(Client())
    assert registers(Client()).context["form"].errors["email"]
    assert Notice.objects.count() == User.objects.count() == 1
    clock.shift(LETTER_EVERY)
    assert registers(Client()).status_code == 302
    assert Notice.objects.count() == 2


def test_a_source_registers_so_many_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activation.services.declare.REGISTRATIONS_AN_HOUR_PER_SOURCE", 2)
    answers = [registers(Client(), email=f"p{number}@example.kz") for number in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 200]
    assert answers[-1].context["form"].non_field_errors()


def test_control_without_that_limit_it_registers_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activation.services.declare.REGISTRATIONS_AN_HOUR_PER_SOURCE", 2)
    monkeypatch.setattr(limits, "spend", lambda *asked, now: Spent([], {one.key: 1 for one in asked}))
    assert [registers(Client(), email=f"p{number}@example.kz").status_code for number in range(3)] == [302] * 3


def test_a_form_sent_twice_registers_once() -> None:
    an_insurer("sogaz")
    browser = Client()
    once = FORM | {FIELD: drawn_for(browser)}
    answers = [browser.post(REGISTRATION, once)["Location"] for _ in range(2)]
    assert answers == ["/accounts/confirm-email/"] * 2
    assert User.objects.count() == 1


def test_the_registration_lets_the_pin_open_the_device_that_is_called_ones_own() -> None:
    browser = a_client()
    sends(browser, "/accounts/device/", {"trust": "yes", "next": NUMBER})
    browser.post("/accounts/logout/")
    browser.post("/accounts/login/pin/", {"pin": PIN})
    assert "_auth_user_id" in browser.session


# ── What was declared ────────────────────────────────────────────────────────
def test_the_passport_is_sealed_and_goes_with_the_first_own_policy() -> None:
    a_sogaz_policy()
    browser = a_client()
    kept = Declaration.objects.get()
    assert "123987" not in kept.passport
    assert kept.masked_passport == "••••••3987"
    adds(browser)
    assert not Declaration.objects.exists()


def test_a_further_policy_asks_nothing_anew() -> None:
    first, second = a_sogaz_policy(), a_policy("1825 DM 0418", insurer=an_insurer("sogaz"), person=None)
    browser = a_client()
    adds(browser)
    assert "Садыкова Айгуль Сериковна" in browser.get(NUMBER).text
    assert adds(browser, "1825 DM 0418", kind="representative")["Location"] == "/"
    assert {one.policy for one in Activation.objects.filter(state=State.FINISHED)} == {first, second}


def test_what_is_wrong_is_corrected_and_the_passport_stays() -> None:
    browser = a_client(surname="Садыкава")
    changes = NAMES | boxes(BORN) | {"passport_series": "", "passport_number": ""}
    assert sends(browser, DECLARATION_PAGE, changes)["Location"] == NUMBER
    declaration = Declaration.objects.get()
    assert (declaration.surname, declaration.masked_passport) == ("Садыкова", "••••••3987")


def test_half_a_passport_is_no_passport() -> None:
    browser = a_client()
    changes = NAMES | boxes(BORN) | {"passport_series": "4511", "passport_number": ""}
    assert sends(browser, DECLARATION_PAGE, changes).context["form"].errors["passport_number"]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_an_account_whose_letter_nobody_followed_goes_after_three_days(clock: Traveller, late: timedelta) -> None:
    registers(Client())
    clock.shift(UNPROVED + late)
    tasks.forget_declarations()
    assert User.objects.exists() is not bool(late)
    assert Declaration.objects.exists() is not bool(late)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_what_found_no_policy_goes_after_ninety_days_and_the_account_stays(clock: Traveller, late: timedelta) -> None:
    a_client()
    clock.shift(DECLARATION + late)
    tasks.forget_declarations()
    assert User.objects.exists()
    assert Declaration.objects.exists() is not bool(late)


def test_a_passport_outlives_a_change_of_the_key(settings: Any) -> None:
    registers(Client())
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert reseal_passports() == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert Declaration.objects.get().masked_passport == "••••••3987"


def test_what_was_declared_is_no_password_later_either() -> None:
    user = User.objects.get(pk=a_client().session["_auth_user_id"])
    answer = insured_browser(user).post(
        "/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "sadykova7", "password2": "sadykova7"}
    )
    assert answer.context["form"].errors["password1"]
