"""How the right of a close one ends: by either side, with the right that gave it, and never where it is one's own."""

import pytest

from core.models import AuditEvent
from notices.models import Notice
from policies.models import Access, Person
from policies.queries import family_page, invitation_to_end, policy_cards
from policies.rules import AccessKind
from policies.rules.family import InvitationState
from policies.services import family as services
from policies.services.access import end_access
from tests.factories import a_person as a_human
from tests.factories import a_policy
from tests.people import a_person, aigul, dana, insured_browser, marat
from tests.policies.close_ones.invitations import CHILD, NOW, PAGE, access, invited, link, sent, told

pytestmark = pytest.mark.django_db


# ── The end ───────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("ends", "told"), [("aigul", "dana"), ("dana", "aigul")])
def test_either_side_ends_it_and_the_other_is_told(person: Person, ends: str, told: str) -> None:
    users = {"aigul": aigul(), "dana": dana()}
    access(users["aigul"], person)
    invitation = invited(person, users["aigul"])
    services.accept(invitation=invitation, user=users["dana"], now=NOW)
    Notice.objects.all().delete()
    browser = insured_browser(users[ends])
    assert sent(browser, f"{PAGE}invitations/{invitation.public_id}/end/") == 302
    assert not policy_cards(users["dana"], now=NOW)
    assert [notice.to for notice in Notice.objects.all()] == [f"{told}@example.kz"]
    services.end_invitation(invitation=invitation, by=users[ends], now=NOW)
    assert Notice.objects.count() == 1  # a second time nothing happens


def test_a_stranger_ends_nothing(person: Person) -> None:
    user, spouse, stranger = aigul(), dana(), a_person("stranger@example.kz")
    access(user, person)
    access(stranger, a_human(person.insurer))
    invitation = invited(person, user)
    services.accept(invitation=invitation, user=spouse, now=NOW)
    browser = insured_browser(stranger)
    assert sent(browser, f"{PAGE}invitations/{invitation.public_id}/end/") == 404
    assert policy_cards(spouse, now=NOW)


def test_a_second_guardian_cannot_throw_out_the_first_but_whom_they_invited() -> None:
    child = a_policy(birth_date=CHILD).insured
    first, second, third = aigul(), dana(), a_person("apa@example.kz")
    access(first, child, AccessKind.GUARDIAN)
    one = invited(child, first)
    services.accept(invitation=one, user=second, now=NOW)
    two = invited(child, second, email="apa@example.kz")
    services.accept(invitation=two, user=third, now=NOW)
    ends = {
        user.email: [other.access.user.email for other, may_end in family_page(user, now=NOW).others if may_end]
        for user in (first, second, third)
    }
    assert ends == {
        "aigul@example.kz": ["dana@example.kz", "apa@example.kz"],
        "dana@example.kz": ["apa@example.kz"],
        "apa@example.kz": [],
    }
    assert sent(insured_browser(third), f"{PAGE}invitations/{one.public_id}/end/") == 404


def test_withdrawn_before_an_answer_the_link_is_dead(person: Person) -> None:
    user, spouse = aigul(), dana()
    access(user, person)
    invitation = invited(person, user)
    sent(insured_browser(user), f"{PAGE}invitations/{invitation.public_id}/end/")
    assert insured_browser(spouse).get(link()).status_code == 410


def test_every_act_stands_in_the_audit_trail(person: Person) -> None:
    user, spouse = aigul(), dana()
    access(user, person)
    invitation = invited(person, user)
    services.accept(invitation=invitation, user=spouse, now=NOW)
    services.end_invitation(invitation=invitation, by=spouse, now=NOW)
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-4:] == [
        "invited somebody to see and act", "granted access", "accepted an invitation", "ended access",
    ]  # fmt: skip


# ── A right of one's own ─────────────────────────────────────────────────────
def test_whoever_sees_by_a_right_of_their_own_keeps_it_as_it_is(person: Person) -> None:
    user, spouse = aigul(), dana()
    access(user, person)
    access(spouse, person, AccessKind.REPRESENTATIVE)
    invitation = invited(person, user)
    with pytest.raises(services.AlreadySees):
        services.accept(invitation=invitation, user=spouse, now=NOW)
    browser = insured_browser(spouse)
    assert sent(browser, link(), answer="accept") == 302
    assert "по собственному праву" in browser.get(PAGE).text
    assert Access.objects.get(user=spouse).proof == "contract_number"


def test_a_right_of_ones_own_that_came_later_is_not_the_inviters_to_end(person: Person) -> None:
    user, spouse = aigul(), dana()
    access(user, person)
    invitation = invited(person, user)
    services.accept(invitation=invitation, user=spouse, now=NOW)
    assert invitation_to_end(user, invitation.public_id, now=NOW) == invitation  # control
    access(spouse, person, AccessKind.REPRESENTATIVE)
    assert invitation_to_end(user, invitation.public_id, now=NOW) is None
    services.end_given_by(user=user, person=person, by=marat(), reason="undone", now=NOW)
    assert Access.objects.get(user=spouse).until is None


def test_with_a_right_goes_what_was_given_by_it_and_what_that_gave() -> None:
    child = a_policy(birth_date=CHILD).insured
    first, second, third = aigul(), dana(), a_person("apa@example.kz")
    access(first, child, AccessKind.GUARDIAN)
    services.accept(invitation=invited(child, first), user=second, now=NOW)
    services.accept(invitation=invited(child, second, email="apa@example.kz"), user=third, now=NOW)
    waits = invited(child, second, email="ata@example.kz")
    operator = marat()
    end_access(user=first, person=child, by=operator, reason="undone", now=NOW)
    assert policy_cards(third, now=NOW)  # control: the end of one right alone leaves the others
    services.end_given_by(user=first, person=child, by=operator, reason="undone", now=NOW)
    assert not policy_cards(second, now=NOW)
    assert not policy_cards(third, now=NOW)
    waits.refresh_from_db()
    assert waits.state == InvitationState.WITHDRAWN
    assert {notice.to for notice in told() if notice.kind == "family_changed" and notice.context["change"] == "ended"} == {
        "dana@example.kz", "apa@example.kz",
    }  # fmt: skip


def test_who_has_lost_the_person_ends_nobodys_right(person: Person) -> None:
    user, spouse = aigul(), dana()
    access(user, person)
    invitation = invited(person, user)
    services.accept(invitation=invitation, user=spouse, now=NOW)
    end_access(user=user, person=person, by=marat(), reason="undone", now=NOW)
    assert invitation_to_end(user, invitation.public_id, now=NOW) is None
