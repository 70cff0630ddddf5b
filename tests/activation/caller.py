"""Somebody at the door that begins with a mobile number: a browser, and the phone beside it."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.test import Client

from core.models import Limit
from notices.models import Notice
from policies.models import Policy
from policies.queries import policy_with_insured
from policies.rules import ConsentCode
from tests.accounts.sms import PHONE, asks, sent_to, types
from tests.activation.door import facts
from tests.factories import BORN
from tests.people import PASSWORD

DOOR = "/activate/life-with-telemedicine/"
MOBILE, CODE, ACCOUNT, PROOF = (f"{DOOR}{page}/" for page in ("mobile", "mobile/code", "account", "proof"))
NAME = "Садыкова Айгуль Сериковна"
BOTH = {"consent_personal_data": "1", "consent_medical_information": "1"}
DEAD = "This link no longer works"
CODES = (ConsentCode.PERSONAL_DATA, ConsentCode.MEDICAL_INFORMATION)


class Caller:
    """A browser and the phone beside it."""

    def __init__(self, phone: str = PHONE, browser: Client | None = None, language: str = "en") -> None:
        self.phone = phone
        self.client = browser or Client(HTTP_ACCEPT_LANGUAGE=language)

    def proves(self) -> HttpResponse:
        half_a_minute_passes()
        asks(self.client, MOBILE, self.phone)
        return types(self.client, sent_to(self.phone)[-1], CODE)

    def says(self, name: str = NAME, born: date = BORN) -> HttpResponse:
        return self.client.post(DOOR, facts("", born) | {"name": name})

    def opens(self, kind: str = "self", consents: dict[str, str] = BOTH) -> HttpResponse:
        return self.client.post(ACCOUNT, {"kind": kind} | consents)

    def goes_in(self, **who: Any) -> HttpResponse:
        self.proves()
        assert self.says(**who)["Location"] == ACCOUNT
        return self.opens()

    @property
    def is_signed_in(self) -> bool:
        return self.client.get("/accounts/profile/").status_code == 200


def half_a_minute_passes() -> None:
    """Sooner a number gets no second code."""
    Limit.objects.filter(key__startswith="code:pause").delete()


def login_sms(phone: str = PHONE) -> Notice:
    return Notice.objects.filter(kind="login", to=phone).latest("pk")


def password_link(phone: str = PHONE) -> str:
    path: str = login_sms(phone).context["url"].removeprefix("http://127.0.0.1:8000")
    return path


def browser_in_english() -> Client:
    return Client(HTTP_ACCEPT_LANGUAGE="en")


def chooses_password(browser: Client, path: str, password: str = PASSWORD) -> HttpResponse:
    return browser.post(path, {"password1": password, "password2": password})


def policy_of(policy: Policy) -> Policy:
    found = policy_with_insured(pk=policy.pk)
    assert found
    return found
