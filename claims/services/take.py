"""Whose claim it is: a reviewer takes it, hands it over with a reason, or is absent and it is offered to colleagues."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import Absence, Claim
from claims.services.life import locked
from core import audit
from core.calendar import add_calendar_days
from core.errors import InputError
from policies.models import Insurer


class TakenAlready(InputError):
    """By a colleague who is there."""


@transaction.atomic
def take_claim(*, claim: Claim, by: Any, now: datetime) -> Claim:
    """A free one, or one of an absent colleague. Taking one's own again changes nothing. Raise TakenAlready."""
    claim = locked(claim)
    if claim.reviewer_id == by.pk:
        return claim
    if claim.reviewer_id and not is_absent(claim, now=now):
        raise TakenAlready("taken", _("This claim is with %(who)s.") % {"who": claim.reviewer})
    _give(claim, by, by=by, now=now, reason="")
    return claim


@transaction.atomic
def hand_over(*, claim: Claim, to: Any, by: Any, reason: str, now: datetime) -> Claim:
    """To a colleague, or to nobody (`to` is None): it is free again."""
    claim = locked(claim)
    _give(claim, to, by=by, now=now, reason=reason)
    return claim


@transaction.atomic
def note_absence(*, insurer: Insurer, user: Any, since: date, until: date, by: Any) -> Absence:
    """Meanwhile the claims of `user` are offered to the others. Both days count."""
    absence = Absence.objects.create(insurer=insurer, user=user, since=since, until=until)
    audit.record(
        gettext_noop("noted an absence"), on=user, by=by, scope=insurer.slug, since=f"{since}", until=f"{until}"
    )
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, by: Any, today: date) -> None:
    """Back earlier than thought: yesterday was its last day; what began today or later never was."""
    audit.record(gettext_noop("ended an absence"), on=absence.user, by=by, scope=absence.insurer.slug)
    if absence.since >= today:
        absence.delete()
    else:
        absence.until = add_calendar_days(today, -1)
        absence.save(update_fields=["until"])


def is_absent(claim: Claim, *, now: datetime) -> bool:
    """Whoever has it. One query."""
    today = claim.insurer.today(now)
    away = Absence.objects.filter(insurer=claim.insurer_id, user=claim.reviewer_id)
    return away.filter(since__lte=today, until__gte=today).exists()


def _give(claim: Claim, to: Any, *, by: Any, now: datetime, reason: str) -> None:
    before = claim.reviewer
    claim.reviewer, claim.taken_at = to, now if to else None
    claim.save(update_fields=["reviewer", "taken_at"])
    audit.record(
        gettext_noop("gave a claim to a reviewer"), on=claim, by=by, scope=claim.insurer.slug, reason=reason,
        before=str(before.public_id) if before else "", after=str(to.public_id) if to else "",
    )  # fmt: skip
