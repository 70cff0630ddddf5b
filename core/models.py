"""What every app needs and none owns: the audit trail, the calendar's exceptions, limits, forms and files that were sent."""

import uuid
from datetime import datetime
from pathlib import PurePath
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.rows.walls import Among, Through, Wall
from core.uploads.inspection import Kind, Refusal
from core.uploads.rules import ABANDONED_AFTER, JOB, LIVING, REASONS, Collection, Event, State
from core.whole_files import derivatives, originals


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


def storage_key(upload: "Upload", filename: str) -> str:
    """The sender's file name never reaches the disk."""
    return f"{upload.scope}/{uuid.uuid4()}"


def derivative_key(upload: "Upload", filename: str) -> str:
    """The original's: whoever checks it again writes over the copy that a killed worker left."""
    return str(upload.original.name)


class UploadQuerySet(models.QuerySet["Upload"]):
    def of(self, collection: Collection) -> "UploadQuerySet":
        return self.filter(scope=collection.scope, collection=collection.key)

    def living(self) -> "UploadQuerySet":
        return self.filter(state__in=LIVING)

    def shown(self) -> "UploadQuerySet":
        return self.exclude(state=State.FORGOTTEN)

    def to_check(self, *, now: datetime) -> "UploadQuerySet":
        return self.filter(state=State.QUARANTINED, next_try_at__lte=now).order_by("next_try_at", "pk")

    def to_forget(self, *, now: datetime) -> "UploadQuerySet":
        """Taken back, or not attached in time: those that have a file still."""
        left = Q(state=State.FORGOTTEN) | Q(received_at__lt=now - ABANDONED_AFTER)
        return self.filter(left, kept_at=None).exclude(original="").order_by("received_at")


class Upload(models.Model):
    """A file that somebody sent (core.uploads). Who may see it is known by the app whose collection it lies in."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scope = models.CharField(_("insurer"), max_length=40)  # the insurer's slug
    collection = models.CharField(max_length=80)  # core.uploads.rules.Collection.key
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("sent by")
    )
    guest = models.UUIDField(null=True)  # whoever has no account: the public_id of their access
    name = models.CharField(_("file name"), max_length=100)  # as it was sent, cleaned: for eyes alone
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    original = models.FileField(storage=originals, upload_to=storage_key, max_length=100)
    derivative = models.FileField(storage=derivatives, upload_to=derivative_key, max_length=100, blank=True)
    derivative_size = models.PositiveIntegerField(null=True)  # bytes
    kind = models.CharField(max_length=3, blank=True)  # of the derivative: inspection.Kind
    state = models.CharField(_("state"), max_length=11, choices=State.choices, default=State.QUARANTINED)
    refusal = models.CharField(max_length=15, blank=True)  # inspection.Refusal
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True)
    kept_at = models.DateTimeField(null=True)  # attached to what it was sent for; else it is deleted one day
    tries = models.PositiveSmallIntegerField(default=0)  # of workers
    next_try_at = models.DateTimeField(default=timezone.now)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("sent file")
        verbose_name_plural = _("sent files")
        indexes = [
            models.Index(fields=["scope", "collection", "id"], name="uploads_of_collection"),
            models.Index(fields=["next_try_at"], condition=Q(state=State.QUARANTINED), name="uploads_to_check"),
            models.Index(
                fields=["received_at"], condition=Q(kept_at=None) & ~Q(original=""), name="uploads_not_attached"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "collection", "sha256"], condition=Q(state__in=LIVING), name="upload_once_a_collection"
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=False, guest__isnull=True) | Q(owner__isnull=True, guest__isnull=False),
                name="upload_of_an_account_or_a_guest",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLEAN) | ~Q(derivative="") & ~Q(kind="") & Q(decided_at__isnull=False),
                name="upload_clean_has_a_derivative",
            ),
            models.CheckConstraint(
                condition=Q(state=State.REFUSED) & ~Q(refusal="")
                | Q(state__in=LIVING, refusal="")
                | Q(state=State.FORGOTTEN),
                name="upload_refused_has_a_reason",
            ),
            # The app whose collection it lies in lets others see it as well (core.rows.walls.Files).
            Wall(name="upload_wall", seen_by=[Among("account", "owner"), Among("guest", "guest")], jobs=[JOB]),
        ]

    def __str__(self) -> str:
        return f"{self.scope}, {self.collection}: {self.name}"

    @property
    def topic(self) -> str:
        return Collection(self.scope, self.collection).topic

    @property
    def download_name(self) -> str:
        """The sender's name with the ending of what the derivative is: a name may end as it likes."""
        return f"{PurePath(self.name).stem or gettext('file')}.{self.kind}"

    @property
    def is_picture(self) -> bool:
        return self.kind in (Kind.JPG, Kind.PNG)

    @property
    def reason(self) -> str:
        """Why it was refused, in the reader's language."""
        return str(REASONS[Refusal(self.refusal)]) if self.refusal else ""


class UploadStep(AppendOnly):
    """What happened to an upload, when and by whom. Nobody: a worker, or a guest."""

    upload = models.ForeignKey(Upload, models.DO_NOTHING, related_name="steps")
    at = models.DateTimeField(_("time"), default=timezone.now)
    event = models.CharField(_("step"), max_length=8, choices=Event.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=15, blank=True)  # inspection.Refusal

    class Meta:
        verbose_name = _("step of a sent file")
        verbose_name_plural = _("steps of a sent file")
        constraints = [Wall(name="upload_step_wall", seen_by=[Through("upload")], jobs=[JOB])]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.get_event_display()}"
