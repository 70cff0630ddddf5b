"""A letter as PDF: wanted with the letter, drawn by a worker while nothing is locked (core.documents.work)."""

import hashlib
import logging
from datetime import datetime
from typing import Any

from django.utils import translation

from claims.models import Letter, LetterPaper
from core import documents
from core.brand import face_on_paper
from core.documents.work import keep, take_next
from core.languages import in_language
from core.live import announce

logger = logging.getLogger(__name__)
TEMPLATE = "documents/claim_letter.html"


def want_paper(letter: Letter, *, now: datetime) -> None:
    """In the caller's transaction: a worker makes it if and when that commits."""
    LetterPaper.objects.create(letter=letter, facts=facts_of(letter), next_try_at=now)


def facts_of(letter: Letter) -> dict[str, Any]:
    """As the template names them, as they are now."""
    claim, insurer = letter.claim, letter.claim.insurer
    with translation.override(letter.language):
        return {
            "face": face_on_paper(in_language(insurer.names, letter.language), insurer.brand),
            "insurer": in_language(insurer.names, letter.language),
            "number": claim.number_shown,
            "reader": claim.claimant_name,
            "to": letter.to,
            "written_on": insurer.today(letter.at).isoformat(),
            "subject": letter.subject,
            "body": letter.body,
        }


def make_next_paper(*, now: datetime) -> bool:
    """One letter, the longest due first; False: none is due. Begin outside any transaction."""
    paper = take_next(LetterPaper.objects.waiting().select_related("letter__claim__insurer"), now=now)
    if paper is None:
        return False
    try:
        _make(paper, now)
    except Exception as error:  # it is due again after its pause, and holds up nobody; the trace may name people
        logger.error("Letter %d as PDF: %s at try %d", paper.pk, type(error).__name__, paper.tries)
    return True


def _make(paper: LetterPaper, now: datetime) -> None:
    """Raise FactMissing, NotFetched or NotSaved: nothing was kept. Of two workers with one row the first keeps its file."""
    content = documents.render(TEMPLATE, paper.facts, language=paper.letter.language)
    paper.sha256, paper.size, paper.made_at = hashlib.sha256(content).hexdigest(), len(content), now
    keep(paper.file, content, lambda: _write(paper))
    announce(str(paper.letter.claim.public_id))


class MadeAlready(Exception):
    """Another worker was first; its file stands."""


def _write(paper: LetterPaper) -> None:
    mine = LetterPaper.objects.waiting().filter(pk=paper.pk)
    made = {name: getattr(paper, name) for name in ("sha256", "size", "made_at")}
    if not mine.update(**made, file=paper.file.name, facts={}):
        raise MadeAlready
