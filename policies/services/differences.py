"""Contacts of activated people that a register gives otherwise: a person decides, with a reason."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from core import audit
from policies.models import Difference


class AlreadyDecided(Exception):
    """Somebody was faster."""


@transaction.atomic
def resolve_difference(
    *, difference: Difference, resolution: Difference.Resolution, by: Any, reason: str, now: datetime
) -> None:
    """Take the register's contact over, or keep ours. The account's own e-mail stays what it is either way."""
    locked = Difference.objects.select_for_update(of=["self"]).select_related("person__insurer").get(pk=difference.pk)
    if locked.resolution:
        raise AlreadyDecided
    if resolution == Difference.Resolution.TAKEN:
        setattr(locked.person, locked.field, locked.in_register)
        locked.person.save(update_fields=[locked.field])
    locked.resolution, locked.resolved_by, locked.resolved_at, locked.reason = resolution, by, now, reason
    locked.save()
    audit.record(
        gettext_noop("resolved a difference in contacts"), on=locked, by=by, scope=locked.person.insurer.slug, reason=reason,
        field=locked.field, resolution=str(resolution), on_file=locked.on_file, in_register=locked.in_register,
    )  # fmt: skip
