"""What every app needs and none owns: the audit trail, the calendar's exceptions, the table of limits."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone


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

    at = models.DateTimeField(default=timezone.now)
    # No constraint: the trail outlives the account, and the web role could not set it to NULL.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="+"
    )
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    scope = models.CharField(max_length=40, blank=True)  # the insurer's slug, or nothing
    reason = models.TextField(blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "at"], name="audit_of_object"),
            models.Index(fields=["actor", "at"], name="audit_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.verb} {self.object_type} {self.object_id}"
