"""What the page of a person says, and who may read it (NSK-18, security.md 2.13)."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import Traveller

from accounts.models import User
from activation.models import Step
from activation.rules import FAILURES_AN_HOUR_PER_SOURCE, FILES_AN_HOUR
from activation.services import operate
from activation.services.operate import open_file
from core.models import AuditEvent
from notices.models import Delivery, Notice
from policies.models import Person, Policy
from policies.rules import StaffRole
from tests.activation.desk import (
    PEOPLE,
    WRONG,
    Desk,
    a_begun_policy,
    a_locked_policy,
    an_active_policy,
    auditors_desk,
    page_of,
    page_of_person,
    text_of,
    trail_of,
)
from tests.activation.door import START, Visitor, link_in_last_letter
from tests.factories import (
    BORN,
    TODAY,
    a_borrower,
    a_person,
    a_policy,
    a_policy_with_a_code,
    a_programme_elsewhere,
    an_insurer,
    another_insurer,
)
from tests.people import PASSWORD, a_member, aigul, at_work, dana, marat, staff_browser
from tests.queries import statements

pytestmark = pytest.mark.django_db


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
    people, marat = many_people(FILES_AN_HOUR + 2), an_operator()
    for person in people[:FILES_AN_HOUR]:
        open_file(person=person, by=marat, now=timezone.now())
    assert not ALERTS.exists()
    for person in people[FILES_AN_HOUR:]:
        open_file(person=person, by=marat, now=timezone.now())
    assert ALERTS.count() == 1
    assert len([record for record in caplog.records if record.name == "activation.services.operate"]) == 1


def test_the_same_person_opened_again_is_no_further_file() -> None:
    (person,), marat = many_people(1), an_operator()
    for _ in range(FILES_AN_HOUR + 1):
        open_file(person=person, by=marat, now=timezone.now())
    assert AuditEvent.objects.filter(verb="opened the file").count() == FILES_AN_HOUR + 1
    assert not ALERTS.exists()


def test_an_hour_later_the_measure_begins_anew(clock: Traveller) -> None:
    marat = an_operator()
    for person in many_people(FILES_AN_HOUR):
        open_file(person=person, by=marat, now=timezone.now())
    clock.shift(timedelta(hours=1))
    open_file(person=Person.objects.earliest("pk"), by=marat, now=timezone.now())
    assert not ALERTS.exists()


def test_with_a_larger_measure_51_files_alert_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    monkeypatch.setattr(operate, "FILES_AN_HOUR", FILES_AN_HOUR + 1)
    marat = an_operator()
    for person in many_people(FILES_AN_HOUR + 1):
        open_file(person=person, by=marat, now=timezone.now())
    assert not ALERTS.exists()


def many_people(count: int) -> list[Person]:
    insurer = an_insurer()
    return [a_person(insurer) for _ in range(count)]


def an_operator() -> User:
    return a_member(StaffRole.OPERATOR, an_insurer(), "marat@example.kz")


ALERTS = AuditEvent.objects.filter(verb="opened unusually many files")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_file_is_only_read(method: str) -> None:
    policy, desk = a_policy(), Desk()
    assert getattr(desk.browser, method)(page_of_person(policy)).status_code == 405


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
    assert "the details do not match" in text_of(Desk().opens(policy))


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
    "may be activated": "With the right details (ID and birth date) the activation goes on.",
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


DOORS = {
    "policy number and activation code": lambda: a_policy_with_a_code()[0],
    "mobile number, name and birth date": lambda: a_borrower(phone="+77012344567"),
    "own data declared at the registration, then the policy number": lambda: a_policy(insurer=an_insurer("sogaz")),
}


@pytest.mark.parametrize("asked", DOORS)
def test_the_file_names_what_the_door_of_this_programme_asks(asked: str) -> None:
    policy = DOORS[asked]()
    page = text_of(Desk(at_work(marat(), policy.insurer, StaffRole.OPERATOR)).opens(policy))
    assert f"With the right details ({asked})" in page
    assert "Policy number" in page
    assert "ID and birth date" not in page


def test_a_confirmed_address_waits_for_its_owner_to_sign_in() -> None:
    policy = a_begun_policy()
    Visitor().confirms(link_in_last_letter())
    assert "Signing in with the password chosen finishes the activation" in text_of(Desk().opens(policy))


def test_an_address_that_has_an_account_is_told_apart() -> None:
    aigul()
    assert "That address has an account already" in text_of(Desk().opens(a_begun_policy()))


def test_a_programme_without_a_door_here_says_where_it_is_activated() -> None:
    policy = a_policy(insurer=another_insurer())
    Policy.objects.update(product_version=a_programme_elsewhere())
    desk = Desk(at_work(marat(), policy.insurer, StaffRole.OPERATOR))
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
    assert "locked</h3>" not in page


def test_a_file_costs_the_same_however_long_its_story() -> None:
    short, desk = a_policy("1000000001"), Desk()
    long = a_locked_policy(insured_id="1000000002")
    for _ in range(3):
        desk.does(long, "lock")
        Visitor().begins(long.insured_id)
        desk.does(long, "letter")
    for policy in (short, long):
        desk.opens(policy)
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
    assert [model["object_name"] for app in apps for model in app["models"]] == ["InsuredPerson", "Notice"]


@pytest.mark.parametrize("path", ["add/", "1/delete/", "{0}/delete/", "{0}/history/"])
def test_there_is_nothing_to_add_or_delete(path: str) -> None:
    policy, desk = a_policy(), Desk()
    assert desk.browser.get(PEOPLE + path.format(policy.insured.public_id)).status_code in (403, 404)


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
    assert Desk().browser.get(f"{PEOPLE}{policy.insured.pk}/change/").status_code == 404


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


@pytest.mark.parametrize("path", [PEOPLE, "{0}", f"{PEOPLE}attempts/nsk/"])
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
    for path in (PEOPLE, page_of_person(policy), page_of(policy, "undo")):
        assert browser.get(path, follow=True).status_code == 403
        assert browser.post(path, follow=True).status_code == 403
    assert not Step.objects.exists()


def test_the_page_that_the_client_opens_is_linked() -> None:
    assert f'href="{START}"' in text_of(Desk().opens(a_policy(birth_date=BORN, signed_on=date(2026, 1, 1))))
