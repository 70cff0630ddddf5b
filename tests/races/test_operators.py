"""Two operators have the same person's file open and act at once: one does it, the other reads who was faster."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from activation.admin import acts
from activation.models import Activation, ProofCode, Step
from activation.queries import last_change
from activation.rules import Act, State, WrongMoment
from activation.services import operate
from activation.services.operate_accounts import end_access
from core.form_tokens import FIELD
from core.models import AuditEvent
from notices.models import Notice
from policies.models import Access, Policy
from policies.rules import StaffRole
from tests.activation.desk import BECAUSE, Desk, a_begun_policy, a_locked_policy, an_active_policy, page_of, said
from tests.factories import a_person as an_insured_person
from tests.factories import a_policy, an_insurer
from tests.people import a_person, at_work, marat
from tests.races.crowd import CROWD, all_at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def two_desks() -> list[Desk]:
    """Marat's and Bota's. Both are employed by the same insurer."""
    bota = a_person("bota@example.kz", is_staff=True)
    return [Desk(at_work(operator, an_insurer(), StaffRole.OPERATOR)) for operator in (marat(), bota)]


def page_before(desk: Desk, policy: Policy, act: str) -> dict[str, str]:
    """The form of the act as this operator sees it now, filled in."""
    page = desk.asks(policy, act).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(seen|form_token)" value="([^"]*)"', page))
    assert set(hidden) == {"seen", FIELD}
    return hidden | {"words": BECAUSE}


CASES: dict[str, tuple[Callable[[], Policy], Callable[[], int]]] = {
    Act.LETTER: (a_begun_policy, lambda: Notice.objects.filter(kind="confirm_address").count() - 1),
    Act.LOCK: (a_locked_policy, lambda: Step.objects.filter(kind=Step.Kind.UNLOCKED).count()),
    Act.CODE: (a_policy, lambda: Step.objects.filter(kind=Step.Kind.CODE_ISSUED).count()),
    Act.UNDO: (lambda: an_active_policy()[0], lambda: Notice.objects.filter(kind="activation_undone").count()),
}
EVERY_CASE = pytest.mark.parametrize("act", list(CASES))


def both_press(act: str) -> tuple[int, list[Any]]:
    """How often the act was done, and the two answers."""
    situation, times_done = CASES[act]
    policy, desks = situation(), two_desks()
    forms = [page_before(desk, policy, act) for desk in desks]
    answers = all_at_once(lambda number: desks[number].browser.post(page_of(policy, act), forms[number]), crowd=2)
    return times_done(), answers


@EVERY_CASE
def test_of_two_operators_who_press_at_once_one_acts_and_the_other_reads_who_did(act: str) -> None:
    done, answers = both_press(act)
    assert done == 1
    late = [answer for answer in answers if "Nothing was done" in said(answer)]
    assert len(late) == 1
    assert re.search(r"(marat|bota)@example\.kz", said(late[0]))
    assert re.search(r"\d{2}:\d{2}", said(late[0]))


@pytest.mark.long
@pytest.mark.parametrize("act", [Act.LETTER, Act.LOCK, Act.CODE])
def test_without_looking_at_what_has_changed_both_would_act(act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: two letters whose first link is dead, two codes of which the caller hears the dead one.

    A lock that is gone is noticed on the page already, so there the look at the page is left out as well.
    """
    monkeypatch.setattr(operate, "_take", lambda policy, by, seen: None)
    monkeypatch.setattr(acts.PolicyFile, "acts", list(Act))
    assert both_press(act)[0] == 2


def test_undoing_twice_is_stopped_by_the_states_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second guard: `_take` is left out, the row's lock and the table of transitions stay."""
    monkeypatch.setattr(operate, "_take", lambda policy, by, seen: None)
    assert both_press(Act.UNDO)[0] == 1


