"""The page of a person: accounts, letters, locks; what it costs; whose it is (issue 4; security.md, 2.13)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.template.loader import select_template
from django.utils import timezone

from accounts.models import User
from activation.admin import seen
from activation.rules import Situation
from core.models import AuditEvent
from notices.models import Notice
from notices.rules import KINDS
from notices.services import post
from policies.models import Access, Person, Policy
from policies.rules import StaffRole
from tests.activation.desk import (
    BECAUSE,
    PEOPLE,
    Desk,
    a_begun_policy,
    a_locked_policy,
    an_active_policy,
    said,
    text_of,
    trail_of,
)
from tests.activation.door import Visitor
from tests.factories import TODAY, a_person, a_policy, an_insurer, another_insurer
from tests.forms import sends
from tests.notices.conftest import FACTS
from tests.people import aigul, at_work, dana, marat
from tests.queries import statements

pytestmark = pytest.mark.django_db


# ── One person, one page ─────────────────────────────────────────────────────
def test_all_policies_of_a_person_stand_on_one_page_what_needs_help_first() -> None:
    person = a_person()
    a_policy("1000000001", person=person)
    locked = a_locked_policy(insured_id="1000000002", person=person)
    a_policy("1000000003", person=person, signed_on=TODAY)
    page = Desk().opens(locked).context["page"]
    assert [file.situation for file in page.policies] == [Situation.LOCKED, Situation.OPEN, Situation.WAITING]


def test_a_person_known_to_two_insurers_is_two_pages() -> None:
    ours = a_policy("1000000001", iin="610314450122")
    theirs = a_policy("2000000002", insurer=another_insurer(), iin="610314450122")
    desk = Desk()
    assert desk.finds("610314450122") == ["1000000001"]
    assert "2000000002" not in text_of(desk.opens(ours))
    assert desk.opens(theirs).status_code == 404


def test_a_page_costs_the_same_for_one_policy_and_for_a_family_of_eight() -> None:
    one, desk = a_policy("1000000001", phone="+77012344567"), Desk()
    person = a_person(phone="+77012344567")
    family = [a_policy(f"20000000{number:02}", person=person) for number in range(8)]
    for policy in (one, family[0]):
        desk.opens(policy)
    with statements() as of_one:
        desk.opens(one)
    with statements() as of_eight:
        page = desk.opens(family[0])
    assert len(page.context["page"].policies) == 8
    assert len(of_eight) == len(of_one) <= 24, of_eight


def test_an_act_on_a_policy_or_account_of_somebody_else_is_not_found() -> None:
    """By the address of a person of one's own."""
    mine, (other, _visitor) = a_policy("1000000001", person=a_person()), an_active_policy()
    user, desk = User.objects.get(email="aigul@example.kz"), Desk()
    foreign = [f"policies/{other.public_id}/undo/", f"accounts/{user.public_id}/sessions/"]
    for path in foreign:
        assert desk.browser.get(f"{PEOPLE}{mine.insured.public_id}/{path}").status_code == 404
        assert desk.browser.get(f"{PEOPLE}{other.insured.public_id}/{path}").status_code == 200


# ── Accounts ─────────────────────────────────────────────────────────────────
def test_an_account_stands_with_how_it_signs_in_and_masked() -> None:
    policy, visitor = an_active_policy()
    visitor.client.get("/", headers={"User-Agent": "Chrome/1 Android"})
    page = text_of(Desk().opens(policy))
    for words in ("a•••l@example.kz", "Signed in now", "21.11.2026 12:00", "Second step", "Off"):
        assert words in page
    assert "aigul@example.kz" not in page


def test_signing_out_on_every_device_ends_the_sessions_for_a_reason() -> None:
    policy, visitor = an_active_policy()
    assert "signed out on every device" in said(Desk().does(policy, "sessions"))
    assert not UserSession.objects.exists()
    assert visitor.client.get("/policies/looks/").status_code == 302
    assert trail_of(policy)[-1] == ("signed the account out on every device", BECAUSE)
    desk = Desk(at_work(User.objects.create_user("bota@example.kz", is_staff=True), an_insurer(), StaffRole.OPERATOR))
    assert "Nothing was done" in said(desk.does(policy, "sessions"))


