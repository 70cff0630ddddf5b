"""The claimant withdraws the claim before it is decided, or takes it up again."""

from datetime import datetime
from typing import Any

from django.db import transaction

from claims.models import Check, Claim
from claims.rules.letters import LetterKind
from claims.rules.life import Actor, Event
from claims.services.clock import wind
from claims.services.letters import write_letter
from claims.services.life import locked, move


@transaction.atomic
def withdraw_claim(*, claim: Claim, reason: str, by: Any, now: datetime) -> None:
    """Raise WrongMoment once it is decided."""
    claim = locked(claim)
    move(claim=claim, event=Event.WITHDRAW, actor=Actor.CLAIMANT, by=by, now=now, reason=reason)
    wind(claim, now=now)
    write_letter(claim=claim, kind=LetterKind.WITHDRAWN, now=now, by=by)


@transaction.atomic
def restore_claim(*, claim: Claim, by: Any, now: datetime) -> None:
    """What was sent is checked again, from today. Raise WrongMoment."""
    claim = locked(claim)
    move(claim=claim, event=Event.RESTORE, actor=Actor.CLAIMANT, by=by, now=now)
    today = claim.insurer.today(now)
    if not claim.checks.filter(answered_on=None).exists():
        Check.objects.create(claim=claim, since=today, latest=today)
    wind(claim, now=now)
