"""What one proposes another one approves: the same for a penalty and for an end of the payouts."""

from datetime import datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from claims.models.proposals import Proposal
from claims.rules.life import DECISION_LIFE, DecisionEvent, DecisionState
from core.errors import InputError

P = TypeVar("P", bound=Proposal)


class SamePerson(InputError):
    """Whoever proposed or signed it neither approves nor returns it."""


def settle(proposal: P, event: DecisionEvent, *, by: Any, now: datetime, why: str = "") -> P:
    """Under the lock of its claim, read anew. Raise SamePerson; WrongMoment: somebody was first."""
    proposal.refresh_from_db()
    if event in OF_ANOTHER and proposal.proposed_by_id == by.pk:
        raise SamePerson("same", _("You proposed this yourself: another person approves it."))
    proposal.state, proposal.ended_why = DECISION_LIFE.after(DecisionState(proposal.state), event), why
    if event == DecisionEvent.APPROVE:
        proposal.approved_by, proposal.approved_at = by, now
    proposal.save()
    return proposal


OF_ANOTHER = (DecisionEvent.APPROVE, DecisionEvent.RETURN)
