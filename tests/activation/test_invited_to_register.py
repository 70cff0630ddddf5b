"""A personal link where one registers first (adr/0024): it leads to the registration, and back to its policy (SGZ-12)."""

from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from activation.models import Declaration, Step
from activation.rules import FAILURES_A_DAY, Proof
from core.models import Limit
from notices.models import Notice
from notices.services.wording import word
from policies.models import Access
from policies.rules import AccessKind, AccessScope, ContractKind
from tests.activation.door import link_in_last_letter
from tests.activation.mailings import a_mailing, handed_out, link_to
from tests.activation.own_number import (
    DECLARATION_PAGE,
    DOOR,
    FORM,
    NAMES,
    PERSON,
    REGISTRATION,
    a_client,
    a_sogaz_policy,
    boxes,
)
from tests.factories import BORN
from tests.forms import sends
from tests.people import dana, insured_browser

pytestmark = pytest.mark.django_db
WORK = "aigul@alma.kz"  # on file; the cabinet opens with another address
ACCOUNT = f"{DOOR}account/"
CHILD_BORN = BORN.replace(year=2016)


def invited(**of_person: Any) -> str:
    """The path of the link in the letter of a firm's employee."""
    a_sogaz_policy(kind=ContractKind.CORPORATE, email=WORK, **of_person)
    handed_out(a_mailing(language="en"))
    return link_to(WORK)


def beside(page: str, link: str) -> str:
    return f"{page}?invited={link.split('/')[-2].replace(':', '%3A')}"


def registered(link: str, **changes: str) -> tuple[Client, HttpResponse]:
    """By the link, in by the letter; where that led."""
    browser = Client(HTTP_ACCEPT_LANGUAGE="en")
    sends(browser, beside(REGISTRATION, link), FORM | changes)
    return browser, browser.post(link_in_last_letter())


def sends_data(browser: Client, link: str, **changes: str) -> HttpResponse:
    return browser.post(link, NAMES | boxes(BORN) | changes)


# ── The way ──────────────────────────────────────────────────────────────────
def test_from_the_letter_by_the_registration_to_the_policy_in_the_cabinet() -> None:
    link = invited()
    browser = Client(HTTP_ACCEPT_LANGUAGE="en")
    assert f'href="{beside(REGISTRATION, link)}"' in browser.get(link).text
    browser, answer = registered(link)
    assert answer["Location"] == f"/accounts/device/?next={link.replace('/', '%2F').replace(':', '%3A')}"
    form = browser.get(link).context["form"]
    assert "insured_id" not in form.fields
    assert (form["surname"].value(), form["birth_date"].value()) == ("Садыкова", BORN)
    assert sends_data(browser, link)["Location"] == ACCOUNT
    assert browser.post(ACCOUNT, {"kind": "self"})["Location"] == "/"
    access = Access.objects.get()
    assert (access.kind, access.scope, access.proof) == (AccessKind.SELF, AccessScope.FULL, Proof.CONTACT_CODE)
    assert not Declaration.objects.exists()


def test_a_child_of_an_employee_is_invited_too() -> None:
    link = invited(given_name="Әлихан", patronymic="", birth_date=CHILD_BORN)
    browser, _answer = registered(link)
    child = {"given_name": "Алихан", "patronymic": "", "no_patronymic": "on"} | boxes(CHILD_BORN)
    assert sends_data(browser, link, **child)["Location"] == ACCOUNT
    browser.post(ACCOUNT, {"kind": "guardian"})
    assert Access.objects.get().kind == AccessKind.GUARDIAN


def test_whoever_has_a_cabinet_signs_in_and_comes_back() -> None:
    link = invited()
    assert f"/accounts/login/?next={link}" in Client().get(link).text.replace("%3A", ":")
    browser = a_client()
    assert sends_data(browser, link)["Location"] == ACCOUNT


def test_a_member_of_another_door_says_first_who_they_are_and_comes_back() -> None:
    link = invited()
    browser = insured_browser(dana())
    for answer in (browser.get(link), sends_data(browser, link)):
        assert answer["Location"] == beside(DECLARATION_PAGE, link)
    assert sends(browser, beside(DECLARATION_PAGE, link), PERSON)["Location"] == link
    assert sends_data(browser, link)["Location"] == ACCOUNT


# ── What the link alone tells ────────────────────────────────────────────────
FACTS = ("1825", "0417", "Садыкова", "Сериковна", WORK, "1974")


def test_a_stranger_with_the_link_reads_a_given_name_and_nothing_else() -> None:
    link = invited(birth_date=date(1974, 8, 19))
    stranger = Client()
    pages = [stranger.get(link), stranger.post(link, FORM), stranger.get(beside(REGISTRATION, link))]
    for page in pages:
        assert "Айгуль" in page.text
        assert not [fact for fact in FACTS if fact in page.text]
    assert pages[2].context["form"].initial == {"given_name": "Айгуль"}
    assert (Step.objects.count(), Limit.objects.filter(key__contains=":id:").count()) == (0, 0)


def test_an_invented_link_fills_nothing_in_and_leads_to_the_number() -> None:
    invited()
    page = Client().get(beside(REGISTRATION, "/activate/invited/1:AAAA/"))
    assert not page.context["form"].initial
    _browser, answer = registered("/activate/invited/1:AAAA/")
    assert answer["Location"].endswith("next=%2Factivate%2Fsogaz-health%2Fnumber%2F")


def test_somebody_else_who_registers_with_a_forwarded_link_gets_nothing() -> None:
    link = invited()
    thief, _answer = registered(link, given_name="Дана", email="thief@example.kz")
    answer = thief.post(link, NAMES | {"given_name": "Дана"} | boxes(BORN))
    assert "We could not go on with these details" in answer.text
    assert thief.get(ACCOUNT).status_code == 302
    assert not Access.objects.exists()


def guesses(link: str) -> HttpResponse:
    """Every day of the week before; then the right one."""
    thief, _answer = registered(link, email="thief@example.kz")
    for day in range(1, 1 + FAILURES_A_DAY):
        sends_data(thief, link, birth_date_0=f"{day}")
    return sends_data(thief, link)


def test_behind_the_link_the_tries_are_those_of_the_door() -> None:
    assert guesses(invited()).status_code == 200


def test_without_the_limit_the_right_day_would_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    monkeypatch.setattr("activation.services.find.FAILURES_A_DAY", None)
    assert guesses(invited())["Location"] == ACCOUNT


def test_a_letter_says_that_one_registers() -> None:
    invited()
    words = "Follow your personal link, register, and the policy joins your cabinet:"
    letter = word(Notice.objects.get(kind="invitation"))
    assert words in letter.text
    assert words in letter.html
