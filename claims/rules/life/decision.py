"""The life of a decision: one person proposes, another one approves, of a large amount two others."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.rules.life.table import Actor, Life
from core.money import Money


class Outcome(TextChoices):
    APPROVED = "approved", _("to pay")
    PARTLY = "partly", _("to pay in part")
    REFUSED = "refused", _("to refuse")


class DecisionState(TextChoices):
    PROPOSED = "proposed", _("waits for approval")
    ENDORSED = "endorsed", _("waits for a second approval")
    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("returned")
    TAKEN_BACK = "taken_back", _("taken back")


class DecisionEvent(TextChoices):
    ENDORSE = "endorse", _("approved by the first of two")
    APPROVE = "approve", _("approved")
    RETURN = "return", _("returned with a reason")
    TAKE_BACK = "take_back", _("taken back")


DECISION_LIFE = Life(
    starts=(DecisionState.PROPOSED,),
    ends=(DecisionState.APPROVED, DecisionState.RETURNED, DecisionState.TAKEN_BACK),
    ways={
        (DecisionState.PROPOSED, DecisionEvent.ENDORSE): DecisionState.ENDORSED,
        (DecisionState.PROPOSED, DecisionEvent.APPROVE): DecisionState.APPROVED,
        (DecisionState.PROPOSED, DecisionEvent.RETURN): DecisionState.RETURNED,
        (DecisionState.PROPOSED, DecisionEvent.TAKE_BACK): DecisionState.TAKEN_BACK,
        (DecisionState.ENDORSED, DecisionEvent.APPROVE): DecisionState.APPROVED,
        (DecisionState.ENDORSED, DecisionEvent.RETURN): DecisionState.RETURNED,
        (DecisionState.ENDORSED, DecisionEvent.TAKE_BACK): DecisionState.TAKEN_BACK,
    },
    by={
        DecisionEvent.ENDORSE: {Actor.APPROVER},
        DecisionEvent.APPROVE: {Actor.APPROVER},
        DecisionEvent.RETURN: {Actor.APPROVER},
        DecisionEvent.TAKE_BACK: {Actor.REVIEWER},
    },
)

UNDECIDED = (DecisionState.PROPOSED, DecisionState.ENDORSED)


def approval(state: DecisionState, amount: Money, *, two_above: Money) -> DecisionEvent:
    """What the next approver's word means: above the product's amount it takes two. Raise MoneyError on two currencies."""
    is_first_of_two = state == DecisionState.PROPOSED and (amount - two_above).amount > 0
    return DecisionEvent.ENDORSE if is_first_of_two else DecisionEvent.APPROVE
