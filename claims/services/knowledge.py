"""8.2(3): a late notice does no harm where the insurer knew in time. Whoever says so, says how, and what proves it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import Claim, EarlierKnowledge
from claims.rules.notice import Source
from claims.services.life import locked
from core.errors import InputError


@transaction.atomic
def record_knowledge(
    *, claim: Claim, known_on: date, source: Source, evidence: str, by: Any, now: datetime
) -> EarlierKnowledge:  # fmt: skip
    """By the claimant, or by a reviewer who found it. It changes no state and no term: the reviewer weighs it. Raise
    InputError where the day lies outside the event and the notice."""
    claim = locked(claim)
    if not claim.event_on <= known_on <= claim.notified_on:
        raise InputError("day", _("The day lies between the event and the notice."))
    return EarlierKnowledge.objects.create(
        claim=claim, known_on=known_on, source=source, evidence=evidence, by=by, at=now
    )
