"""The checklist of a claim (chapter 10): its documents, their pages, what they certify, and our answers about them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.walls import LENDING, NOT_PAYING
from claims.rules.checklists import ITEMS, Form, Giver
from claims.rules.life import AWAITED, JOB, ItemState
from claims.rules.notice import Spared
from claims.rules.tags import tag_of_item
from core.models import Upload
from core.rows.walls import Files, Through, Wall
from core.uploads.rules import Collection

FILES_KIND = "claims.item"  # begins the keys of their collections
MOST_PAGES = 20


class Verdict(models.TextChoices):
    """What a reviewer says of one file, after the machine has checked it."""

    ACCEPTED = "accepted", _("accepted")
    REDO = "redo", _("redo")


class ItemQuerySet(models.QuerySet["Item"]):
    def awaited(self) -> "ItemQuerySet":
        return self.filter(state__in=AWAITED)


class Item(models.Model):
    """One document that a claim needs. `round` 0 is the first list; each re-certification (7.7) asks for its own."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="items", db_index=False)  # claim_item_once
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=4)  # of rules.checklists; of what a reviewer added "X1", "X2" …
    title = models.CharField(_("document"), max_length=300, blank=True)  # of what was added, in the case's language
    form = models.CharField(_("form"), max_length=10, choices=Form.choices)
    giver = models.CharField(_("who gives it"), max_length=10, choices=Giver.choices, blank=True)
    clause = models.CharField(max_length=12)
    state = models.CharField(_("state"), max_length=16, choices=ItemState.choices, default=ItemState.NEEDED)
    spared = models.CharField(max_length=16, choices=Spared.choices, blank=True)  # waived by what the notice tells
    why = models.TextField(_("reason"), max_length=1000, blank=True)  # why it was added, waived or is to be redone
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    asked_on = models.DateField()
    received_on = models.DateField(null=True, blank=True)  # when what was accepted came to us: rules.life.complete_on

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of a claim")
        verbose_name_plural = _("documents of claims")
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "round", "code"], name="claim_item_once"),
            models.CheckConstraint(
                condition=Q(added_by=None) | ~Q(title="") & ~Q(why=""), name="claim_item_added_with_reasons"
            ),
            models.CheckConstraint(
                condition=~Q(state=ItemState.WAIVED) | ~Q(spared="") | ~Q(why=""), name="claim_item_waived_for_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state=ItemState.REDO) | ~Q(why=""), name="claim_item_redone_for_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state=ItemState.ACCEPTED) | Q(received_on__isnull=False), name="claim_item_accepted_came"
            ),
            Wall(
                name="claim_item_wall",
                seen_by=[Through("claim", NOT_PAYING), LENDING],
                jobs=[JOB],
                files=Files(FILES_KIND, seen_by=[]),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the active language."""
        return self.title or str(ITEMS[self.code].title)

    @property
    def tag(self) -> str:
        return tag_of_item(self.state)

    @property
    def files(self) -> Collection:
        return Collection(self.claim.insurer.slug, f"{FILES_KIND}:{self.public_id}", MOST_PAGES)

    @property
    def is_paper(self) -> bool:
        return Form(self.form).is_paper


class Page(models.Model):
    """A file of a document, as it was sent with it."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="pages")
    upload = models.OneToOneField(Upload, models.PROTECT, related_name="claim_page")
    language = models.CharField(_("language of the document"), max_length=2)  # 10.6; ISO 639-1
    is_translation = models.BooleanField(default=False)
    sent_on = models.DateField()
    verdict = models.CharField(_("answer"), max_length=8, choices=Verdict.choices, blank=True)
    why = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.REDO) | ~Q(why=""), name="claim_page_redone_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", by=None, at=None) | ~Q(verdict="") & Q(by__isnull=False, at__isnull=False),
                name="claim_page_answered_by_somebody",
            ),
            Wall(name="claim_page_wall", seen_by=[Through("item")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return str(self.upload_id)

    @property
    def tag(self) -> str:
        return {Verdict.ACCEPTED.value: "ok", Verdict.REDO.value: "err"}.get(self.verdict, "wait")


class Certificate(models.Model):
    """9.3(2), 10.2(3): what the authorised body certified. Indefinite: no last day."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="certificates")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="certificates")
    certified_on = models.DateField(_("certified on"))
    given_on = models.DateField(_("given to the insurer on"), null=True, blank=True)
    group = models.PositiveSmallIntegerField(_("disability group"), null=True, blank=True)
    since = models.DateField(_("disability established on"), null=True, blank=True)
    until = models.DateField(_("last day of the disability"), null=True, blank=True)

    class Meta:
        ordering = ["certified_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(group=None) | Q(group__in=[1, 2, 3]), name="certificate_of_a_group"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since__isnull=False, until__gte=F("since")),
                name="certificate_ends_after_it_begins",
            ),
            Wall(name="certificate_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.certified_on:%d.%m.%Y}"


class Check(models.Model):
    """10.3: documents that came between two answers of ours (rules.facts.Check)."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="checks")
    since = models.DateField()
    latest = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    found_missing = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim"], condition=Q(answered_on=None), name="check_open_once_a_claim"),
            models.CheckConstraint(condition=Q(latest__gte=F("since")), name="check_latest_after_the_first"),
            Wall(name="check_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.since:%d.%m.%Y}"


class BankLink(models.Model):
    """A link by which the bank delivers its letter itself, without seeing anything else of the case (adr/0043)."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="bank_links")
    access = models.UUIDField(unique=True)  # accounts.GuestAccess
    bank = models.CharField(_("bank"), max_length=200)
    contact = models.CharField(_("e-mail or mobile of the bank"), max_length=254)
    given_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [Wall(name="bank_link_wall", seen_by=[Through("item")], jobs=[JOB])]

    def __str__(self) -> str:
        return self.bank
