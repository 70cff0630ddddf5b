"""Who is on duty and at the desk, who was there while waiting, and what was typed when a session ended."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.rows.walls import Through, Wall
from telemed.models.consultations import Consultation
from telemed.models.doctors import Doctor
from telemed.rules import duty_counts_from


class DutySpanQuerySet(models.QuerySet["DutySpan"]):
    def current(self, *, now: datetime) -> "DutySpanQuerySet":
        """Not ended, and not forgotten either."""
        return self.filter(until=None, since__gt=duty_counts_from(now))


class DutySpan(models.Model):
    """From «I am on duty» to «I leave»."""

    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="duty_spans")
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = DutySpanQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [
            models.UniqueConstraint(fields=["doctor"], condition=Q(until=None), name="duty_once_at_a_time"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="duty_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.doctor}: {self.since:%d.%m.%Y %H:%M}"


class DeskPresence(models.Model):
    """When a doctor's account was last seen at its desk: one row, written over while the desk is open."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="desk_presence")
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("presence at the desk")
        verbose_name_plural = _("presences at the desk")

    def __str__(self) -> str:
        return f"{self.seen_at:%d.%m.%Y %H:%M}"


class PresenceSpan(models.Model):
    """TM-42: from when to when the page of somebody who waits was open. Two windows may overlap; together they count."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="presence")
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("presence while waiting")
        verbose_name_plural = _("presences while waiting")
        indexes = [models.Index(fields=["consultation", "until"], name="presence_of_consultation")]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="presence_ends"),
            Wall(name="presence_wall", seen_by=[Through("consultation")]),
        ]

    def __str__(self) -> str:
        return f"{self.since:%d.%m.%Y %H:%M}–{self.until:%H:%M}"


class RequestDraft(models.Model):
    """What was typed into a request whose session had ended: nobody describes a pain twice (decisions.md)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="request_draft")
    answers = models.TextField()  # sealed (core.sealing): the fields of the form as JSON
    saved_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("draft of a request")
        verbose_name_plural = _("drafts of requests")

    def __str__(self) -> str:
        return f"{self.saved_at:%d.%m.%Y %H:%M}"
