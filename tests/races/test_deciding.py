"""Forty approvals at once decide once: one letter, one plan of payments, one line of history."""

from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum

from accounts.models import User
from claims.models import Claim, Decision, Instalment, Letter, Step
from claims.rules.events import InsuredEvent
from claims.rules.life import DecisionState, State, WrongMoment
from claims.services import decide, life
from claims.services.decide import approve
from claims.services.proposals import SamePerson
from claims.services.take import TakenAlready, take_claim
from tests.claims.desk import a_case, applied, bank_letter, proposed_payout, reviewed
from tests.claims.factories import NOW, a_checklist, a_claim, a_review, asel, bakyt
from tests.policies.conftest import originals
from tests.races.crowd import CROWD, all_at_once, while_waiting

__all__ = ["originals"]  # the fixture: where documents lie
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def decision(originals: Path) -> Decision:
    claim = reviewed(a_case())
    return proposed_payout(claim, bakyt(claim.insurer))


def approvers(claim: Claim) -> list[User]:
    return [asel(claim.insurer, f"approver{number}@example.kz") for number in range(CROWD)]


def one_of(users: list[User]) -> Any:
    def act(number: int) -> Any:
        try:
            approve(decision=Decision.objects.get(), by=users[number], now=NOW)
        except (WrongMoment, SamePerson) as refused:
            return type(refused).__name__
        return True

    return act


def test_of_forty_approvals_at_once_one_decides(decision: Decision) -> None:
    found = all_at_once(one_of(approvers(decision.claim)))
    assert found.count(True) == 1
    assert found.count("WrongMoment") == CROWD - 1
    assert Decision.objects.get().state == DecisionState.APPROVED
    assert Instalment.objects.count() == 10
    assert Letter.objects.count() == 1
    assert Step.objects.filter(event="approve", part="decision").count() == 1
    assert Claim.objects.get().state == State.APPROVED


def test_of_forty_approvals_of_a_large_amount_two_different_people_decide(decision: Decision) -> None:
    Decision.objects.update(takes_two=True)
    found = all_at_once(one_of(approvers(decision.claim)))
    assert found.count(True) == 2
    done = Decision.objects.get()
    assert len(set(done.signers)) == 3
    assert Letter.objects.count() == 1


@pytest.mark.long
def test_without_the_lock_several_decide_or_fail(decision: Decision, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: all forty read the decision before any of them has written."""
    monkeypatch.setattr(decide, "locked", lambda claim: Claim.objects.select_related("insurer").get(pk=claim.pk))
    users = approvers(decision.claim)

    def act(number: int) -> Any:
        try:
            return one_of(users)(number)
        except Exception as error:
            return type(error).__name__

    found = all_at_once(act)
    assert found.count(True) > 1 or "IntegrityError" in found
    assert life.locked is not decide.locked


# ── Two claims of one contract ───────────────────────────────────────────────
def test_of_two_claims_counted_at_once_the_second_waits_and_is_refused(decision: Decision) -> None:
    """7.2: 500,000 and 800,000 of a million, both derived before either was approved."""
    other = a_second_claim(decision.claim)
    found = []
    while_waiting(lambda: found.append(approves(other)), first=lambda: approves(decision))
    assert found == ["NotCovered"]
    assert promised() == 500_000


@pytest.mark.long
def test_without_looking_again_both_are_promised(decision: Decision, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: more than the sum insured."""
    monkeypatch.setattr(decide, "_check_cover", lambda decision: None)
    other = a_second_claim(decision.claim)
    assert [approves(decision), approves(other)] == [True, True]
    assert promised() == 1_300_000


def a_second_claim(first: Claim) -> Decision:
    """Of a death under the same contract, as if the first one were not to be paid."""
    assert first.claimant
    assert first.policy
    claim = a_claim(first.claimant, first.policy, event=InsuredEvent.DEATH)
    a_checklist(claim)
    applied(claim)
    a_review(claim)
    bank_letter(claim, 800_000)
    return proposed_payout(claim, bakyt(claim.insurer, "colleague@example.kz"))


def approves(decision: Decision) -> Any:
    user = asel(decision.claim.insurer, f"approver{decision.pk}@example.kz")
    try:
        approve(decision=decision, by=user, now=NOW)
    except decide.NotCovered as refused:
        return type(refused).__name__
    return True


def promised() -> Any:
    return Instalment.objects.aggregate(sum=Sum("amount"))["sum"]


def test_of_forty_who_take_a_claim_one_has_it(originals: Path) -> None:
    claim = a_case()
    users = [bakyt(claim.insurer, f"reviewer{number}@example.kz") for number in range(CROWD)]

    def act(number: int) -> bool:
        try:
            take_claim(claim=Claim.objects.get(), by=users[number], now=NOW)
        except TakenAlready:
            return False
        return True

    assert sum(all_at_once(act)) == 1
