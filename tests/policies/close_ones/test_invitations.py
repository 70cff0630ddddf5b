"""Close ones: who lets whom see and act, how it is answered, and the page of them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from notices.models import Notice
from policies.models import Access, Invitation, Person
from policies.queries import family_page, policy_cards
from policies.rules import AccessKind, AccessScope
from policies.rules.family import InvitationState, invited_as
from policies.services import family as services
from policies.services.access import end_access
from tests.accounts.doors import is_signed_in
from tests.factories import a_policy
from tests.people import a_person, aigul, dana, insured_browser, marat
from tests.policies.close_ones.invitations import CHILD, NOW, PAGE, access, invited, link, sent, told
from tests.queries import statements

pytestmark = pytest.mark.django_db


# ── Who may invite ────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("kind", "scope", "adult", "gives"),
    [
        (AccessKind.SELF, AccessScope.FULL, True, AccessKind.REPRESENTATIVE),
        (AccessKind.SELF, AccessScope.LIMITED, True, None),
        (AccessKind.SELF, AccessScope.FULL, False, None),
        (AccessKind.GUARDIAN, AccessScope.FULL, False, AccessKind.GUARDIAN),
        (AccessKind.GUARDIAN, AccessScope.FULL, True, None),
        (AccessKind.GUARDIAN, AccessScope.LIMITED, False, None),
        (AccessKind.REPRESENTATIVE, AccessScope.FULL, True, None),
    ],
)
def test_what_an_access_may_pass_on(
    kind: AccessKind, scope: AccessScope, adult: bool, gives: AccessKind | None
) -> None:
    assert invited_as(kind, scope, is_adult=adult) == gives


def test_the_page_to_invite_opens_to_whom_it_belongs_and_to_nobody_else(person: Person) -> None:
    user = aigul()
    access(user, person)
    address = f"{PAGE}{person.public_id}/invitation/"
    assert insured_browser(user).get(address).status_code == 200
    assert insured_browser(dana()).get(address).status_code == 404
    assert insured_browser(user).get(f"{PAGE}{uuid4()}/invitation/").status_code == 404
    Access.objects.update(kind=AccessKind.REPRESENTATIVE)
    assert insured_browser(user).get(address).status_code == 404


def test_inviting_asks_for_the_password_once_more(person: Person) -> None:
    user = aigul()
    access(user, person)
    browser = Client()
    browser.force_login(user)
    assert browser.get(f"{PAGE}{person.public_id}/invitation/").status_code == 302


# ── From the form to the answer ───────────────────────────────────────────────
def test_with_consent_a_spouse_is_invited_and_after_accepting_sees_the_policy(person: Person) -> None:
    user, spouse = aigul(), dana()
    access(user, person)
    browser = insured_browser(user)
    address = f"{PAGE}{person.public_id}/invitation/"
    assert sent(browser, address, email="dana@example.kz") == 200  # no consent, nothing happens
    assert not Invitation.objects.exists()
    assert sent(browser, address, email="Dana@example.kz", consent="on") == 302
    assert [letter.to for letter in told()] == ["dana@example.kz"]
    danas = insured_browser(spouse)
    assert person.full_name in danas.get(link()).content.decode()
    assert not Access.objects.filter(user=spouse).exists()  # opening it changes nothing
    assert danas.post(link(), {"answer": "accept"})["Location"] == PAGE
    given = Access.objects.get(user=spouse)
    assert (given.kind, given.scope, given.proof) == (AccessKind.REPRESENTATIVE, AccessScope.FULL, "invitation")
    assert [card.person for card in policy_cards(spouse, now=NOW)] == [person]
    assert [(letter.kind, letter.to) for letter in told()][1:] == [("family_changed", "aigul@example.kz")]


def test_declined_nothing_changes_and_who_invited_reads_of_it(person: Person) -> None:
    user, spouse = aigul(), dana()
    access(user, person)
    invited(person, user)
    insured_browser(spouse).post(link(), {"answer": "decline"})
    assert Invitation.objects.get().state == InvitationState.DECLINED
    assert not Access.objects.filter(user=spouse).exists()
    assert told()[-1].to == user.email


def test_a_second_parent_becomes_a_guardian_until_the_same_day() -> None:
    child = a_policy(birth_date=CHILD).insured
    user, spouse = aigul(), dana()
    access(user, child, AccessKind.GUARDIAN)
    services.accept(invitation=invited(child, user), user=spouse, now=NOW)
    assert Access.objects.get(user=spouse).kind == AccessKind.GUARDIAN
    page = family_page(spouse, now=NOW)
    assert [(relation.person, relation.ends_on) for relation in page.mine] == [(child, date(2033, 3, 14))]


# ── The link ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("days", "seconds", "code"), [(7, -1, 200), (7, 0, 410)])
def test_the_link_lives_seven_days(
    person: Person, clock: time_machine.Traveller, days: int, seconds: int, code: int
) -> None:
    user, spouse = aigul(), dana()
    access(user, person)
    invited(person, user)
    clock.shift(timedelta(days=days, seconds=seconds))
    assert insured_browser(spouse).get(link()).status_code == code


def test_it_is_answered_once(person: Person) -> None:
    user, spouse = aigul(), dana()
    access(user, person)
    invited(person, user)
    browser = insured_browser(spouse)
    browser.post(link(), {"answer": "decline"})
    assert browser.post(link(), {"answer": "accept"}).status_code == 410
    assert not Access.objects.filter(user=spouse).exists()


def test_a_letter_that_was_passed_on_opens_nothing_to_another_address(person: Person) -> None:
    user = aigul()
    access(user, person)
    invited(person, user)
    thief = a_person("thief@example.kz")
    unproved = a_person("dana@example.kz", verified=False)
    for somebody in (thief, unproved):
        answer = insured_browser(somebody).post(link(), {"answer": "accept"})
        assert (answer.status_code, person.full_name in answer.content.decode()) == (403, False)
    assert Access.objects.count() == 1
    assert insured_browser(a_person("dana2@example.kz")).get(link()).status_code == 403
    User.objects.filter(pk=unproved.pk).delete()
    assert insured_browser(dana()).post(link(), {"answer": "accept"}).status_code == 302  # control


def test_nobody_accepts_their_own_and_no_member_of_staff_any(person: Person) -> None:
    user = aigul()
    access(user, person)
    invited(person, user, email="aigul@example.kz")
    assert insured_browser(user).post(link(), {"answer": "accept"}).status_code == 403
    invited(person, user, email="marat@example.kz")
    assert insured_browser(marat()).post(link(), {"answer": "accept"}).status_code == 403


def test_an_invitation_is_worth_no_more_than_the_right_of_whoever_sent_it(person: Person) -> None:
    user, spouse = aigul(), dana()
    access(user, person)
    invitation = invited(person, user)
    end_access(user=user, person=person, by=user, reason="undone", now=NOW)
    with pytest.raises(services.InvitationSpent):
        services.accept(invitation=invitation, user=spouse, now=NOW)


def test_a_stranger_is_told_how_to_come_in_and_not_for_whom(person: Person) -> None:
    user = aigul()
    access(user, person)
    invited(person, user)
    page = Client().get(link()).content.decode()
    assert person.full_name not in page
    assert f"/accounts/login/?next={link()}" in page
    assert Client().post(link(), {"answer": "accept"}).status_code == 200
    assert Access.objects.count() == 1


def test_whom_the_letter_reached_without_an_account_opens_one_and_answers(person: Person) -> None:
    user = aigul()
    access(user, person)
    invited(person, user, email="new@example.kz")
    browser, passwords = Client(), {"password": "romashka 1950", "password_again": "romashka 1950"}
    assert browser.post(f"{link()}account/", passwords | {"password": "short"}).status_code == 200
    assert not User.objects.filter(email="new@example.kz").exists()
    assert browser.post(f"{link()}account/", passwords)["Location"] == link()
    assert is_signed_in(browser)
    assert browser.post(link(), {"answer": "accept"}).status_code == 302
    assert Access.objects.filter(user__email="new@example.kz").count() == 1
    assert Client().get(f"{link()}account/").status_code == 410  # the link has done its work


def test_an_address_with_an_account_gets_no_second_one(person: Person) -> None:
    user = aigul()
    access(user, person)
    dana()
    invited(person, user)
    answer = Client().post(f"{link()}account/", {"password": "romashka 1950", "password_again": "romashka 1950"})
    assert answer.status_code == 200
    assert User.objects.filter(email="dana@example.kz").count() == 1


# ── What is not shown, and how often ──────────────────────────────────────────
def test_who_invites_cannot_tell_whether_the_address_has_an_account(person: Person) -> None:
    user = aigul()
    dana()
    access(user, person)
    browser, address = insured_browser(user), f"{PAGE}{person.public_id}/invitation/"
    for email in ("dana@example.kz", "nobody@example.kz"):
        assert sent(browser, address, email=email, consent="on") == 302
    known, unknown = Notice.objects.order_by("pk")
    assert {**known.context, "url": ""} == {**unknown.context, "url": ""}
    page = browser.get(PAGE).content.decode()
    assert page.count("@example.kz") == 4  # each in the message and as waiting


def test_five_invitations_a_day_and_three_to_one_address(person: Person) -> None:
    user = aigul()
    access(user, person)
    for _ in range(3):
        invited(person, user, email="dana@example.kz")
    with pytest.raises(services.TooManyInvitations):
        invited(person, user, email="dana@example.kz")
    for number in range(2):  # what was refused is given back
        invited(person, user, email=f"{number}@example.kz")
    with pytest.raises(services.TooManyInvitations):
        invited(person, user, email="one.more@example.kz")
    assert Invitation.objects.filter(state=InvitationState.WAITING).count() == 3


def test_a_later_invitation_of_the_same_address_kills_the_earlier_link(person: Person) -> None:
    user, spouse = aigul(), dana()
    access(user, person)
    invited(person, user)
    first = link()
    invited(person, user)
    browser = insured_browser(spouse)
    assert (browser.get(first).status_code, browser.get(link()).status_code) == (410, 200)


# ── The page ──────────────────────────────────────────────────────────────────
def test_the_page_says_for_whom_as_what_and_hides_the_other_parents_address() -> None:
    child = a_policy(birth_date=CHILD).insured
    user, other = aigul(), dana()
    access(user, child, AccessKind.GUARDIAN)
    access(other, child, AccessKind.GUARDIAN)
    page = insured_browser(user).get(PAGE).content.decode()
    assert child.full_name in page
    assert "dana@example.kz" not in page


def test_nobody_elses_people_are_on_the_page(person: Person) -> None:
    user, stranger = aigul(), dana()
    access(user, person)
    invited(person, user, email="spouse@example.kz")
    page = insured_browser(stranger).get(PAGE).content.decode()
    assert person.full_name not in page
    assert "spouse@example.kz" not in page


def test_the_page_costs_the_same_for_a_large_family() -> None:
    user = aigul()
    for number in range(8):
        child = a_policy(str(number), birth_date=CHILD).insured
        access(user, child, AccessKind.GUARDIAN)
        access(a_person(f"{number}@example.kz"), child, AccessKind.GUARDIAN)
    with statements() as made:
        page = family_page(user, now=NOW)
        assert len([relation.account for relation, _may_end in page.others]) == 8
        assert all(relation.gives for relation in page.mine)
    assert len(made) == 3