def test_two_operators_who_undo_two_policies_of_one_account_do_not_wait_for_each_other() -> None:
    """Each undoes both, for access is to the person: without an order of the locks PostgreSQL would end one of them."""
    person = an_insured_person()
    first, visitor = an_active_policy(insured_id="1000000001", person=person)
    second = a_policy("1000000002", person=person)
    visitor.says(second.insured_id)
    visitor.client.post("/activate/sphera/account/", {"kind": "self"})
    activations = [policy.activations.get() for policy in (first, second)]
    operators = [User.objects.create_user(f"operator{number}@example.kz", is_staff=True) for number in range(CROWD)]

    def undoes(number: int) -> bool:
        activation = Activation.objects.get(pk=activations[number % 2].pk)
        try:
            operate.undo_activation(activation=activation, by=operators[number], reason=BECAUSE, now=timezone.now())
        except WrongMoment:
            return False
        return True

    assert sum(all_at_once(undoes)) == 1
    assert set(Activation.objects.values_list("state", flat=True)) == {State.UNDONE}


def test_of_many_operators_who_end_one_access_one_writes_to_the_account() -> None:
    person = an_insured_person()
    user = a_person("dana@example.kz")
    Access.objects.create(user=user, person=person, kind="representative", scope="full", proof="invited")
    operators = [User.objects.create_user(f"operator{number}@example.kz", is_staff=True) for number in range(CROWD)]

    def ends(number: int) -> bool:
        try:
            end_access(user=user, person=person, by=operators[number], reason=BECAUSE, now=timezone.now())
        except WrongMoment:
            return False
        return True

    assert sum(all_at_once(ends)) == 1
    assert Notice.objects.filter(kind="access_ended").count() == 1


def test_what_a_client_did_in_between_stops_the_operator_too() -> None:
    """The letter that the client asked for a moment ago would die of the operator's."""
    policy, (desk, _other) = a_begun_policy(), two_desks()
    form = page_before(desk, policy, Act.LETTER)
    operate.send_letter_again(activation=Activation.objects.get(), by=None, reason="", now=later())
    assert "letter sent again" in said(desk.browser.post(page_of(policy, Act.LETTER), form))
    assert Notice.objects.filter(kind="confirm_address").count() == 2


def later() -> datetime:
    return timezone.now() + timedelta(minutes=3)


def test_a_guesser_at_the_door_keeps_no_operator_from_acting() -> None:
    policy, (desk, _other) = a_locked_policy(), two_desks()
    form = page_before(desk, policy, Act.CODE)
    a_try = Step.objects.filter(policy=policy).latest("pk")
    Step.objects.create(insurer=a_try.insurer, insured_key=a_try.insured_key, policy=policy, kind="locked")
    desk.browser.post(page_of(policy, Act.CODE), form)
    assert ProofCode.objects.count() == 1


def test_the_same_operators_second_press_gets_the_first_answer() -> None:
    policy, (desk, _other) = a_begun_policy(), two_desks()
    form = page_before(desk, policy, Act.LETTER)
    answers = all_at_once(lambda number: again(desk).post(page_of(policy, Act.LETTER), form), crowd=10)
    assert {answer["Location"] for answer in answers} == {answers[0]["Location"]}
    assert all("The letter is on its way" in said(answer) for answer in answers)
    assert Notice.objects.filter(kind="confirm_address").count() == 2
    assert AuditEvent.objects.filter(verb="sent the activation letter again").count() == 1


def again(desk: Desk) -> Client:
    """The same browser on another connection."""
    twin = Client()
    twin.cookies = SimpleCookie({name: morsel.value for name, morsel in desk.browser.cookies.items()})
    return twin


def test_the_service_itself_refuses_what_the_page_did_not_show() -> None:
    policy = a_locked_policy()
    bota, other = (User.objects.create_user(f"{name}@example.kz", is_staff=True) for name in ("bota", "aida"))
    seen = last_change(policy, not_by=other)
    operate.issue_code(
        policy=policy, by=bota, reason=BECAUSE, now=timezone.now(), seen=last_change(policy, not_by=bota)
    )
    with pytest.raises(WrongMoment):
        operate.unlock(policy=policy, by=other, reason=BECAUSE, now=timezone.now(), seen=seen)
