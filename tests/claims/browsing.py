"""How people come to their cases in tests: an account's browser, a guest's with a code, a bank's with a link."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from claims.models import Claim, Item
from notices.models import Notice
from policies.models import Policy
from tests.claims.factories import an_insured
from tests.factories import an_insurer
from tests.forms import drawn_for, sends
from tests.people import insured_browser

RAUSHAN, BANK = "raushan@example.kz", "officer@bank.example"
GUEST = "/claims/guests/nomad-life/"
TOLD = {
    "event": "death", "event_on_0": "10", "event_on_1": "11", "event_on_2": "2026", "country": "KZ", "place": "Алматы",
    "story": "", "by_accident": "", "declared_by_court": "", "by_inheritance": "yes", "surname": "Ахметов",
    "given_name": "Серик", "patronymic": "", "born_on_0": "14", "born_on_1": "03", "born_on_2": "1961", "iin": "",
    "policy_number": "", "role": "heir", "name": "Ахметова Раушан",
}  # fmt: skip


def code_to(contact: str) -> str:
    """The newest that left for this contact."""
    kind = "email_code" if "@" in contact else "phone_code"
    notice = Notice.objects.filter(kind=kind, to=contact).order_by("-pk").first()
    assert notice, f"no code left for {contact}"
    return str(notice.context["code"])


def proves(browser: Client, contact: str = RAUSHAN, page: str = GUEST) -> HttpResponse:
    """The contact, then the code that came there."""
    an_insurer("nomad-life")
    drawn_for(browser)
    assert sends(browser, page, {"login": contact, "contact": contact}).status_code == 302
    return sends(browser, f"{page}code/", {"code": code_to(contact)})


def tells(browser: Client, **answers: Any) -> HttpResponse:
    return sends(browser, f"{GUEST}notice/", TOLD | answers)


def a_guest_with_a_case(contact: str = RAUSHAN, **answers: Any) -> tuple[Client, Claim]:
    browser = Client()
    proves(browser, contact)
    answer = tells(browser, **answers)
    assert answer.status_code == 302, answer.content.decode()
    return browser, Claim.objects.get(public_id=answer["Location"].split("/")[3])


def a_member(user: User, policy: Policy | None = None) -> tuple[Client, Policy]:
    return insured_browser(user), an_insured(user, policy)


def page_of(claim: Claim, *more: str) -> str:
    return "/".join([f"/claims/cases/{claim.public_id}", *more, ""])


def page_of_item(item: Item, *more: str) -> str:
    return page_of(item.claim, "documents", str(item.public_id), *more)
