"""How an operator finds a person, what the file says, and who may read it (NSK-18, security.md 2.13)."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from time_machine import Traveller

from activation.models import Step
from activation.rules import FAILURES_AN_HOUR_PER_SOURCE, FILES_AN_HOUR
from core.models import AuditEvent
from notices.models import Delivery, Notice
from policies.models import Policy
from policies.rules import ContractKind, StaffRole
from tests.activation.desk import (
    FILES,
    WRONG,
    Desk,
    a_begun_policy,
    a_locked_policy,
    an_active_policy,
    auditors_desk,
    page_of,
    text_of,
    trail_of,
)
from tests.activation.door import START, Visitor, link_in_last_letter
from tests.factories import BORN, TODAY, a_person, a_policy, an_insurer, another_insurer
from tests.people import PASSWORD, aigul, at_work, dana, marat, staff_browser
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
        "aigul@example.kz", "Қабылов\x00 14.03.1961",
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
    answer = Desk().browser.get(FILES, trick, follow=True)
    assert "4410 0275 31" not in text_of(answer)


def test_a_search_stands_in_no_address() -> None:
    """decisions.md: numbers that people read are never in URLs."""
    a_policy(iin="610314450122")
    answer = Desk().searches("610314450122")
    assert answer.redirect_chain == [(FILES, 302)]
    assert not re.search(r'(href|action)="[^"]*610314450122', text_of(answer))


def test_before_a_search_the_list_says_what_to_enter() -> None:
    a_policy()
    page = text_of(Desk().searches(""))
    assert "Enter what the caller tells you" in page
    assert "4410 0275 31" not in page


def test_every_policy_of_a_person_is_found_and_each_once() -> None:
    person = a_person(phone="+77012344567")
    a_policy("1000000001", person=person)
    a_policy("1000000002", person=person)
    assert Desk().finds("87012344567") == ["1000000001", "1000000002"]


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
        desk.browser.get(FILES)
    assert len(desk.finds("87012344567")) == 20
    with statements() as twenty:
        desk.browser.get(FILES)
    assert len(twenty) == len(one) <= 10


def test_a_long_list_has_pages_whose_links_do_not_carry_the_search() -> None:
    desk = Desk()
    for number in range(30):
        a_policy(f"10000000{number:02}", phone="+77012344567", iin=None)
    page = desk.searches("87012344567")
    assert len(page.context["cl"].result_list) == 25
    assert 'href="?p=2"' in text_of(page)
    assert len(desk.browser.get(FILES, {"p": "2"}).context["cl"].result_list) == 5


# ── An ID that nobody has ────────────────────────────────────────────────────
def test_attempts_at_an_id_that_nobody_has_are_shown() -> None:
    an_insurer()
    Visitor().says("9999999999")
    desk = Desk()
    assert f'href="{FILES}attempts/nsk/"' in text_of(desk.searches("9999 9999-99"))
    page = desk.browser.get(f"{FILES}attempts/nsk/")
    assert "ID and birth date do not match" in text_of(page)
    assert "1 of 5 within a day" in text_of(page)


@pytest.mark.parametrize("insured_id", ["8888888888", "4410027531", ""])
def test_what_was_not_tried_or_is_somebodys_has_no_such_page(insured_id: str) -> None:
    policy = a_policy()
    Visitor().says(policy.insured_id, WRONG)
    desk = Desk()
    assert "attempts/nsk" not in text_of(desk.searches(insured_id))
    assert desk.browser.get(f"{FILES}attempts/nsk/").status_code == 404


def test_attempts_at_another_insurer_are_not_found() -> None:
    another_insurer()
    Visitor().says("9999999999", code="other-health")
    desk = Desk()
    assert "attempts" not in text_of(desk.searches("9999999999"))
    assert desk.browser.get(f"{FILES}attempts/other/").status_code == 404


def test_attempts_are_only_read() -> None:
    assert Desk().browser.post(f"{FILES}attempts/nsk/").status_code == 405


# ── The file ─────────────────────────────────────────────────────────────────
def test_opening_a_file_is_logged_once_an_opening() -> None:
    policy, desk = a_policy(), Desk()
    desk.searches(policy.insured_id)
    assert trail_of(policy) == []
    desk.opens(policy)
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.scope, str(event.actor)) == ("opened the file", "nsk", "marat@example.kz")
    desk.opens(policy)
    assert trail_of(policy) == [("opened the file", "")] * 2


def test_more_files_than_an_hour_needs_alert_somebody_once(caplog: pytest.LogCaptureFixture) -> None:
    policy, desk = a_policy(), Desk()
    for _ in range(FILES_AN_HOUR):
        desk.opens(policy)
    assert not AuditEvent.objects.filter(verb="opened unusually many files").exists()
    desk.opens(policy)
    desk.opens(policy)
    assert AuditEvent.objects.filter(verb="opened unusually many files").count() == 1
    assert len([record for record in caplog.records if record.name == "activation.services.operate"]) == 1


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_file_is_only_read(method: str) -> None:
    policy, desk = a_policy(), Desk()
    assert getattr(desk.browser, method)(f"{FILES}{policy.public_id}/change/").status_code == 405


def test_every_step_stands_with_the_insurers_time_and_who_took_it(clock: Traveller) -> None:
    policy = a_begun_policy()
    clock.shift(timedelta(minutes=5))
    desk = Desk()
    desk.does(policy, "letter", because="It did not come")
    page = text_of(desk.opens(policy))
    for words in ("21.11.2026 12:00:00", "may go on", "letter sent", "21.11.2026 12:05:00", "letter sent again"):
        assert words in page
    assert page.count("It did not come") == 2  # among the steps and in the trail
    assert "marat@example.kz" in page


def test_attempts_from_before_the_register_came_belong_to_the_file() -> None:
    an_insurer()
    Visitor().says()
    policy = a_policy()
    assert "ID and birth date do not match" in text_of(Desk().opens(policy))


def test_messages_stand_with_what_became_of_them_and_without_their_text() -> None:
    policy = a_begun_policy()
    notice = Notice.objects.get()
    Delivery.objects.create(notice=notice, at=notice.created_at, outcome="refused", answer="550 no such user")
    Notice.objects.update(state="parked", answer="refused")
    page = text_of(Desk().opens(policy))
    assert "letter with the link" in page
    assert "550 no such user" in page
    assert "a•••l@example.kz" in page
    assert notice.context["url"] not in page


STORIES = {
    "waiting": lambda: a_policy(signed_on=TODAY),
    "may be activated": lambda: a_policy(),
    "a second proof is asked": lambda: a_policy(phone="+77012344567"),
    "locked": lambda: a_locked_policy(),
    "letter sent": lambda: a_begun_policy(),
    "activated": lambda: an_active_policy()[0],
}
SENTENCES = {
    "waiting": "activation opens on 6 December 2026",
    "may be activated": "goes on to e-mail and password",
    "a second proof is asked": "a code that we send to +7 701 ••• 45 67",
    "locked": "Closed since 21.11.2026 12:00 after too many wrong attempts",
    "letter sent": "its link works until 24.11.2026 12:00",
    "activated": "Activated 21.11.2026 12:00",
}


@pytest.mark.parametrize("story", STORIES)
def test_the_file_says_in_a_sentence_what_the_client_sees_now(story: str) -> None:
    page = text_of(Desk().opens(STORIES[story]()))
    assert "What the client sees now" in page
    assert SENTENCES[story] in page
    assert "Tell the caller:" in page


def test_a_confirmed_address_waits_for_its_owner_to_sign_in() -> None:
    policy = a_begun_policy()
    Visitor().confirms(link_in_last_letter())
    assert "Signing in with the password chosen finishes the activation" in text_of(Desk().opens(policy))


def test_an_address_that_has_an_account_is_told_apart() -> None:
    aigul()
    assert "That address has an account already" in text_of(Desk().opens(a_begun_policy()))


def test_a_programme_without_a_door_here_says_where_it_is_activated() -> None:
    policy = a_policy(insurer=an_insurer("sogaz"))
    desk = Desk(at_work(marat(), an_insurer("sogaz"), StaffRole.OPERATOR))
    page = text_of(desk.opens(policy))
    assert "This programme is not activated on this portal" in page
    assert desk.offered(policy) == []


def test_a_network_that_is_closed_is_not_taken_for_a_locked_id() -> None:
    policy = a_policy()
    for number in range(FAILURES_AN_HOUR_PER_SOURCE):
        Visitor().says(f"9{number:09}", WRONG)
    Visitor().says()
    page = text_of(Desk().opens(policy))
    assert "too many wrong attempts came from that network" in page
    assert "locked</h2>" not in page


def test_a_file_costs_the_same_however_long_its_story() -> None:
    short, desk = a_policy("1000000001"), Desk()
    long = a_locked_policy(insured_id="1000000002")
    for _ in range(3):
        desk.does(long, "lock")
        Visitor().begins(long.insured_id)
        desk.does(long, "letter")
    desk.opens(short)
    with statements() as of_short:
        desk.opens(short)
    with statements() as of_long:
        desk.opens(long)
    assert (
        len(of_long) <= len(of_short) + 5
    )  # the account's address twice, its messages and their tries, its other policies
    with statements() as of_longer:
        desk.opens(long)
    assert len(of_longer) == len(of_long) <= 30


# ── Who may ──────────────────────────────────────────────────────────────────
def test_an_operator_sees_files_and_messages_in_the_admin_and_nothing_else() -> None:
    desk = Desk()
    apps = desk.browser.get("/staff/").context["app_list"]
    assert [model["object_name"] for app in apps for model in app["models"]] == ["InsuredFile", "Notice"]


@pytest.mark.parametrize("path", ["add/", "1/delete/", "{0}/delete/", "{0}/history/"])
def test_there_is_nothing_to_add_or_delete(path: str) -> None:
    policy, desk = a_policy(), Desk()
    assert desk.browser.get(FILES + path.format(policy.public_id)).status_code in (403, 404)


def test_another_insurers_file_is_not_found() -> None:
    policy = a_policy("1000000001", insurer=another_insurer(), phone="+77012344567")
    desk = Desk()
    assert desk.finds("1000000001") == []
    assert desk.finds("87012344567") == []
    assert desk.opens(policy).status_code == 404
    assert desk.asks(policy, "code").status_code == 404
    assert desk.does(policy, "code").status_code == 404
    assert trail_of(policy) == []


def test_a_number_in_the_address_instead_of_the_public_id_is_not_found() -> None:
    policy = a_policy()
    assert Desk().browser.get(f"{FILES}{policy.pk}/change/").status_code == 404


def test_an_auditors_reading_is_logged_too() -> None:
    policy = a_policy()
    assert auditors_desk().opens(policy).status_code == 200
    assert trail_of(policy) == [("opened the file", "")]


def test_a_keeper_of_registers_does_not_open_files() -> None:
    policy = a_policy()
    desk = Desk(at_work(marat(), an_insurer(), StaffRole.REGISTRAR))
    assert desk.searches("1").status_code == 403
    assert desk.opens(policy).status_code in (403, 404)
    assert trail_of(policy) == []


def test_staff_without_a_membership_see_nobody() -> None:
    policy, desk = a_policy(), Desk(staff_browser(marat()))
    assert desk.searches(policy.insured_id).status_code == 403
    assert desk.opens(policy).status_code == 404


def test_an_administrator_sees_every_insurer() -> None:
    a_policy("1000000001", insurer=another_insurer())
    a_policy("1000000002")
    desk = Desk(staff_browser(marat(is_superuser=True)))
    assert desk.finds("1000000001") == ["1000000001"]
    assert desk.finds("1000000002") == ["1000000002"]


@pytest.mark.parametrize("path", [FILES, "{0}", f"{FILES}attempts/nsk/"])
def test_a_password_alone_opens_nothing(path: str) -> None:
    policy = a_policy()
    Desk()  # Marat is an operator
    browser = Client()
    browser.post("/accounts/login/", {"login": "marat@example.kz", "password": PASSWORD})
    answer = browser.get(path.format(page_of(policy, "code")))
    assert answer["Location"].startswith("/staff/login/")


def test_an_insured_person_is_no_staff() -> None:
    policy = a_policy()
    dana()
    browser = Client()
    browser.post("/accounts/login/", {"login": "dana@example.kz", "password": PASSWORD})
    for path in (FILES, f"{FILES}{policy.public_id}/change/", page_of(policy, "undo")):
        assert browser.get(path, follow=True).status_code == 403
        assert browser.post(path, follow=True).status_code == 403
    assert not Step.objects.exists()


def test_the_page_that_the_client_opens_is_linked() -> None:
    assert f'href="{START}"' in text_of(Desk().opens(a_policy(birth_date=BORN, signed_on=date(2026, 1, 1))))
