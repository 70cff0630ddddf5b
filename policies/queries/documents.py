"""The documents of a policy, for whoever may keep them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from policies.models import Document, DocumentRequest, Policy
from policies.rules.documents import DocumentKind


def documents_of(policy: Policy, user: Any, *, now: datetime) -> list[Document]:
    """The newest first; none for a limited access. One query."""
    return list(policy.documents.visible_to(user, now=now).order_by("-pk"))


def document_of(user: Any, *, policy: UUID, document: UUID, now: datetime) -> Document | None:
    """None where this policy has no such document for this account. One query."""
    visible = Document.objects.visible_to(user, now=now).select_related("policy__insurer")
    return visible.filter(policy__public_id=policy, public_id=document).first()


def languages_being_made(policy: Policy) -> list[str]:
    """In which a worker is about to make this policy as a PDF. One query."""
    waiting = policy.document_requests.waiting().filter(kind=DocumentKind.POLICY)
    return list(waiting.order_by("pk").values_list("language", flat=True))


def documents_wanted() -> int:
    """How many a worker has still to make and send. One query along the partial index of those."""
    return DocumentRequest.objects.waiting().count()
