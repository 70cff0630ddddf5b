"""A conclusion as PDF in each of our languages: the frame is translated, the doctor's words are the doctor's."""

import base64
import hashlib
import logging
from datetime import datetime
from io import BytesIO
from typing import Any

import qrcode
from django.conf import settings
from django.utils import translation
from qrcode.image.svg import SvgPathImage

from core import documents
from core.brand import face_on_paper
from core.documents.work import keep, take_next
from core.languages import in_language
from core.live import announce
from telemed.models import Conclusion, ConclusionDocument

logger = logging.getLogger(__name__)

TEMPLATE = "documents/conclusion.html"
MADE = ("sha256", "size", "made_at", "sealed_by", "certificate")


def want_conclusion(conclusion: Conclusion, *, now: datetime) -> None:
    """In the caller's transaction: a worker makes them if and when that commits."""
    ConclusionDocument.objects.bulk_create(
        ConclusionDocument(conclusion=conclusion, language=code, facts=facts_of(conclusion, code), next_try_at=now)
        for code, _name in settings.LANGUAGES
    )


def facts_of(conclusion: Conclusion, language: str) -> dict[str, Any]:
    """As the template names them, as they are now. Instants by the insurer's clock."""
    consultation, doctor = conclusion.consultation, conclusion.doctor
    zone, insurer = consultation.insurer.zone, consultation.insurer
    with translation.override(language):
        return {
            "face": face_on_paper(in_language(insurer.names, language), insurer.brand),
            "organisation": in_language(doctor.organisation.names, language),
            "licence": doctor.organisation.licence,
            "doctor": doctor.full_name,
            "speciality": doctor.get_speciality_display(),
            "patient": consultation.whose,
            "born_on": consultation.born_on.isoformat() if consultation.born_on else "",
            "began_at": consultation.began_at.astimezone(zone).isoformat() if consultation.began_at else "",
            "channel": consultation.get_channel_display(),
            "sent_at": conclusion.sent_at.astimezone(zone).isoformat(),
            "sections": [[title, text] for title, text in conclusion.titled],
            "outcome": conclusion.get_outcome_display(),
            "check_url": conclusion.check_url,
            "qr": qr_of(conclusion.check_url),
        }  # fmt: skip


def qr_of(text: str) -> str:
    """As a data: address, the only kind that a document may name. The same text gives the same picture."""
    picture = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=2).save(picture)
    return "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode()


def make_next_conclusion(*, now: datetime) -> bool:
    """One document, the longest due first; False: none is due. Begin outside any transaction."""
    waiting = ConclusionDocument.objects.waiting()
    document = take_next(
        waiting.select_related("conclusion__consultation__insurer", "conclusion__doctor__organisation"), now=now
    )
    if document is None:
        return False
    try:
        _make(document, now)
    except Exception as error:  # it is due again after its pause, and holds up nobody; the trace may name people
        logger.error("Conclusion document %d: %s at try %d", document.pk, type(error).__name__, document.tries)
    return True


def _make(document: ConclusionDocument, now: datetime) -> None:
    """Raise FactMissing, NotFetched, SealUnusable or NotSaved: nothing was kept. Of two workers with one row the first keeps
    its file, so what was sealed twice is handed out once."""
    drawn = documents.render(TEMPLATE, document.facts, language=document.language)
    content, seal = documents.sealed(drawn, document.conclusion.doctor.organisation.slug, now=now)
    if seal:
        document.sealed_by, document.certificate = seal.holder, seal.certificate
    document.sha256, document.size, document.made_at = hashlib.sha256(content).hexdigest(), len(content), now
    keep(document.file, content, lambda: _write(document))
    announce(str(document.conclusion.consultation.public_id))


class MadeAlready(Exception):
    """Another worker was first; its file stands."""


def _write(document: ConclusionDocument) -> None:
    mine = ConclusionDocument.objects.waiting().filter(pk=document.pk)
    made = {name: getattr(document, name) for name in MADE}
    if not mine.update(**made, file=document.file.name, facts={}):
        raise MadeAlready
