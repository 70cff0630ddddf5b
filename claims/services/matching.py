"""A guest's notice finds its contract: a reviewer compares what was told with what the insurer has on file."""

from datetime import datetime
from typing import Any

from django.db import transaction

from claims.models import Claim
from claims.rules.life import Actor, Event
from claims.services.clock import wind
from claims.services.life import locked, move
from claims.services.telling import tell_insured
from policies.models import Policy


@transaction.atomic
def match_claim(*, claim: Claim, policy: Policy, by: Any, now: datetime) -> Claim:
    """…or another one than before, until the review begins. `policy` is of the claim's insurer. Raise WrongMoment."""
    claim = locked(claim)
    claim.person, claim.policy = policy.insured, policy
    claim.save(update_fields=["person", "policy"])
    move(claim=claim, event=Event.MATCH, actor=Actor.REVIEWER, by=by, now=now, policy=policy.insured_id)
    wind(claim, now=now)
    tell_insured(claim, now=now)
    return claim
