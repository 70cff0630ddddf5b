"""How an operator finds a person by what a caller tells, and reads of tries at an ID that nobody has (NSK-18)."""

import re
from datetime import date

import pytest
from django.utils import timezone

from accounts.models import User
from policies.models import Access, Policy
from policies.rules import ContractKind
from tests.activation.desk import (
    PEOPLE,
    WRONG,
    Desk,
    an_active_policy,
    text_of,
)
from tests.activation.door import Visitor
from tests.factories import a_person, a_policy, an_insurer, another_insurer
from tests.queries import statements

pytestmark = pytest.mark.django_db


# ── Search ───────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "told", ["KИ 204-118734", "ки204118734", " KI204118734".replace("I", "И"), "КИ\u00a0204 118 734"]
)
def test_an_id_is_found_however_it_is_written(told: str) -> None:
    a_policy("КИ204118734")
    assert Desk().finds(told) == ["КИ204118734"]


@pytest.mark.parametrize("told", ["610314450122", "6103 1445 0122", "610314-450122"])
def test_a_person_is_found_by_the_iin(told: str) -> None:
    a_policy(iin="610314450122")
    assert Desk().finds(told) == ["4410 0275 31"]


@pytest.mark.parametrize("told", ["+7 701 234-45-67", "8 (701) 234 45 67", "77012344567", "7012344567"])
def test_a_person_is_found_by_the_phone_however_it_is_dictated(told: str) -> None:
    a_policy(phone="+77012344567")
    assert Desk().finds(told) == ["4410 0275 31"]


@pytest.mark.parametrize(
    "told", ["Қабылов 14.03.1961", "кабылов, 14/03/1961", "Кабылов Ерлан 1961-03-14", "ҚАБЫЛОВ  14 03 1961"]
)
def test_a_person_is_found_by_the_surname_with_the_birth_date(told: str) -> None:
    a_policy(surname="Қабылов", given_name="Ерлан")
    assert Desk().finds(told) == ["4410 0275 31"]


@pytest.mark.parametrize(
    "told",
    [
        "", " ", "Қабылов", "Қаб 14.03.1961", "Қабылов 1961", "Қабылов 15.03.1961", "Қабылов 31.02.1961", "Ерлан 14.03.1961",
        "4410", "44100275", "44100275310", "%", "610314", "61031445012", "701234", "14.03.1961", "'",
        "aigul@example", "aigul@", "@", "Қабылов\x00 14.03.1961",
    ],
)  # fmt: skip
def test_a_part_finds_nobody(told: str) -> None:
    a_policy(surname="Қабылов", given_name="Ерлан", iin="610314450122", phone="+77012344567", email="aigul@example.kz")
    assert Desk().finds(told) == []


@pytest.mark.parametrize(
    "trick", [{"insured_id__startswith": "44"}, {"pk__gt": "0"}, {"all": ""}, {"o": "1"}, {"q": "4410027531"}]
)
def test_a_crafted_address_lists_nobody_either(trick: dict[str, str]) -> None:
    a_policy()
    answer = Desk().browser.get(PEOPLE, trick, follow=True)
    assert "4410 0275 31" not in text_of(answer)


def test_a_search_stands_in_no_address() -> None:
    """decisions.md: numbers that people read are never in URLs."""
    a_policy(iin="610314450122")
    answer = Desk().searches("610314450122")
    assert answer.redirect_chain == [(PEOPLE, 302)]
    assert not re.search(r'(href|action)="[^"]*610314450122', text_of(answer))


def test_before_a_search_the_list_says_what_to_enter() -> None:
    a_policy()
    page = text_of(Desk().searches(""))
    assert "Enter what the caller tells you" in page
    assert "4410 0275 31" not in page


@pytest.mark.parametrize("told", ["AIGUL@example.kz", " aigul@example.kz "])
def test_a_person_is_found_by_the_e_mail_on_file(told: str) -> None:
    a_policy(email="Aigul@example.kz")
    assert Desk().finds(told) == ["4410 0275 31"]


def test_a_person_is_found_by_how_an_account_that_sees_them_signs_in() -> None:
    policy, _visitor = an_active_policy()
    User.objects.filter(email="aigul@example.kz").update(phone="+77012344567")
    desk = Desk()
    for told in ("aigul@example.kz", "8 701 234 45 67"):
        assert desk.finds(told) == [policy.insured_id]
    Access.objects.update(until=timezone.now())
    assert desk.finds("aigul@example.kz") == []


