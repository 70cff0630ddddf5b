"""Who of the insurer opened a file, as what, and why: the claimant reads it (adr/0042)."""

from datetime import datetime
from typing import Any

from claims.models import Claim, Opening
from claims.rules.life import Actor


def note_opening(*, claim: Claim, by: Any, role: Actor | None, reason: str, now: datetime) -> None:
    """Once a day for each reason, however often the page is loaded. `role`: nothing of an auditor."""
    row = Opening(claim=claim, by=by, role=role or "", reason=reason, on=claim.insurer.today(now), at=now)
    Opening.objects.bulk_create([row], ignore_conflicts=True)
