from typing import TYPE_CHECKING, Any

from django.db import models

from core.models import AuditEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


def record(
    verb: str, *, on: models.Model, by: "AbstractBaseUser | None", scope: str = "", reason: str = "", **detail: Any
) -> AuditEvent:
    """Add one line to the audit trail, in the caller's transaction. `by` is None when the portal acts by itself."""
    return AuditEvent.objects.create(
        verb=verb, actor=by, object_type=on._meta.label, object_id=str(on.pk), scope=scope, reason=reason, detail=detail
    )