def seen_by(user: User, policy: Policy) -> Access:
    """Given otherwise than by an activation."""
    return Access.objects.create(user=user, person=policy.insured, kind="representative", scope="full", proof="invited")


def test_ending_an_access_is_told_to_the_account_and_leaves_the_activation() -> None:
    policy, _visitor = an_active_policy()
    seen_by(dana(), policy)
    desk = Desk()
    assert "The access is ended" in said(desk.does(policy, "access"))
    assert list(Access.objects.filter(until=None).values_list("user__email", flat=True)) == ["aigul@example.kz"]
    assert Notice.objects.get(kind="access_ended").to == "dana@example.kz"
    assert policy.activations.finished().exists()
    assert AuditEvent.objects.get(verb="ended access").reason == BECAUSE
    assert "Nothing was done" in said(desk.does(policy, "access"))


def test_what_an_account_has_activated_is_undone_instead_of_taken_away() -> None:
    policy, _visitor = an_active_policy()
    assert "Nothing was done" in said(Desk().does(policy, "access"))
    assert Access.objects.filter(until=None).exists()


def test_nothing_is_offered_on_a_colleagues_account_or_on_one_that_lost_the_person() -> None:
    policy = a_policy()
    access = seen_by(aigul(), policy)
    Access.objects.filter(pk=access.pk).update(until=timezone.now())
    seen_by(marat(), policy)
    desk = Desk(at_work(User.objects.create_user("bota@example.kz", is_staff=True), an_insurer(), StaffRole.OPERATOR))
    assert desk.offered(policy) == ["code", "contacts"]


# ── Letters and SMS ──────────────────────────────────────────────────────────
def write(kind: str, to: str, scope: str, **facts: Any) -> None:
    post(kind, to=to, language="ru", context=FACTS[kind] | {"brand": {}}, scope=scope, **facts)


def test_letters_of_every_kind_stand_there_and_none_of_another_insurer() -> None:
    policy, _visitor = an_active_policy()
    Person.objects.filter(pk=policy.insured.pk).update(email="home@example.kz")
    write("appendix", "aigul@example.kz", "nsk")
    write("password_reset", "aigul@example.kz", "")
    write("policy_activated", "HOME@example.kz", "other")
    write("number_change", "home@example.kz", "")  # somebody's account: nothing to do with what is on file
    Notice.objects.exclude(kind="confirm_address").update(context={})
    page = text_of(Desk().opens(policy))
    assert "letter with Appendix 1" in page
    assert "letter with the link to a new password" in page
    assert "the mobile number will change" not in page
    assert page.count("letter: the policy is activated") == 1


def test_a_letter_that_came_back_stands_out_and_is_said_first() -> None:
    policy = a_begun_policy()
    desk = Desk()
    assert "came back" not in text_of(desk.opens(policy))
    Notice.objects.update(state="parked", answer="refused")
    page = text_of(desk.opens(policy))
    assert "The letter came back: the mail server of a•••l@example.kz refused it" in page
    assert 'class="returned"' in page


@pytest.mark.parametrize("kind", FACTS)
def test_every_kind_of_message_has_its_words(kind: str) -> None:
    assert kind in KINDS
    assert select_template([f"notices/{channel}/{kind}.txt" for channel in ("email", "sms")])


# ── Locks and limits ─────────────────────────────────────────────────────────
def test_a_lock_stands_with_its_end_and_without_where_the_tries_came_from() -> None:
    page = Desk().opens(a_locked_policy())
    first = page.context["page"].held[0]
    assert (first.held.is_exhausted, first.of) == (True, "4410 0275 31")
    assert "22.11.2026 12:00" in text_of(page)
    assert "127.0.0.1" not in text_of(page)


def test_wrong_passwords_of_the_account_stand_there() -> None:
    policy, _visitor = an_active_policy()
    for _ in range(5):
        Visitor().signs_in(password="wrong")
    page = Desk().opens(policy)
    assert "locked until 21.11.2026 12:05 after too many wrong attempts" in text_of(page)
    held = page.context["page"].held
    assert (held[0].what, held[0].of, held[0].held.is_exhausted) == (
        "wrong passwords within five minutes", "a•••l@example.kz", True,
    )  # fmt: skip


