"""A policy is added by its number, only if the data match (SGZ-11, SGZ-15, SGZ-16), from what is needed to the cabinet."""

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from activation.models import Declaration, Step
from activation.rules import (
    FAILURES_A_DAY,
    Declared,
    NumberAndDeclared,
    OnFile,
    Verdict,
)
from notices.models import Notice
from policies.models import Access
from policies.rules import AccessKind, AccessScope
from tests.activation.door import START as SPHERA
from tests.activation.door import facts as sphera_facts
from tests.activation.door import link_in_last_letter
from tests.activation.own_number import (
    CHILD,
    DECLARATION_PAGE,
    DOOR,
    EMAIL,
    FORM,
    NAMES,
    NUMBER,
    PERSON,
    POLICY,
    a_client,
    a_sogaz_policy,
    adds,
    boxes,
    registers,
    sends_number,
    without_tokens,
)
from tests.factories import BORN, a_policy, an_insurer
from tests.forms import sends
from tests.people import dana, insured_browser
from tests.queries import statements

pytestmark = pytest.mark.django_db


# ── The way ──────────────────────────────────────────────────────────────────
def test_from_what_is_needed_to_the_policy_in_the_cabinet() -> None:
    policy = a_sogaz_policy()
    browser = Client(HTTP_ACCEPT_LANGUAGE="en")
    page = browser.get(DOOR).text
    for needed in ("Your passport", "The number of the health insurance policy", "Your mobile phone"):
        assert needed in page
    assert registers(browser)["Location"] == "/accounts/confirm-email/"
    answer = browser.post(link_in_last_letter())
    assert answer["Location"] == f"/accounts/device/?next={NUMBER.replace('/', '%2F')}"
    page = browser.get(NUMBER).text
    for shown in ("Садыкова Айгуль Сериковна", "••••••3987"):
        assert shown in page
    assert "123987" not in page
    assert sends_number(browser)["Location"] == f"{DOOR}account/"
    assert POLICY in browser.get(f"{DOOR}account/").text
    assert browser.post(f"{DOOR}account/", {"kind": "self"})["Location"] == "/"
    access = Access.objects.get()
    assert (access.person, access.kind, access.scope) == (policy.insured, AccessKind.SELF, AccessScope.LIMITED)


# ── Only if the data match (SGZ-16) ──────────────────────────────────────────
DECLARED = Declared("Садыкова", "Айгуль", "", BORN)
AIGUL = OnFile(BORN, "Садыкова Айгуль Сериковна", None, code_fits=False)


@pytest.mark.parametrize(
    ("declared", "fits"),
    [
        (DECLARED, True),
        (Declared("САДЫКОВА", "айгуль", "сериковна", BORN), True),
        (Declared("Sadykova", "Aigul", "", BORN), True),
        (Declared("Садыкова", "Дана", "Сериковна", BORN), False),
        (Declared("", "Айгуль", "", BORN), False),
        (Declared("Садыкова", "Айгуль", "Сериковна", BORN + timedelta(days=1)), False),
    ],
)
def test_names_are_compared_tolerantly_and_the_day_exactly(declared: Declared, fits: bool) -> None:
    assert NumberAndDeclared("1", declared).fit(AIGUL) is fits


@pytest.mark.parametrize("changes", [{"given_name": "Дана"}, {"birth_date_0": "15"}])
def test_another_persons_policy_is_not_added(changes: dict[str, str]) -> None:
    a_sogaz_policy()
    browser = a_client(**changes)
    answer = sends_number(browser)
    assert "We could not go on with these details" in answer.text
    assert not Access.objects.exists()
    assert Step.objects.get().kind == Verdict.REFUSED


def test_a_wrong_number_is_answered_in_the_same_words() -> None:
    a_sogaz_policy()
    browser = a_client(given_name="Дана")
    browser.get(NUMBER)  # which says that the address is confirmed
    one, other = sends_number(browser).text, sends_number(browser, "1825 DM 9999").text
    assert without_tokens(one).replace(POLICY, "") == without_tokens(other).replace("1825 DM 9999", "")


def test_a_locked_number_is_not_compared() -> None:
    a_sogaz_policy()
    browser = a_client(given_name="Дана")
    for _ in range(FAILURES_A_DAY):
        sends_number(browser)
    sends(browser, DECLARATION_PAGE, NAMES | boxes(BORN))
    assert sends_number(browser).status_code == 200
    assert Step.objects.latest("pk").kind == Verdict.LOCKED


def test_nobody_adds_a_policy_twice_or_anothers() -> None:
    a_sogaz_policy()
    adds(a_client())
    other = a_client(email="other@example.kz")
    assert "We could not go on with these details" in sends_number(other).text


