"""Codes by SMS, as the one who holds the phone reads them and the one who sits at the browser types them."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from notices.models import Notice
from tests.forms import drawn_for, sends
from tests.people import a_person, insured_browser

PHONE, OTHER = "+77012344567", "+79161234567"
BY_SMS, TYPE_IT = "/accounts/login/sms/", "/accounts/login/sms/code/"
RESET, RESET_CODE = "/accounts/password/reset/", "/accounts/password/reset/sms/"
MOBILE, MOBILE_CODE = "/accounts/mobile/", "/accounts/mobile/code/"


def sent_to(phone: str) -> list[str]:
    """The codes that have left for this number, the oldest first."""
    sms = Notice.objects.filter(kind="phone_code", to=phone).order_by("pk")
    return [notice.context["code"] for notice in sms]


def a_wrong_one(*right: str) -> str:
    return next(code for code in ("000000", "111111", "222222") if code not in right)


def asks(browser: Client, page: str = BY_SMS, phone: str = PHONE, **how: Any) -> HttpResponse:
    """Types the number where `page` asks for it. A browser keeps its CSRF secret, to which codes are bound."""
    drawn_for(browser)
    return sends(browser, page, {"phone": phone}, **how)


def types(browser: Client, code: str, page: str = TYPE_IT, **how: Any) -> HttpResponse:
    return sends(browser, page, {"code": code}, **how)


def with_mobile(email: str = "aigul@example.kz", phone: str = PHONE, **facts: Any) -> User:
    return a_person(email, phone=phone, **facts)


def confirms(browser: Client, phone: str = PHONE, query: str = "") -> HttpResponse:
    """Signed in: gives a number, reads the SMS, types the code."""
    code_page = asks(browser, MOBILE + query, phone).headers["Location"]
    return types(browser, sent_to(phone)[-1], code_page)


def at_home(user: User) -> Client:
    return insured_browser(user)
