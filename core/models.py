"""What every app needs and none owns: the audit trail, the calendar's exceptions, limits, forms that were sent."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ImmutableRow(TypeError):
    """Somebody tried to change or delete a row that may only be added."""


class AppendOnly(models.Model):
    """A row that is written once. Python refuses early; for the role `web` PostgreSQL refuses as well (core.grants)."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise ImmutableRow(f"{self._meta.label} is written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ImmutableRow(f"{self._meta.label} is never deleted")


class AuditEvent(AppendOnly):
    """Who did what to which object, when and why."""

    at = models.DateTimeField(_("time"), default=timezone.now)
    # No constraint: the trail outlives the account, and the web role could not set it to NULL.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="+",
        verbose_name=_("who"),
    )  # fmt: skip
    verb = models.CharField(_("act"), max_length=60)  # English, marked by gettext_noop where it is recorded
    object_type = models.CharField(_("kind of object"), max_length=60)
    object_id = models.CharField(_("number of the object"), max_length=40)
    scope = models.CharField(_("insurer"), max_length=40, blank=True)  # the insurer's slug, or nothing
    reason = models.TextField(_("reason"), blank=True)
    detail = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("event of the audit trail")
        verbose_name_plural = _("audit trail")
        indexes = [
            models.Index(fields=["object_type", "object_id", "at"], name="audit_of_object"),
            models.Index(fields=["actor", "at"], name="audit_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {gettext(self.verb)} {self.object_type} {self.object_id}"


class CalendarDay(models.Model):
    """A day that staff marked by hand: it beats the library, because governments move days at short notice."""

    class Kind(models.TextChoices):
        OFF = "off", _("day off")
        WORK = "work", _("working day")

    class Country(models.TextChoices):
        KZ = "KZ", _("Kazakhstan")
        RU = "RU", _("Russia")

    country = models.CharField(_("country"), max_length=2, choices=Country.choices)
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices)
    note = models.CharField(_("note"), max_length=200, help_text=_("The decree or order that moved the day."))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["country", "-date"]
        constraints = [models.UniqueConstraint(fields=["country", "date"], name="one_mark_per_day")]

    def __str__(self) -> str:
        return f"{self.country} {self.date:%d.%m.%Y} {self.get_kind_display()}"


class Limit(models.Model):
    """How many tries of one allowance are spent. Written only by the statements of core.limits."""

    key = models.CharField(max_length=200, primary_key=True)
    spent = models.PositiveIntegerField()
    ceiling = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # nothing: the tries never come back by themselves

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="limits_to_prune")]
        constraints = [
            models.CheckConstraint(condition=models.Q(spent__lte=models.F("ceiling")), name="spent_within_the_limit")
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.spent}/{self.ceiling}"


class SentForm(models.Model):
    """A one-time form token that was used, and where the first answer led. Written only by core.form_tokens."""

    key = models.CharField(max_length=40, primary_key=True)
    path = models.CharField(max_length=300)
    sent_at = models.DateTimeField(default=timezone.now)
    answer = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["sent_at"], name="sent_forms_to_prune")]

    def __str__(self) -> str:
        return f"{self.sent_at:%d.%m.%Y %H:%M} {self.path}"