@pytest.mark.parametrize("page", ["number/", "number/child/", "declaration/"])
def test_a_stranger_signs_in_first(page: str) -> None:
    a_sogaz_policy()
    for answer in (Client().get(DOOR + page), Client().post(DOOR + page, {"insured_id": POLICY})):
        assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("page", ["", "recovery/", "recovery/codes/", "proof/", "account/"])
def test_a_stranger_compares_nothing_at_this_door(page: str) -> None:
    a_sogaz_policy()
    sends(Client(), DOOR + page, FORM | {"insured_id": POLICY, "answer": "1", "kind": "self"})
    assert not Step.objects.exists()


@pytest.mark.parametrize("page", ["registration/", "number/", "declaration/"])
def test_another_programme_has_no_such_page(page: str) -> None:
    an_insurer("nsk")
    assert insured_browser(dana()).get(SPHERA + page).status_code == 404


# ── Proofs ───────────────────────────────────────────────────────────────────
def test_a_contact_on_file_is_asked_as_everywhere() -> None:
    a_sogaz_policy(phone="+79161234567")
    browser = a_client()
    assert sends_number(browser)["Location"] == f"{DOOR}proof/"
    sends(browser, f"{DOOR}proof/codes/")
    code = Notice.objects.get(kind="proof_code").context["code"]
    assert sends(browser, f"{DOOR}proof/", {"answer": code})["Location"] == f"{DOOR}account/"
    browser.post(f"{DOOR}account/", {"kind": "self"})
    assert Access.objects.get().scope == AccessScope.FULL


@pytest.mark.parametrize("on_file", [{"email": EMAIL}, {"email": "Aigul@Example.kz"}, {"phone": "+79161234567"}])
def test_whoever_has_proved_the_contact_on_file_is_not_asked_for_it_again(on_file: dict[str, str]) -> None:
    a_sogaz_policy(**on_file)
    browser = a_client()
    User.objects.update(phone="+79161234567")
    adds(browser)
    assert (Access.objects.get().scope, Access.objects.get().proof) == (AccessScope.FULL, "contact_code")
    assert Step.objects.filter(kind=Step.Kind.PROVED).exists()
    assert not Notice.objects.filter(kind__in=["proof_code", "activated_notice_to_contact"]).exists()


def test_an_address_that_is_waiting_to_be_proved_proves_nothing() -> None:
    a_sogaz_policy(email="other@example.kz")
    browser = a_client()
    EmailAddress.objects.create(user=User.objects.get(), email="other@example.kz")
    assert sends_number(browser)["Location"] == f"{DOOR}proof/"


# ── Several insurers, children ───────────────────────────────────────────────
def test_a_cabinet_of_another_insurer_declares_once_and_adds() -> None:
    a_sogaz_policy()
    browser = insured_browser(dana(language="en"))
    a_policy()
    browser.post(SPHERA, sphera_facts("4410027531", BORN))
    browser.post(f"{SPHERA}account/", {"kind": "self"})
    assert browser.get(DOOR)["Location"] == NUMBER
    assert browser.get(NUMBER)["Location"] == DECLARATION_PAGE
    assert sends(browser, DECLARATION_PAGE, PERSON)["Location"] == NUMBER
    adds(browser)
    assert {one.person.insurer.slug for one in Access.objects.select_related("person__insurer")} == {"nsk", "sogaz"}


def test_a_childs_policy_asks_who_the_child_is_and_keeps_nothing_of_it() -> None:
    born = date(2016, 9, 5)
    a_sogaz_policy(given_name="Әлихан", patronymic="Дәуренұлы", birth_date=born)
    browser = a_client()
    child = {"insured_id": POLICY, "surname": "Садыкова", "given_name": "Алихан", "no_patronymic": "on"} | boxes(born)
    assert browser.post(CHILD, child)["Location"] == f"{DOOR}account/"
    assert browser.get(f"{DOOR}account/").context["form"]["kind"].value() == AccessKind.GUARDIAN
    browser.post(f"{DOOR}account/", {"kind": "guardian"})
    assert Access.objects.get().kind == AccessKind.GUARDIAN
    assert Declaration.objects.get().given_name == "Айгуль"


def test_a_child_with_other_data_is_not_found() -> None:
    a_sogaz_policy(given_name="Әлихан", birth_date=date(2016, 9, 5))
    child = {"insured_id": POLICY, "surname": "Садыкова", "given_name": "Алихан", "no_patronymic": "on"}
    answer = a_client().post(CHILD, child | boxes(date(2016, 9, 6)))
    assert "We could not go on with these details" in answer.text


# ── What it costs ────────────────────────────────────────────────────────────
def test_the_page_of_the_number_costs_six_statements() -> None:
    browser = a_client()
    browser.get(NUMBER)
    with statements() as made:
        browser.get(NUMBER)
    assert len(made) <= 6, "\n".join(made)
