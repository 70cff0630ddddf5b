"""7.5: instead of the instalments that are left the insurer pays the rest of the established term at once. It is a decision like
any other: proposed by one, approved by another."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from claims.models import Claim, Decision
from claims.queries.terms import two_approvers_above
from claims.rules.derivations import Derivation
from claims.rules.letters import LetterKind
from claims.rules.life import (
    Actor,
    DecisionEvent,
    DecisionState,
    Event,
    InstalmentState,
    Outcome,
    State,
    WrongMoment,
    approval,
)
from claims.rules.payouts import lump_sum
from claims.rules.people import Part
from claims.services.clock import wind
from claims.services.decision_letters import facts_of_decision
from claims.services.instalments import plan_instalments, replace_unpaid
from claims.services.letters import write_letter
from claims.services.life import locked, move, note_step
from core.errors import InputError
from core.money import Money


class NotReplaced(InputError):
    """`code` is "nothing" (no instalments are left), "bank" (one of them is there) or "waits" (a decision does)."""


@transaction.atomic
def propose_lump_sum(*, claim: Claim, by: Any, now: datetime) -> Decision:
    """Raise WrongMoment where nothing is being paid by instalments, NotReplaced."""
    claim = locked(claim)
    earlier = _by_instalments(claim)
    if claim.state != State.PAYING or earlier is None:
        raise WrongMoment(f"a lump sum of a claim that is {claim.state}")
    if claim.decisions.undecided().exists():
        raise NotReplaced("waits", _("A decision about this claim waits for approval already."))
    derivation = rest_of(earlier)
    takes_two = approval(DecisionState.PROPOSED, derivation.amount, two_above=two_approvers_above(claim))
    decision = Decision.objects.create(
        claim=claim, review=earlier.review, replaces=earlier, number=claim.decisions.count() + 1, outcome=Outcome.APPROVED,
        amount=derivation.amount.amount, currency=derivation.amount.currency, derivation=derivation.data,
        takes_two=takes_two == DecisionEvent.ENDORSE, proposed_by=by, proposed_at=now,
    )  # fmt: skip
    note_step(
        claim=claim, part=Part.DECISION, of=decision, event="propose", actor=Actor.REVIEWER, by=by, now=now,
        on=claim.insurer.today(now), detail={"replaces": earlier.number},
    )  # fmt: skip
    return decision


def _by_instalments(claim: Claim) -> Decision | None:
    """The decision whose instalments are being paid: the last one that has any."""
    decided = claim.decisions.decided().filter(instalments__scheduled_on__isnull=False).order_by("-number")
    return next((one for one in decided if one.explanation and one.explanation.instalments), None)


def rest_of(decision: Decision) -> Derivation:
    """Its own derivation less what is paid of it. Raise NotReplaced."""
    left = decision.instalments.payouts().exclude(state=InstalmentState.PAID)
    if left.filter(state=InstalmentState.ORDERED).exists():
        raise NotReplaced("bank", _("A payment is at the bank. Wait for its answer, or take the order back."))
    if decision.explanation is None or not left.exists():
        raise NotReplaced("nothing", _("No instalments are left."))
    paid = decision.instalments.payouts().filter(state=InstalmentState.PAID).aggregate(sum=Sum("amount"))["sum"]
    return lump_sum(decision.explanation, paid=Money(paid or Decimal(0), decision.currency))


def take_the_place(*, decision: Decision, by: Any, now: datetime) -> None:
    """In the transaction that approved it. What was paid since it was proposed is no longer to be paid, so the amount must be
    what is left now. Raise NotReplaced."""
    claim, earlier = decision.claim, decision.replaces
    if earlier is None or rest_of(earlier).amount != decision.money:
        raise NotReplaced("paid", _("Meanwhile an instalment was paid: take the proposal back and make a new one."))
    move(claim=claim, event=Event.REPLACE, actor=Actor.APPROVER, by=by, now=now, decision=decision.number)
    plan_instalments(decision=decision, now=now)
    replace_unpaid(decision=earlier, by=by, now=now)
    wind(claim, now=now)
    facts = facts_of_decision(decision, now=now) | {"words": decision.words}
    write_letter(claim=claim, kind=LetterKind.REPLACED, now=now, by=by, decision=decision, **facts)
