from typing import TYPE_CHECKING, Any

from django.db import models

from core.models import AuditEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # the stubs' name for AUTH_USER_MODEL


def record(
    verb: str, *, on: models.Model, by: "User | None", scope: str = "", reason: str = "", **detail: Any
) -> AuditEvent:
    """Add one line to the audit trail, in the caller's transaction. `by` is None when the portal acts by itself.

    What a proxy stands for has one trail.
    """
    return AuditEvent.objects.create(
        verb=verb,
        actor=by,
        object_type=(on._meta.concrete_model or type(on))._meta.label,
        object_id=str(on.pk),
        scope=scope,
        reason=reason,
        detail=detail,
    )
