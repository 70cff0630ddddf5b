"""A letter is worded in the case's language, kept as its reader has it, and handed to the outbox, whose log proves that it
left and when (11.3(5)). A worker makes its PDF."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from claims.models import Claim, Decision, Letter
from claims.rules.letters import LetterKind
from claims.services.papers import want_paper
from core.facts import parsed
from core.links import public_url
from core.wording import rendered
from notices import services as notices
from notices.rules import Channel
from policies.queries import brand_of

NOTICE = "claim_letter"


@dataclass(frozen=True)
class Worded:
    subject: str
    body: str  # paragraphs with empty lines between them


def write_letter(
    *, claim: Claim, kind: LetterKind, now: datetime, by: Any = None, decision: Decision | None = None, to: str = "",
    **facts: Any,
) -> Letter:  # fmt: skip
    """In the caller's transaction: it leaves if and when that commits. `to`: somebody else than the claimant.

    `facts` are what its template names, as JSON keeps them (core.facts). Raise FactMissing.
    """
    worded, to = worded_as(claim, kind, **facts), to or claim.contact
    channel = Channel.EMAIL if "@" in to else Channel.SMS
    context = {
        "subject": worded.subject, "body": worded.body, "number": claim.number_shown, "url": address_of(claim),
        "brand": brand_of(claim.insurer, claim.language),
    }  # fmt: skip
    notice = notices.post(
        NOTICE, to=to, channel=channel, language=claim.language, context=context, scope=claim.insurer.slug
    )
    letter = Letter.objects.create(
        claim=claim, decision=decision, kind=kind, language=claim.language, subject=worded.subject, body=worded.body,
        channel=channel, to=to, notice=notice, by=by, at=now,
    )  # fmt: skip
    want_paper(letter, now=now)
    return letter


def worded_as(claim: Claim, kind: LetterKind, **facts: Any) -> Worded:
    """As its reader will have it; nothing is saved. Raise FactMissing."""
    with translation.override(claim.language):
        named = parsed(facts) | {
            "number": claim.number_shown, "about": claim.about, "reader": claim.claimant_name, "event": claim.get_event_display(),
            "event_on": claim.event_on, "language": claim.language,
        }  # fmt: skip
        subject, body = (rendered(f"claims/letters/{kind}.{part}", named) for part in ("subject.txt", "txt"))
    return Worded(" ".join(subject.split()), paragraphs(body))


def paragraphs(text: str) -> str:
    """One line each, an empty line between two, however the template is laid out."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return "\n".join(line for place, line in enumerate(lines) if line or (place and lines[place - 1])).strip()


def address_of(claim: Claim) -> str:
    """Where the reader follows the claim. A guest's browser may be another one than before: there a code opens it."""
    address = public_url("claims:case", claim.public_id)
    return f"{address}?guest" if claim.by_guest else address
