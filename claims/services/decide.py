"""A decision is proposed by one person and approved by another, above the product's amount by two others. Of forty who
approve at once one does: the row of the claim is locked, and the database refuses what the lock would let through."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Claim, Decision, Review
from claims.queries.payout import limit_of
from claims.queries.terms import two_approvers_above
from claims.rules.derivations import Derivation
from claims.rules.events import InsuredEvent
from claims.rules.life import (
    UNDECIDED,
    UNDER_REVIEW,
    Actor,
    DecisionEvent,
    DecisionState,
    Event,
    Outcome,
    State,
    WrongMoment,
    approval,
)
from claims.rules.people import Part
from claims.rules.refusals import BASES, Lack, lacks
from claims.services.clock import wind
from claims.services.decision_letters import LETTERS, Refusal, facts_of_decision
from claims.services.instalments import plan_instalments
from claims.services.letters import write_letter
from claims.services.life import locked, move, move_part, note_step
from claims.services.proposals import SamePerson
from claims.services.replacing import take_the_place
from core.errors import InputError
from policies.models import Policy


class NotProposed(InputError):
    """`code` is a Lack, "waits" (another decision does) or "nothing" (an amount of 0 is a refusal and needs its ground)."""


class NotCovered(InputError):
    """The contract's sum insured leaves less than the decision pays: another claim was promised its part meanwhile (7.2)."""


# ── To propose ───────────────────────────────────────────────────────────────
@transaction.atomic
def propose_payout(
    *, claim: Claim, outcome: Outcome, derivation: Derivation, words: str, by: Any, now: datetime
) -> Decision:
    """`words`: the reviewer's own in the letter; of a payout in part they say why. Raise WrongMoment, NotProposed."""
    claim, review = _under_review(claim)
    if not derivation.amount.amount:
        raise NotProposed("nothing", _("The amount is 0: that is a refusal, and it needs its ground."))
    above = two_approvers_above(claim)
    takes_two = approval(DecisionState.PROPOSED, derivation.amount, two_above=above) == DecisionEvent.ENDORSE
    return _propose(
        claim, review, by, now, outcome=outcome, amount=derivation.amount.amount, currency=derivation.amount.currency,
        derivation=derivation.data, words=words, takes_two=takes_two,
    )  # fmt: skip


@transaction.atomic
def propose_refusal(*, claim: Claim, refusal: Refusal, words: str, by: Any, now: datetime) -> Decision:
    """Raise WrongMoment, and NotProposed with what is lacking in the ground."""
    claim, review = _under_review(claim)
    if lacking := lacking_in(claim, refusal):
        raise NotProposed(lacking[0], " ".join(str(lack.label) for lack in lacking))
    return _propose(
        claim, review, by, now, outcome=Outcome.REFUSED, currency=claim.insurer.currency, ground=refusal.ground,
        clause=BASES[refusal.ground].clause, ground_on=refusal.happened_on, evidence=refusal.evidence.strip(),
        evidence_item=refusal.item, words=words,
    )  # fmt: skip


def lacking_in(claim: Claim, refusal: Refusal) -> list[Lack]:
    """What the rules want of such a refusal and it has not."""
    since = claim.policy.cover_starts_on if claim.policy else None
    return lacks(
        refusal.ground,
        event=InsuredEvent(claim.event),
        evidence=refusal.evidence,
        has_document=refusal.item is not None,
        contract_since=since or refusal.happened_on,
        happened_on=refusal.happened_on,
    )


def _under_review(claim: Claim) -> tuple[Claim, Review]:
    claim = locked(claim)
    if claim.state not in UNDER_REVIEW:
        raise WrongMoment(f"a decision about a claim that is {claim.state}")
    if claim.decisions.undecided().exists():
        raise NotProposed("waits", _("A decision about this claim waits for approval already."))
    return claim, claim.reviews.latest("number")


def _propose(claim: Claim, review: Review, by: Any, now: datetime, **facts: Any) -> Decision:
    number = claim.decisions.count() + 1
    decision = Decision.objects.create(
        claim=claim, review=review, number=number, proposed_by=by, proposed_at=now, **facts
    )
    note_step(
        claim=claim, part=Part.DECISION, of=decision, event="propose", actor=Actor.REVIEWER, by=by, now=now,
        on=claim.insurer.today(now), detail={"outcome": decision.outcome},
    )  # fmt: skip
    return decision


