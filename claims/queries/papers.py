"""A letter of a case, with what proves that it left, and its PDF."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from claims.models import Claim, Letter, LetterPaper
from notices.models import Delivery
from notices.rules import Answer


@dataclass(frozen=True)
class Proof:
    """11.3(5). `at`: when the other side took it over; None: it has not left yet, or came back."""

    at: datetime | None
    provider_id: str = ""
    is_refused: bool = False


@dataclass(frozen=True)
class Found:
    letter: Letter
    proof: Proof | None  # on paper: nothing left by the outbox
    paper: LetterPaper | None  # None: a worker is about to make it


def letter_of(claim: Claim, public_id: UUID) -> Found | None:
    """Three queries at most."""
    letter = claim.letters.filter(public_id=public_id).first()
    if letter is None:
        return None
    paper = LetterPaper.objects.filter(letter=letter, made_at__isnull=False).first()
    return Found(letter, proof_of(letter) if letter.channel else None, paper)


def proof_of(letter: Letter) -> Proof:
    """The delivery log of its message. One query."""
    tries = list(Delivery.objects.filter(notice=letter.notice_id).order_by("pk"))
    taken = next((one for one in tries if one.outcome == Answer.ACCEPTED), None)
    if taken:
        return Proof(taken.at, taken.provider_id)
    return Proof(None, is_refused=bool(tries) and tries[-1].outcome == Answer.REFUSED)
