"""A duplicate, or no contract is found: the claim rests without a decision, and can be taken up again."""

from datetime import datetime
from typing import Any

from django.db import transaction

from claims.models import Claim
from claims.rules.letters import LetterKind
from claims.rules.life import Actor, Event
from claims.services.clock import wind
from claims.services.letters import write_letter
from claims.services.life import locked, move


@transaction.atomic
def set_aside(*, claim: Claim, reason: str, by: Any, now: datetime) -> Claim:
    """Never instead of a decision. Raise WrongMoment."""
    claim = locked(claim)
    move(claim=claim, event=Event.SET_ASIDE, actor=Actor.REVIEWER, by=by, now=now, reason=reason)
    wind(claim, now=now)
    write_letter(claim=claim, kind=LetterKind.SET_ASIDE, now=now, by=by, why=reason)
    return claim


@transaction.atomic
def take_up_again(*, claim: Claim, by: Any, now: datetime) -> Claim:
    """What was sent is checked again. Raise WrongMoment."""
    claim = locked(claim)
    move(claim=claim, event=Event.RESTORE, actor=Actor.REVIEWER, by=by, now=now)
    wind(claim, now=now)
    write_letter(claim=claim, kind=LetterKind.TAKEN_UP, now=now, by=by)
    return claim
