"""What is printed of a claim: wanted with what it is about, made by a worker as PDF, kept with its sum."""

import uuid
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.decisions import Letter, Objection
from claims.models.reviews import Suspension
from claims.rules.life import JOB
from core.rows.walls import Through, Wall
from core.whole_files import originals


def paper_key(paper: "Paper", filename: str) -> str:
    return f"{paper.claim.insurer.slug}/{uuid.uuid4()}"


def whole(name: str) -> models.CheckConstraint:
    """A file is there with the moment at which it was made and its sum, or none of them."""
    made = Q(made_at__isnull=False) & ~Q(file="") & ~Q(sha256="")
    return models.CheckConstraint(condition=Q(made_at=None, file="") | made, name=f"{name}_is_whole")


def waiting(name: str) -> models.Index:
    return models.Index(fields=["next_try_at"], condition=Q(made_at=None), name=f"{name}_waiting")


class PaperQuerySet(models.QuerySet[Any]):
    def waiting(self) -> "PaperQuerySet":
        return self.filter(made_at=None)

    def made(self) -> "PaperQuerySet":
        return self.filter(made_at__isnull=False)


class Paper(models.Model):
    """`OF`: the way to its claim's insurer. `TEMPLATE`: what its facts fill."""

    OF: str
    TEMPLATE: str

    facts = models.JSONField()  # as its template names them (core.facts), as they were when it was wanted; made, {}
    next_try_at = models.DateTimeField(_("next try"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    file = models.FileField(storage=originals, upload_to=paper_key, max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)  # bytes
    made_at = models.DateTimeField(_("made"), null=True, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def claim(self) -> Claim:
        claim: Claim = attrgetter(self.OF.removesuffix("__insurer").replace("__", "."))(self)
        return claim

    @property
    def language_of_it(self) -> str:
        return self.claim.language


class LetterPaper(Paper):
    """A letter as PDF, to be kept, printed and shown to an ombudsman or a court."""

    OF, TEMPLATE = "letter__claim__insurer", "documents/claim_letter.html"

    letter = models.OneToOneField(Letter, models.DO_NOTHING, related_name="paper")

    class Meta:
        verbose_name = _("letter as PDF")
        verbose_name_plural = _("letters as PDF")
        constraints = [
            whole("letter_paper"),
            Wall(name="letter_paper_wall", seen_by=[Through("letter")], jobs=[JOB]),
        ]
        indexes = [waiting("letter_paper")]

    def __str__(self) -> str:
        return f"{self.letter}"

    @property
    def language_of_it(self) -> str:
        return self.letter.language


class RequestPaper(Paper):
    """7.8, 11.1(6): the question to an authority, to be printed, signed and sent."""

    OF, TEMPLATE = "suspension__review__claim__insurer", "documents/authority_request.html"

    suspension = models.OneToOneField(Suspension, models.DO_NOTHING, related_name="paper")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)  # the authority's

    class Meta:
        verbose_name = _("request to an authority as PDF")
        verbose_name_plural = _("requests to authorities as PDF")
        constraints = [
            whole("request_paper"),
            Wall(name="request_paper_wall", seen_by=[Through("suspension")], jobs=[JOB]),
        ]
        indexes = [waiting("request_paper")]

    def __str__(self) -> str:
        return f"{self.suspension}"

    @property
    def language_of_it(self) -> str:
        return self.language


class OmbudsmanPack(Paper):
    """13.4: the notice to us, our decision as its letter told it, and the list of the case's papers, as one file."""

    OF, TEMPLATE = "objection__claim__insurer", "documents/ombudsman_pack.html"

    objection = models.OneToOneField(Objection, models.DO_NOTHING, related_name="pack")

    class Meta:
        verbose_name = _("papers for the ombudsman as PDF")
        verbose_name_plural = _("papers for the ombudsman as PDF")
        constraints = [
            whole("ombudsman_pack"),
            Wall(name="ombudsman_pack_wall", seen_by=[Through("objection")], jobs=[JOB]),
        ]
        indexes = [waiting("ombudsman_pack")]

    def __str__(self) -> str:
        return f"{self.objection}"