# ── To approve ───────────────────────────────────────────────────────────────
@transaction.atomic
def approve(*, decision: Decision, by: Any, now: datetime) -> Decision:
    """By the first of two, or for good: then it is told and paid. Raise SamePerson; WrongMoment: somebody was first;
    NotCovered; NotReplaced of a lump sum that is not what is left any more."""
    decision = _locked(decision)
    if by.pk in decision.signers:
        raise SamePerson("same", _("You have signed this decision already. Another person approves it."))
    if decision.takes_two and decision.state == DecisionState.PROPOSED:
        decision.endorsed_by, decision.endorsed_at = by, now
        return _ended(decision, DecisionEvent.ENDORSE, Actor.APPROVER, by, now)
    claim, today = decision.claim, decision.claim.insurer.today(now)
    if claim.state != State.REVIEW and not decision.replaces_id:
        raise WrongMoment(f"a decision while the claim is {claim.state}")
    decision.approved_by, decision.approved_at, decision.decided_on = by, now, today
    _ended(decision, DecisionEvent.APPROVE, Actor.APPROVER, by, now)
    if decision.replaces_id:
        take_the_place(decision=decision, by=by, now=now)
    else:
        _take_effect(decision, by, now)
    return decision


def _take_effect(decision: Decision, by: Any, now: datetime) -> None:
    claim, outcome = decision.claim, Outcome(decision.outcome)
    review = decision.review
    review.outcome, review.decided_on = outcome, decision.decided_on
    review.save(update_fields=["outcome", "decided_on"])
    if outcome != Outcome.REFUSED:
        _check_cover(decision)
    event = Event.REFUSE if outcome == Outcome.REFUSED else Event.APPROVE
    move(claim=claim, event=event, actor=Actor.APPROVER, by=by, now=now, outcome=outcome)
    if outcome != Outcome.REFUSED:
        plan_instalments(decision=decision, now=now)
    wind(claim, now=now)
    facts = facts_of_decision(decision, now=now)
    write_letter(claim=claim, kind=LETTERS[outcome], now=now, by=by, decision=decision, **facts)


def _check_cover(decision: Decision) -> None:
    """7.2: two claims of one contract may have been counted before either was approved. The contract's row is held, so that of
    two approvals at once the second counts with the first."""
    claim = decision.claim
    if claim.policy_id:
        Policy.objects.select_for_update(no_key=True).get(pk=claim.policy_id)
    limit = limit_of(claim)
    if limit and limit.left < decision.money:
        raise NotCovered(
            "sum", _("Meanwhile more of the sum insured was promised. Return the decision: its amount is derived anew.")
        )


@transaction.atomic
def return_decision(*, decision: Decision, why: str, by: Any, now: datetime) -> Decision:
    """To whoever proposed it. Raise WrongMoment, SamePerson."""
    decision = _locked(decision)
    if by.pk == decision.proposed_by_id:
        raise SamePerson("same", _("It is your own proposal: take it back instead."))
    decision.ended_why = why
    return _ended(decision, DecisionEvent.RETURN, Actor.APPROVER, by, now, why)


@transaction.atomic
def take_back(*, decision: Decision, why: str, by: Any, now: datetime) -> Decision:
    """By whoever proposed it, or a colleague who has the claim now. Raise WrongMoment."""
    decision = _locked(decision)
    decision.ended_why = why
    return _ended(decision, DecisionEvent.TAKE_BACK, Actor.REVIEWER, by, now, why)


def _locked(decision: Decision) -> Decision:
    """Its newest state, under the lock of its claim. Raise WrongMoment once it is decided."""
    claim = locked(decision.claim)
    decision = Decision.objects.select_related("review").get(pk=decision.pk)
    decision.claim = claim
    if decision.state not in UNDECIDED:
        raise WrongMoment(f"a decision that is {decision.state}")
    return decision


def _ended(decision: Decision, event: DecisionEvent, actor: Actor, by: Any, now: datetime, why: str = "") -> Decision:
    """With what was set beside it: the constraints look at both."""
    move_part(part=decision, event=event, actor=actor, by=by, now=now, reason=why)
    return decision
