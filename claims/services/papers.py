"""What is printed of a claim: wanted in the transaction of what it is about, drawn by a worker while nothing is locked
(core.documents.work)."""

import hashlib
import logging
from datetime import datetime
from typing import Any

from django.utils import translation

from claims.models import Claim, Letter, LetterPaper, OmbudsmanPack, Paper, RequestPaper, Suspension
from core import documents
from core.brand import face_on_paper
from core.documents.work import keep, take_next
from core.languages import in_language
from core.live import announce
from policies.queries import brand_of

logger = logging.getLogger(__name__)
KINDS: tuple[type[Paper], ...] = (LetterPaper, RequestPaper, OmbudsmanPack)


def want_paper(letter: Letter, *, now: datetime) -> None:
    """In the caller's transaction: a worker makes it if and when that commits."""
    LetterPaper.objects.create(letter=letter, facts=facts_of(letter), next_try_at=now)


def want_request(suspension: Suspension, *, language: str, now: datetime) -> None:
    """Likewise, in the authority's language."""
    facts = facts_of_request(suspension, language)
    RequestPaper.objects.create(suspension=suspension, language=language, facts=facts, next_try_at=now)


def facts_of(letter: Letter) -> dict[str, Any]:
    """As the template names them, as they are now."""
    claim = letter.claim
    return head_of(claim, letter.language) | {
        "reader": claim.claimant_name,
        "to": letter.to,
        "written_on": claim.insurer.today(letter.at).isoformat(),
        "subject": letter.subject,
        "body": letter.body,
    }


def facts_of_request(suspension: Suspension, language: str) -> dict[str, Any]:
    """Whom the question is about, so that they are found, and the question. Insurance is a secret (11.3(3)): neither what
    the claimant told, nor the kind of the event, nor why we ask the claimant to wait."""
    claim = suspension.review.claim
    person = claim.person
    born_on = person.birth_date if person else claim.told_born_on
    return head_of(claim, language) | {
        "phone": brand_of(claim.insurer, language)["phone"],
        "authority": suspension.authority,
        "about": claim.about,
        "born_on": born_on.isoformat() if born_on else "",
        "iin": (person.iin if person else claim.told_iin) or "",
        "event_on": claim.event_on.isoformat(),
        "asked_on": suspension.since.isoformat(),
        "question": suspension.question,
    }


def head_of(claim: Claim, language: str) -> dict[str, Any]:
    """What stands above each paper: whose it is, in which colours, about which claim."""
    with translation.override(language):
        name = in_language(claim.insurer.names, language)
        return {"face": face_on_paper(name, claim.insurer.brand), "insurer": name, "number": claim.number_shown}


def make_next_paper(*, now: datetime) -> bool:
    """One paper, of its kind the longest due first; False: none is due. Begin outside any transaction."""
    return any(_made_one(kind, now) for kind in KINDS)


def _made_one(kind: type[Paper], now: datetime) -> bool:
    paper = take_next(kind._default_manager.filter(made_at=None).select_related(kind.OF), now=now)
    if paper is None:
        return False
    try:
        _make(paper, now)
    except Exception as error:  # it is due again after its pause, and holds up nobody; the trace may name people
        logger.error("%s %d as PDF: %s at try %d", kind.__name__, paper.pk, type(error).__name__, paper.tries)
    return True


def _make(paper: Paper, now: datetime) -> None:
    """Raise FactMissing, NotFetched or NotSaved: nothing was kept. Of two workers with one row the first keeps its file."""
    content = documents.render(paper.TEMPLATE, paper.facts, language=paper.language_of_it)
    paper.sha256, paper.size, paper.made_at = hashlib.sha256(content).hexdigest(), len(content), now
    keep(paper.file, content, lambda: _write(paper))
    announce(str(paper.claim.public_id))


class MadeAlready(Exception):
    """Another worker was first; its file stands."""


def _write(paper: Paper) -> None:
    mine = type(paper)._default_manager.filter(pk=paper.pk, made_at=None)
    made = {name: getattr(paper, name) for name in ("sha256", "size", "made_at")}
    if not mine.update(**made, file=paper.file.name, facts={}):
        raise MadeAlready
