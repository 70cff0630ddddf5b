"""Reviews of a claim, what stops their clock, what lengthens them (7.8, 10.5)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.rules.facts import Cause, ReviewKind
from claims.rules.life import JOB, Outcome
from core.rows.walls import Through, Wall


class Review(models.Model):
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="reviews", db_index=False)  # review_number
    number = models.PositiveSmallIntegerField()  # 1, 2 … of the claim
    kind = models.CharField(max_length=15, choices=ReviewKind.choices)
    since = models.DateField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="review_number"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_on=None) | ~Q(outcome="") & Q(decided_on__isnull=False),
                name="review_decided_on_a_day",
            ),
            Wall(name="review_wall", seen_by=[Through("claim")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.since:%d.%m.%Y}"


class Suspension(models.Model):
    """7.8: an authority was asked. 10.5: a criminal case was opened, and `authority` leads it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(Review, models.PROTECT, related_name="suspensions")
    cause = models.CharField(_("cause"), max_length=13, choices=Cause.choices)
    authority = models.CharField(_("authority"), max_length=200)
    question = models.TextField(_("what is asked"), max_length=4000, blank=True)
    why = models.TextField(_("reason, as the letter says it"), max_length=1000)
    since = models.DateField()
    sent_on = models.DateField(_("sent on"), null=True, blank=True)  # the request, on paper
    sent_how = models.CharField(_("how it was sent"), max_length=200, blank=True)
    until = models.DateField(null=True, blank=True)  # of the answer
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="suspension_ends_after"),
            models.CheckConstraint(condition=~Q(why=""), name="suspension_for_a_reason"),
            models.CheckConstraint(
                condition=~Q(cause=Cause.AUTHORITY) | ~Q(question=""), name="suspension_asks_the_authority"
            ),
            models.CheckConstraint(
                condition=Q(sent_on=None, sent_how="")
                | Q(cause=Cause.AUTHORITY, sent_on__gte=F("since")) & ~Q(sent_how=""),
                name="suspension_sent_some_way",
            ),
            Wall(name="suspension_wall", seen_by=[Through("review")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()}: {self.authority}"


class Extension(models.Model):
    """7.8: told on a day, with the reason and the new last day."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="extensions")
    told_on = models.DateField()
    until = models.DateField(_("new last day"))
    why = models.TextField(_("reason, as the letter says it"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("told_on")), name="extension_ends_later"),
            models.CheckConstraint(condition=~Q(why=""), name="extension_for_a_reason"),
            Wall(name="extension_wall", seen_by=[Through("review")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.until:%d.%m.%Y}"
