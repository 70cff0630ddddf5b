"""A document is wanted, made, and sent or announced: three steps, so that a worker may die between any two of them."""

import hashlib
import logging
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from core import documents
from core.documents.work import keep, take_next
from core.facts import digest_of_facts
from core.links import public_url
from core.live import announce
from core.wording import template
from notices import services as notices
from notices.rules import Attachment
from policies.models import Document, DocumentRequest, Policy
from policies.queries import brand_of
from policies.rules.documents import DocumentKind

logger = logging.getLogger(__name__)

LETTERS = {DocumentKind.APPENDIX_1: "appendix"}  # the notice that carries it


def want_document(
    *, policy: Policy, kind: DocumentKind, language: str, facts: dict[str, Any], now: datetime, to: str = ""
) -> None:
    """In the caller's transaction: a worker makes it if and when that commits, and sends it where somebody is named.

    `facts` are what its template names, as JSON keeps them; they stay as they are now. Wanting the same again changes
    nothing. Raise TemplateDoesNotExist where the product has no such document.
    """
    template(kind.template(policy.product_version.product.code))
    request = DocumentRequest(
        policy=policy, kind=kind, language=language, to=to, facts=facts, digest=digest_of_facts(facts),
        requested_at=now, next_try_at=now,
    )  # fmt: skip
    DocumentRequest.objects.bulk_create([request], ignore_conflicts=True)


def make_next_document(*, now: datetime) -> bool:
    """One request, the longest due first; False: none is due. Begin outside any transaction."""
    request = _claim(now)
    if request is None:
        return False
    try:
        document = make_document(
            policy=request.policy,
            kind=DocumentKind(request.kind),
            language=request.language,
            facts=request.facts,
            now=now,
        )
        _send(request, document)
    except Exception as error:  # it is due again after its pause, and holds up nobody; the trace may name people
        logger.error("Document request %d: %s at try %d", request.pk, type(error).__name__, request.tries)
    return True


def _claim(now: datetime) -> DocumentRequest | None:
    waiting = DocumentRequest.objects.waiting()
    return take_next(waiting.select_related("policy__insurer", "policy__product_version__product"), now=now)


def make_document(
    *, policy: Policy, kind: DocumentKind, language: str, facts: dict[str, Any], now: datetime
) -> Document:
    """The document of these facts: the one that is there, else a new one with its file.

    Draws for a tenth of a second and more, so begin where nothing is locked. Raise FactMissing, NotFetched or NotSaved:
    nothing was kept.
    """
    same = {"policy": policy, "kind": kind, "language": language, "digest": digest_of_facts(facts)}
    if document := Document.objects.filter(**same).first():
        return document
    content = documents.render(kind.template(policy.product_version.product.code), facts, language=language)
    document = Document(
        **same, product_version=policy.product_version, sha256=hashlib.sha256(content).hexdigest(), size=len(content),
        made_at=now,
    )  # fmt: skip
    try:
        keep(document.file, content, document.save)
    except IntegrityError:  # another worker was first
        return Document.objects.get(**same)
    return document


@transaction.atomic
def _send(request: DocumentRequest, document: Document) -> None:
    """What marks the request posts the letter, both or neither; of two workers only the first marks it.

    Its facts stand in the document from now on, and whoever waits at the policy's page is told.
    """
    if not DocumentRequest.objects.waiting().filter(pk=request.pk).update(document=document, facts={}):
        return
    announce(str(request.policy.public_id))
    if request.to:
        _post(request, document)


def _post(request: DocumentRequest, document: Document) -> None:
    policy, language = request.policy, request.language
    notices.post(
        LETTERS[DocumentKind(request.kind)], to=request.to, language=language, scope=policy.insurer.slug,
        context={
            "product": policy.product_version.name_in(language),
            "insured": policy.insured.short_name,
            "url": public_url("policies:policy", policy.public_id),
            "brand": brand_of(policy.insurer, language),
        },
        attachments=[Attachment(document.file_name(language), str(document.file), document.sha256)],
    )  # fmt: skip