@pytest.mark.parametrize("told", ["Д-2026/117", "д 2026/117", "KZ 0044", "kz-0044"])
def test_a_person_is_found_by_the_number_of_the_contract_or_the_card(told: str) -> None:
    a_policy(contract_number="Д-2026/117", card_number="KZ 0044")
    assert Desk().finds(told) == ["4410 0275 31"]


def test_the_number_of_an_employers_contract_names_a_whole_staff_and_so_nobody() -> None:
    a_policy(kind=ContractKind.CORPORATE, contract_number="К-77", card_number="KZ 0044")
    desk = Desk()
    assert desk.finds("К-77") == []
    assert desk.finds("KZ 0044") == ["4410 0275 31"]


def test_a_person_with_two_policies_is_one_line_by_whichever_is_told() -> None:
    person = a_person(phone="+77012344567")
    a_policy("1000000001", person=person)
    a_policy("1000000002", person=person)
    desk = Desk()
    for told in ("87012344567", "1000000001", "1000000002"):
        assert desk.finds(told) == ["1000000001", "1000000002"]
        assert len(desk.searches(told).context["cl"].result_list) == 1


def test_a_beneficiary_or_policyholder_is_not_the_insured() -> None:
    a_policy(kind=ContractKind.CORPORATE, surname="Ким", given_name="Виктор")
    holder = a_person(phone="+77012344567")
    Policy.objects.get().parties.create(person=holder, role="beneficiary")
    assert Desk().finds("87012344567") == []


def test_a_result_is_masked() -> None:
    a_policy(iin="610314450122", phone="+77012344567", birth_date=date(1959, 2, 1))
    page = text_of(Desk().searches("44100275 31"))
    assert "Айгуль С." in page
    assert "••••••••0122" in page
    assert "+7 701 ••• 45 67" in page
    for secret in ("610314450122", "+77012344567", "01.02.1959", "Садыкова"):
        assert secret not in page


def test_the_list_costs_the_same_for_one_and_for_twenty() -> None:
    desk = Desk()
    for number in range(20):
        a_policy(f"10000000{number:02}", phone="+77012344567", iin=None)
    assert len(desk.finds("1000000001")) == 1
    with statements() as one:
        desk.browser.get(PEOPLE)
    assert len(desk.finds("87012344567")) == 20
    with statements() as twenty:
        desk.browser.get(PEOPLE)
    assert len(twenty) == len(one) <= 10


def test_a_long_list_has_pages_whose_links_do_not_carry_the_search() -> None:
    desk = Desk()
    for number in range(30):
        a_policy(f"10000000{number:02}", phone="+77012344567", iin=None)
    page = desk.searches("87012344567")
    assert len(page.context["cl"].result_list) == 25
    assert 'href="?p=2"' in text_of(page)
    assert len(desk.browser.get(PEOPLE, {"p": "2"}).context["cl"].result_list) == 5


# ── An ID that nobody has ────────────────────────────────────────────────────
def test_attempts_at_an_id_that_nobody_has_are_shown() -> None:
    an_insurer()
    Visitor().says("9999999999")
    desk = Desk()
    assert f'href="{PEOPLE}attempts/nsk/"' in text_of(desk.searches("9999 9999-99"))
    page = desk.browser.get(f"{PEOPLE}attempts/nsk/")
    assert "the details do not match" in text_of(page)
    assert "1 of 5 within a day" in text_of(page)


@pytest.mark.parametrize("insured_id", ["8888888888", "4410027531", ""])
def test_what_was_not_tried_or_is_somebodys_has_no_such_page(insured_id: str) -> None:
    policy = a_policy()
    Visitor().says(policy.insured_id, WRONG)
    desk = Desk()
    assert "attempts/nsk" not in text_of(desk.searches(insured_id))
    assert desk.browser.get(f"{PEOPLE}attempts/nsk/").status_code == 404


def test_attempts_at_another_insurer_are_not_found() -> None:
    another_insurer()
    Visitor().says("9999999999", code="other-health")
    desk = Desk()
    assert "attempts" not in text_of(desk.searches("9999999999"))
    assert desk.browser.get(f"{PEOPLE}attempts/other/").status_code == 404


def test_attempts_are_only_read() -> None:
    assert Desk().browser.post(f"{PEOPLE}attempts/nsk/").status_code == 405
