"""The door of SOGAZ as a client uses it: registered, in by the letter, a number typed."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client

from policies.models import Policy
from tests.activation.door import link_in_last_letter
from tests.factories import BORN, a_policy, an_insurer
from tests.forms import sends
from tests.people import PASSWORD

DOOR = "/activate/sogaz-health/"
REGISTRATION, DECLARATION_PAGE, NUMBER, CHILD = (
    f"{DOOR}{page}" for page in ("registration/", "declaration/", "number/", "number/child/")
)
EMAIL, POLICY = "aigul@example.kz", "1825 DM 0417"
PIN = "407182"


def boxes(born: date) -> dict[str, str]:
    return {"birth_date_0": f"{born:%d}", "birth_date_1": f"{born:%m}", "birth_date_2": f"{born:%Y}"}


NAMES = {"surname": "Садыкова", "given_name": "Айгуль", "patronymic": "Сериковна"}
PASSPORT = {"passport_series": "4510", "passport_number": "123987"}
PERSON = NAMES | boxes(BORN) | PASSPORT | {"consent_personal_data": "1"}
FORM = PERSON | {"email": EMAIL, "password": PASSWORD, "password_again": PASSWORD, "pin": PIN, "pin_again": PIN}


def a_sogaz_policy(number: str = POLICY, **of_person: Any) -> Policy:
    return a_policy(number, insurer=an_insurer("sogaz"), **of_person)


def registers(browser: Client, **changes: str) -> HttpResponse:
    an_insurer("sogaz")
    return sends(browser, REGISTRATION, FORM | changes)


def a_client(**changes: str) -> Client:
    """Registered, and in by the letter."""
    browser = Client(HTTP_ACCEPT_LANGUAGE="en")
    assert registers(browser, **changes)["Location"] == "/accounts/confirm-email/"
    browser.post(link_in_last_letter())
    assert "_auth_user_id" in browser.session
    return browser


def sends_number(browser: Client, number: str = POLICY) -> HttpResponse:
    return browser.post(NUMBER, {"insured_id": number})


def adds(browser: Client, number: str = POLICY, kind: str = "self") -> HttpResponse:
    assert sends_number(browser, number)["Location"] == f"{DOOR}account/"
    return browser.post(f"{DOOR}account/", {"kind": kind})


def without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "token" not in line and "nonce" not in line)
