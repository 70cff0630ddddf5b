"""Step 2: an address and a password for what step 1 found, or a further policy of whoever is signed in (NSK-10…12)."""

import re
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from time_machine import Traveller

from accounts.models import User
from activation.models import Activation
from activation.rules import State
from activation.views.passage import STEP_COOKIE
from notices.models import Notice
from policies.models import Access
from policies.rules import AccessKind
from tests.activation.door import START, Visitor, link_in_last_letter
from tests.factories import a_policy
from tests.people import aigul, dana
from tests.queries import statements

pytestmark = pytest.mark.django_db


# ── Step 2 ───────────────────────────────────────────────────────────────────
def test_an_email_and_a_password_send_a_letter_in_the_language_of_the_page() -> None:
    a_policy()
    Visitor("kk").begins()
    notice = Notice.objects.get()
    assert (notice.kind, notice.to, notice.language) == ("confirm_address", "aigul@example.kz", "kk")
    assert Activation.objects.get().state == State.PENDING


def test_step_2_without_step_1_starts_over() -> None:
    a_policy()
    assert Visitor().chooses()["Location"] == START
    assert not Activation.objects.exists()


def test_another_browser_has_no_passage() -> None:
    a_policy()
    Visitor().says()
    assert Visitor().chooses()["Location"] == START


def test_two_tabs_do_not_give_one_persons_policy_to_the_other() -> None:
    a_policy()
    a_policy("4410 0275 42")
    visitor = Visitor()
    visitor.says()
    first_tab = drawn_for(visitor.follows(f"{START}account/"))
    visitor.says("4410027542")
    assert visitor.chooses(policy=first_tab)["Location"] == START
    assert not Activation.objects.exists()
    second_tab = drawn_for(visitor.follows(f"{START}account/"))
    assert second_tab != first_tab
    assert visitor.chooses(policy=second_tab)["Location"] == "/activate/letter/"


def drawn_for(page: HttpResponse) -> str:
    """What the form carries along."""
    named = re.search(r'name="policy" value="([^"]+)"', page.content.decode())
    assert named is not None
    return named[1]


def test_a_passage_that_was_written_by_hand_is_of_no_use() -> None:
    policy = a_policy()
    visitor = Visitor()
    visitor.client.cookies[STEP_COOKIE] = f"{policy.pk}:{'0' * 32}:facts"
    assert visitor.chooses()["Location"] == START


@pytest.mark.parametrize(("minutes", "where"), [(14, "/activate/letter/"), (16, START)])
def test_the_passage_lasts_15_minutes(clock: Traveller, minutes: int, where: str) -> None:
    a_policy()
    visitor = Visitor()
    visitor.says()
    clock.shift(timedelta(minutes=minutes))
    assert visitor.chooses()["Location"] == where


@pytest.mark.parametrize("password", ["kun7", "tulpan", "123456", "құпия123", "abc123", "sadykova7", "14031961a"])
def test_a_password_against_the_rule_is_refused_with_the_reason_and_the_email_stays(password: str) -> None:
    a_policy()
    visitor = Visitor()
    visitor.says()
    answer = visitor.chooses(password=password)
    assert answer.context["form"].errors["password"]
    assert b"aigul@example.kz" in answer.content
    assert not Activation.objects.exists()


def test_two_different_passwords_are_refused() -> None:
    a_policy()
    visitor = Visitor()
    visitor.says()
    assert visitor.chooses(password_again="Another 1950").context["form"].errors["password_again"]


def test_posting_twice_makes_one_activation_and_one_letter() -> None:
    a_policy()
    visitor = Visitor()
    visitor.says()
    passage = visitor.client.cookies[STEP_COOKIE].value
    visitor.chooses()
    visitor.client.cookies[STEP_COOKIE] = passage
    assert visitor.chooses(email="other@example.kz")["Location"] == "/activate/letter/"
    assert Activation.objects.get().email == "aigul@example.kz"
    assert Notice.objects.count() == 1


def test_a_later_step_2_replaces_the_earlier_and_kills_its_link() -> None:
    a_policy()
    Visitor().begins(email="mistyped@example.kz")
    dead = link_in_last_letter()
    Visitor().begins()
    assert list(Activation.objects.order_by("pk").values_list("state", flat=True)) == [State.SUPERSEDED, State.PENDING]
    assert b"no longer works" in Visitor().confirms(dead).content
    assert not User.objects.filter(email="mistyped@example.kz").exists()


def test_step_2_costs_ten_statements() -> None:
    a_policy()
    visitor = Visitor()
    visitor.says()
    with statements() as made:
        visitor.chooses()
    assert len(made) == 10, "\n".join(q[:110] for q in made)


# ── Signed in ────────────────────────────────────────────────────────────────
def test_somebody_signed_in_adds_a_childs_policy_to_the_same_account() -> None:
    child = a_policy(given_name="Алия", birth_date=date(2015, 6, 1))
    parent = aigul()
    visitor = Visitor()
    visitor.client.force_login(parent)
    visitor.says(born=date(2015, 6, 1))
    page = visitor.follows(f"{START}account/")
    assert b'value="guardian"' in page.content
    assert b'type="password"' not in page.content
    answer = visitor.client.post(f"{START}account/", {"kind": "guardian"})
    assert answer["Location"] == "/"
    access = Access.objects.get(user=parent, person=child.insured)
    assert access.kind == AccessKind.GUARDIAN
    assert Activation.objects.get().state == State.FINISHED
    assert Notice.objects.get(kind="policy_activated").context["insured"] == "Алия С."  # whose of several


def test_nobody_becomes_guardian_of_an_adult() -> None:
    a_policy()
    visitor = Visitor()
    visitor.client.force_login(dana())
    visitor.says()
    answer = visitor.client.post(f"{START}account/", {"kind": "guardian"})
    assert answer.context["form"].errors["kind"]
    assert not Access.objects.exists()


def test_a_pending_activation_of_somebody_else_gives_way_to_the_finished_one() -> None:
    a_policy()
    Visitor().begins(email="first@example.kz")
    link = link_in_last_letter()
    visitor = Visitor()
    visitor.client.force_login(dana())
    visitor.says()
    visitor.client.post(f"{START}account/", {"kind": "self"})
    Visitor().confirms(link)
    assert Activation.objects.filter(state=State.FINISHED).get().user.email == "dana@example.kz"


def test_between_the_steps_somebody_else_finished_and_the_page_is_the_neutral_way_back() -> None:
    a_policy()
    slow, quick = Visitor(), Visitor()
    slow.says()
    quick.begins()
    quick.confirms(link_in_last_letter())
    assert slow.chooses(email="slow@example.kz")["Location"] == START
    assert Access.objects.count() == 1
