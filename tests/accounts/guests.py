"""A guest: somebody who reads the letter with the link, types the code and sees one page."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import GuestAccess
from accounts.services import invite_guest
from activation.models import Mailing
from activation.rules import REPORT
from notices.models import Notice
from tests.forms import drawn_for, sends

HR, PHONE = "hr@alma.kz", "+77012344567"
BRAND = {"name": "НСК", "phone": "22-58", "hours": "", "url": "https://my.nsk.kz"}


def an_access(mailing: Mailing, contact: str = HR, *, days: float = 30, **changes: Any) -> GuestAccess:
    now = timezone.now()
    asked: dict[str, Any] = {
        "purpose": REPORT, "subject": mailing.public_id, "about": "Кто активировал", "until": now + timedelta(days=days),
        "by": mailing.started_by, "language": "ru", "brand": BRAND, "scope": "nsk",
    }  # fmt: skip
    return invite_guest(contact=contact, now=now, **(asked | changes))


def link_to(contact: str = HR) -> str:
    """The path of the newest one."""
    notice = Notice.objects.filter(kind="guest_link", to=contact).latest("pk")
    return str(notice.context["url"]).partition("8000")[2]


def code_to(contact: str = HR) -> str:
    notice = Notice.objects.filter(kind__in=["email_code", "phone_code"], to=contact).latest("pk")
    return str(notice.context["code"])


def asks_for_code(browser: Client, link: str) -> HttpResponse:
    drawn_for(browser)
    return sends(browser, link)


def types(browser: Client, link: str, code: str) -> HttpResponse:
    return sends(browser, f"{link}code/", {"code": code})


def comes_in(browser: Client, contact: str = HR) -> HttpResponse:
    """The whole way, and the page behind it."""
    link = link_to(contact)
    asks_for_code(browser, link)
    return browser.get(types(browser, link, code_to(contact))["Location"])


def page_of(mailing: Mailing) -> str:
    return f"/activate/enrolment/{mailing.public_id}/"
