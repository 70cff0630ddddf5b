"""What reviewers tell each other of a claim. The claimant does not read it."""

from datetime import datetime
from typing import Any

from claims.models import Claim, Note


def add_note(*, claim: Claim, text: str, by: Any, now: datetime) -> Note:
    return Note.objects.create(claim=claim, text=text, by=by, at=now)
