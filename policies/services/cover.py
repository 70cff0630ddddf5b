"""A cover that counts from the activation gets its dates (KIH-06, KIH-09)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from policies.models import Policy, PolicyEvent


@transaction.atomic
def start_cover(*, policy: Policy, by: Any, now: datetime) -> None:
    """Once, on the insurer's day of `now`: whoever activates anew after a mistake neither wins nor loses a day of cover.

    Where the dates are printed nothing changes. Sets them on `policy` too.
    """
    term = policy.product_version.terms.cover
    if not term or policy.cover_starts_on:
        return
    policy.cover_starts_on, policy.cover_ends_on = term.of(policy.insurer.today(now))
    changed = Policy.objects.filter(pk=policy.pk, cover_starts_on=None).update(
        cover_starts_on=policy.cover_starts_on, cover_ends_on=policy.cover_ends_on
    )
    if not changed:
        policy.refresh_from_db(fields=["cover_starts_on", "cover_ends_on"])
        return
    dates = {"cover_starts_on": policy.cover_starts_on, "cover_ends_on": policy.cover_ends_on}
    detail = {field: [None, day.isoformat() if day else None] for field, day in dates.items()}
    PolicyEvent.objects.create(policy=policy, at=now, kind=PolicyEvent.Kind.COVER_SET, by=by, detail=detail)
