"""What the doctor writes after a talk (TM-09, TM-15…17). No field for a diagnosis, its correction or a prescription."""

import secrets
import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.documents.seals import LONGEST_HOLDER
from core.links import public_url
from core.models import AppendOnly
from core.rows.walls import Through, Wall, Window
from telemed.models.consultations import ATTENDING, DOCTOR, OF_BOTH, Consultation
from telemed.models.doctors import Doctor
from telemed.rules import JOB, Outcome

LONGEST = 8000  # characters of a section


def originals() -> Storage:
    return storages["originals"]


def new_code() -> str:
    """128 bits: whoever has the paper can ask about it, nobody can guess another."""
    return secrets.token_urlsafe(16)


class Sections(models.Model):
    """What TM-15 names."""

    heard = models.TextField(_("What the patient said"), max_length=LONGEST, blank=True)
    specialists = models.TextField(_("Specialists to see in person"), max_length=LONGEST, blank=True)
    methods = models.TextField(_("Recommended examinations and methods"), max_length=LONGEST, blank=True)
    risks = models.TextField(_("Risks and possible consequences"), max_length=LONGEST, blank=True)
    expected = models.TextField(_("Expected result"), max_length=LONGEST, blank=True)
    outcome = models.CharField(_("Outcome"), max_length=12, choices=Outcome.choices, blank=True)

    class Meta:
        abstract = True

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in TEXTS}

    @property
    def titled(self) -> list[tuple[str, str]]:
        """Title and text of each section that has one."""
        named = {field.name: str(field.verbose_name) for field in self._meta.fields}
        return [(named[name], text) for name, text in self.texts.items() if text]


TEXTS = ("heard", "specialists", "methods", "risks", "expected")
SECTIONS = (*TEXTS, "outcome")


class Draft(Sections):
    """Kept while it is written. Gone when it is sent."""

    consultation = models.OneToOneField(Consultation, models.CASCADE, related_name="draft")
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("draft of a conclusion")
        verbose_name_plural = _("drafts of conclusions")
        constraints = [Wall(name="draft_wall", seen_by=[Through("consultation", [DOCTOR])])]

    def __str__(self) -> str:
        return f"{self.saved_at:%d.%m.%Y %H:%M}"


class Conclusion(Sections, AppendOnly):
    """As it was sent. It belongs to the patient and is seen through Access."""

    consultation = models.OneToOneField(Consultation, models.DO_NOTHING, related_name="conclusion")
    doctor = models.ForeignKey(Doctor, models.DO_NOTHING, related_name="conclusions", verbose_name=_("doctor"))
    code = models.CharField(max_length=22, unique=True, default=new_code, editable=False)  # of the check page
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("conclusion")
        verbose_name_plural = _("conclusions")
        constraints = [
            models.CheckConstraint(condition=~Q(outcome="") & ~Q(methods=""), name="conclusion_says_what_to_do"),
            Wall(
                name="conclusion_wall",
                seen_by=[Through("consultation", [*OF_BOTH, ATTENDING])],
                jobs=[JOB],
                window=Window("telemed_paper", ["code", "doctor", "sent_at"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.doctor}: {self.sent_at:%d.%m.%Y %H:%M}"

    @property
    def check_url(self) -> str:
        """What the code on the paper leads to."""
        return public_url("telemed:conclusion_check", self.code)


def storage_key(document: "ConclusionDocument", filename: str) -> str:
    return f"{document.conclusion.consultation.insurer.slug}/{uuid.uuid4()}"


class ConclusionDocumentQuerySet(models.QuerySet["ConclusionDocument"]):
    def waiting(self) -> "ConclusionDocumentQuerySet":
        return self.filter(made_at=None)

    def made(self) -> "ConclusionDocumentQuerySet":
        return self.filter(made_at__isnull=False)


class ConclusionDocument(models.Model):
    """The conclusion as PDF in one language: wanted with it, made by a worker and kept as it was made. Where the
    medical organisation has a seal, it is under it (core.documents.seals)."""

    conclusion = models.ForeignKey(Conclusion, models.PROTECT, related_name="documents", db_index=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    facts = models.JSONField()  # as the template names them (core.facts); as they were when it was sent
    next_try_at = models.DateTimeField(_("next try"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    file = models.FileField(storage=originals, upload_to=storage_key, max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)  # bytes
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    sealed_by = models.CharField(_("sealed by"), max_length=LONGEST_HOLDER, blank=True)  # nobody: without a seal
    certificate = models.CharField(max_length=64, blank=True)  # of the seal: its SHA-256

    objects = ConclusionDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of a conclusion")
        verbose_name_plural = _("documents of conclusions")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["conclusion", "language"], name="conclusion_document_once"),
            models.CheckConstraint(
                condition=Q(made_at=None, file="") | (Q(made_at__isnull=False) & ~Q(file="") & ~Q(sha256="")),
                name="conclusion_document_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(sealed_by="", certificate="") | (~Q(sealed_by="") & ~Q(certificate="")),
                name="conclusion_document_sealed_by_somebody",
            ),
            Wall(
                name="conclusion_document_wall",
                seen_by=[Through("conclusion")],
                jobs=[JOB],
                window=Window("telemed_papercopy", ["conclusion", "language", "sha256", "sealed_by", "certificate"]),
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(made_at=None), name="conclusion_document_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.conclusion} ({self.language})"

    def get_absolute_url(self) -> str:
        return reverse("telemed:conclusion", args=[self.conclusion.consultation.public_id, self.language])

    def file_name(self) -> str:
        """In the document's language: who gives it to a clinic gives that language."""
        with translation.override(self.language):
            name = gettext("Doctor’s conclusion of %(day)s") % {"day": f"{self.conclusion.sent_at:%d.%m.%Y}"}
        return f"{name}.pdf"
