"""Documents of a policy: the wish for one, and what was made. Their files lie among the originals."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from core.file_names import safe_file_name
from core.models import AppendOnly
from core.whole_files import originals
from policies.models.access import Access
from policies.models.insurers import ProductVersion
from policies.models.policies import Party, Policy
from policies.rules import AccessScope, Role
from policies.rules.documents import FILE_NAMES, DocumentKind


def storage_key(document: "Document", filename: str) -> str:
    return f"{document.policy.insurer.slug}/{uuid.uuid4()}"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: Any, *, now: datetime) -> "DocumentQuerySet":
        """Of the people whose affairs this account may see in full; a limited access shows the policy's facts only."""
        people = Access.objects.current(now=now).filter(user=user, scope=AccessScope.FULL).values("person")
        return self.filter(policy__in=Party.objects.filter(role=Role.INSURED, person__in=people).values("policy"))


class Document(AppendOnly):
    """One document as it was made: once for the same facts."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="documents", db_index=False)  # document_once's
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    digest = models.CharField(max_length=64)  # of its facts: core.facts.digest_of_facts
    product_version = models.ForeignKey(ProductVersion, models.PROTECT, related_name="+")  # whose terms it tells
    file = models.FileField(storage=originals, upload_to=storage_key, max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["policy", "kind", "language", "digest"], name="document_once"),
        ]

    def __str__(self) -> str:
        return f"{self.policy}: {self.get_kind_display()} ({self.language})"

    def get_absolute_url(self) -> str:
        return reverse("policies:document", args=[self.policy.public_id, self.public_id])

    def file_name(self, language: str | None = None) -> str:
        """«Приложение 1 к полису КИ-204.pdf»: what a reader of this language, else of the active one, finds among files."""
        with translation.override(language or translation.get_language()):
            name = FILE_NAMES[DocumentKind(self.kind)] % {"number": self.policy.insured_id}
        return f"{safe_file_name(name)}.pdf"


class DocumentRequestQuerySet(models.QuerySet["DocumentRequest"]):
    def waiting(self) -> "DocumentRequestQuerySet":
        return self.filter(document=None)


class DocumentRequest(models.Model):
    """A document is to be made of these facts, and sent to whoever is named. A row, so that no dying worker forgets it."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="document_requests", db_index=False)
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    to = models.EmailField(_("recipient"), blank=True)  # nobody: it is fetched from the policy's page
    facts = models.JSONField()  # as the template names them (core.facts)
    digest = models.CharField(max_length=64)
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, related_name="requests"
    )  # made, and its letter posted if one was wanted

    objects = DocumentRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a document")
        verbose_name_plural = _("requests for documents")
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "kind", "language", "digest", "to"], name="document_request_once"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(document__isnull=True), name="document_request_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.policy}: {self.get_kind_display()} ({self.language})"
