"""What staff keep: notes, who opened which file, what the insurer knew earlier, absences, lists, templates."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.walls import NOT_PAYING, REVIEWING
from claims.rules.life import JOB, Actor
from claims.rules.notice import EarlierKnowledge as Known
from claims.rules.notice import Excluded, Source, TerritoryGround
from claims.rules.openings import WHY_OPENED
from core.countries import country_name
from core.models import AppendOnly
from core.rows.walls import Through, Wall
from policies.models import Insurer

User = settings.AUTH_USER_MODEL


class Note(AppendOnly):
    """For colleagues. The claimant does not see it."""

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="notes")
    by = models.ForeignKey(User, models.DO_NOTHING, db_constraint=False, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(_("note"), max_length=4000)

    class Meta:
        verbose_name = _("note on a claim")
        verbose_name_plural = _("notes on claims")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="claim_note_says_something"),
            Wall(name="claim_note_wall", seen_by=[Through("claim", [REVIEWING])], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M}"


class Opening(AppendOnly):
    """Who of the insurer opened the file, as what, and why. The claimant reads it. Once a day for each reason."""

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="openings", db_index=False)
    by = models.ForeignKey(User, models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False)
    role = models.CharField(_("role"), max_length=8, choices=Actor.choices, blank=True)  # nothing: an auditor
    reason = models.CharField(_("reason"), max_length=300)
    on = models.DateField()
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("opening of a claim’s file")
        verbose_name_plural = _("openings of claims’ files")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "by", "on", "reason"], name="claim_opening_once_a_day"),
            models.CheckConstraint(condition=~Q(reason=""), name="claim_opening_for_a_reason"),
            Wall(name="claim_opening_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M}"

    @property
    def why(self) -> str:
        """In the active language, or as somebody wrote it."""
        return str(dict(WHY_OPENED).get(self.reason, self.reason))


class EarlierKnowledge(AppendOnly):
    """8.2(3): the insurer knew before it was told in writing. It speaks for the claimant, who reads it."""

    claim = models.ForeignKey(Claim, models.DO_NOTHING, related_name="earlier_knowledge")
    known_on = models.DateField(_("known on"))
    source = models.CharField(_("how it became known"), max_length=11, choices=Source.choices)
    evidence = models.TextField(_("what proves it"), max_length=1000)
    by = models.ForeignKey(User, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")  # nobody: a guest
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("earlier knowledge")
        verbose_name_plural = _("earlier knowledge")
        ordering = ["known_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(evidence=""), name="earlier_knowledge_is_proved"),
            Wall(name="earlier_knowledge_wall", seen_by=[Through("claim", NOT_PAYING)], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.known_on:%d.%m.%Y} {self.get_source_display()}"

    @property
    def fact(self) -> Known:
        return Known(self.known_on, Source(self.source), self.evidence)


class Absence(models.Model):
    """A reviewer is away; what comes meanwhile goes to whoever stands in, or to nobody."""

    insurer = models.ForeignKey(Insurer, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="claims_absences", verbose_name=_("reviewer"))
    since = models.DateField(_("from"))
    until = models.DateField(_("last day"))
    stand_in = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("stands in")
    )

    class Meta:
        verbose_name = _("absence of a reviewer")
        verbose_name_plural = _("absences of reviewers")
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="reviewer_absence_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(stand_in=None) | ~Q(stand_in=F("user")), name="reviewer_absence_stand_in_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since:%d.%m.%Y}–{self.until:%d.%m.%Y}"


class ExcludedCountry(models.Model):
    """5.3: a country on a list, with its source. It warns, it refuses nobody."""

    insurer = models.ForeignKey(Insurer, models.CASCADE, related_name="excluded_countries", verbose_name=_("insurer"))
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    country = models.CharField(_("country"), max_length=2)  # ISO 3166
    ground = models.CharField(_("ground"), max_length=11, choices=TerritoryGround.choices)
    since = models.DateField(_("from"))
    until = models.DateField(_("last day"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("country where the contract may not hold")
        verbose_name_plural = _("countries where the contract may not hold")
        ordering = ["country", "since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="excluded_country_ends_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{country_name(self.country)}: {self.get_ground_display()}"

    @property
    def fact(self) -> Excluded:
        return Excluded(self.country, TerritoryGround(self.ground), self.since, self.until, self.source)


class Wording(models.Model):
    """A text that reviewers use again, in the language of the case."""

    insurer = models.ForeignKey(Insurer, models.CASCADE, related_name="+", verbose_name=_("insurer"))
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("text"), max_length=4000)

    class Meta:
        verbose_name = _("template of a reviewer")
        verbose_name_plural = _("templates of reviewers")
        ordering = ["language", "title"]
        constraints = [models.UniqueConstraint(fields=["insurer", "language", "title"], name="wording_once")]

    def __str__(self) -> str:
        return self.title