# ── What the client sees ─────────────────────────────────────────────────────
HEADINGS: dict[str, tuple[Callable[[], Policy], str]] = {
    "waiting": (lambda: a_policy(signed_on=TODAY), "It can be activated from 6 December 2026"),
    "open": (a_policy, "Activate “"),
    "proof": (lambda: a_policy(phone="+77012344567"), "One more proof that it is you"),
    "locked": (a_locked_policy, "We could not go on with these details"),
    "letter": (a_begun_policy, "We have sent you a letter"),
    "active": (lambda: an_active_policy()[0], "We could not go on with these details"),
}


@pytest.mark.parametrize("story", HEADINGS)
def test_the_activation_is_seen_as_the_person_meets_it(story: str) -> None:
    made, heading = HEADINGS[story]
    policy = made()
    page = text_of(Desk().does(policy, "door"))
    assert heading in page
    assert "This is what the client sees" in page
    assert_nothing_acts(page)
    assert "aigul@example.kz" not in page
    assert "+77012344567" not in page
    assert trail_of(policy)[-1] == ("saw the activation as the client does", BECAUSE)


def assert_nothing_acts(page: str) -> None:
    """Of all links one is left, the way back."""
    body = page[page.index("<body") :]
    for word in ("<form", "<script", "csrfmiddlewaretoken", "form_token", " name=", "onclick"):
        assert word not in body
    assert re.findall(r'href="([^"#]+)"', body) == re.findall(rf'"({PEOPLE}[^"]+/change/)" data-way-out', body)
    assert all("disabled" in control for control in re.findall(r"<(?:button|input|select|textarea)[^>]*>", body))


def test_the_cabinet_is_seen_with_what_the_account_has_at_this_insurer_only() -> None:
    policy, _visitor = an_active_policy()
    user = User.objects.get(email="aigul@example.kz")
    elsewhere = a_policy("2000000002", insurer=another_insurer())
    seen_by(user, elsewhere)
    sessions = UserSession.objects.count()
    page = text_of(Desk().does(policy, "home"))
    assert "Your policies" in page
    assert "4410 0275 31" in page
    assert "2000000002" not in page
    assert_nothing_acts(page)
    assert UserSession.objects.count() == sessions
    assert trail_of(policy)[-1] == ("saw the cabinet as the client does", BECAUSE)


def test_without_the_picture_the_clients_forms_would_stand_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    monkeypatch.setattr(seen, "still", str)
    assert "<form" in text_of(Desk().does(a_begun_policy(), "door"))


@pytest.mark.parametrize("act", ["door", "home"])
def test_without_a_reason_nobody_looks(act: str) -> None:
    policy, visitor = an_active_policy()
    assert "Choose a reason or write one" in text_of(Desk().does(policy, act, because=" "))
    assert b"Nobody has looked" in visitor.client.get("/policies/looks/").content


def test_the_client_reads_that_somebody_looked_and_a_stranger_does_not() -> None:
    policy, visitor = an_active_policy()
    Desk().does(policy, "home")
    page = visitor.client.get("/policies/looks/").text
    assert "21 November 2026, 12:00: your home page" in page
    assert "marat" not in page
    stranger = Visitor()
    dana()
    stranger.signs_in("dana@example.kz")
    assert stranger.client.get("/policies/looks/").context["looks"] == []


def test_a_look_at_one_account_is_not_told_to_another_that_sees_the_same_person() -> None:
    policy, visitor = an_active_policy()
    seen_by(dana(), policy)
    other = Visitor()
    other.signs_in("dana@example.kz")
    desk = Desk()
    user = User.objects.get(email="aigul@example.kz")
    page = f"{PEOPLE}{policy.insured.public_id}/accounts/{user.public_id}/home/"
    sends(desk.browser, page, {"words": BECAUSE, "seen": "0"})
    assert other.client.get("/policies/looks/").context["looks"] == []
    assert visitor.client.get("/policies/looks/").context["looks"]


def test_an_auditor_and_another_insurers_operator_do_not_look() -> None:
    policy, _visitor = an_active_policy()
    elsewhere = Desk(at_work(marat(), another_insurer(), StaffRole.OPERATOR))
    for act in ("door", "home", "sessions", "access"):
        assert elsewhere.does(policy, act).status_code == 404
    assert not AuditEvent.objects.filter(verb__startswith="saw the").exists()
