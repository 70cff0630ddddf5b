"""Rows that wait, and what becomes of rows that need nobody any more."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from notices.models import Notice
from notices.rules import SECRETS_LIVE, Attachment, Channel, State
from notices.services.wording import require_templates

if TYPE_CHECKING:
    pass  # the stubs' name for AUTH_USER_MODEL


class NotParked(ValueError):
    """Somebody else has sent it again already, or there is nothing left to send. The message is for the operator."""


def post(
    kind: str,
    *,
    to: str,
    channel: str = Channel.EMAIL,
    language: str,
    context: dict[str, Any],
    sender: str = "",
    scope: str = "",
    not_before: datetime | None = None,
    not_after: datetime | None = None,
    once: str | None = None,
    secret: bool = False,
    forget: bool = False,
    attachments: Sequence[Attachment] = (),
) -> Notice | None:
    """Write one message into the caller's transaction: it leaves if and when that commits.

    `context` is what the templates of `kind` name, with `brand`; dates and instants as ISO text (wording.facts).
    From `not_after` on it is parked instead of handed over: a code that is dead by then helps nobody.
    `scope` is the slug of the insurer whose staff may see what became of it. `once`: a second message with this key
    is not written, and None comes back. `secret` wipes the context after hand-over, `forget` the recipient.
    `attachments` lie among the originals already and stay there: without one of them the letter is parked. Raises
    TemplateDoesNotExist for an unknown kind.
    """
    require_templates(kind, channel)
    notice = Notice(
        kind=kind, to=to, channel=channel, language=language, context=context, sender=sender, scope=scope,
        once=once, secret=secret, forget=forget, not_after=not_after, attachments=list(map(asdict, attachments)),
    )  # fmt: skip
    if not_before is not None:
        notice.next_try_at = not_before
    if once is None:
        notice.save()
        return notice
    # ON CONFLICT DO NOTHING: of two at once the second waits for the first to commit, and never breaks its caller.
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    return Notice.objects.filter(public_id=notice.public_id).first()


def withdraw(*, once: str) -> bool:
    """Take back a message that has not been handed over. False: there is none, or a worker has it in hand."""
    deleted, _rows = Notice.objects.filter(once=once, state__in=[State.WAITING, State.PARKED]).delete()
    return bool(deleted)


@transaction.atomic
def retry_parked(*, notice: Notice, by: Any, reason: str) -> None:
    """Send a parked message again, with the full run of tries. Raises NotParked.

    Its next try keeps the time that has passed, so the next batch takes it.
    """
    parked = Notice.objects.filter(pk=notice.pk, state=State.PARKED).exclude(to="").exclude(context={})
    if not parked.update(state=State.WAITING, tries=0):
        raise NotParked(_("This message is no longer parked, or its content has been wiped."))
    audit.record(gettext_noop("sent a parked message again"), on=notice, by=by, scope=notice.scope, reason=reason)


def forget_old(*, now: datetime) -> int:
    """Wipe what nobody needs any more; returns how many rows. The row itself stays: `once` goes on refusing."""
    dead_secrets = Notice.objects.filter(
        ~Q(context={}), secret=True, state__in=[State.WAITING, State.PARKED],
        created_at__lt=now - SECRETS_LIVE, next_try_at__lt=now,
    )  # fmt: skip
    old = Notice.objects.filter(
        ~Q(to="", context={}), state__in=[State.SENT, State.PARKED],
        created_at__lt=now - timedelta(days=settings.NOTICES_KEPT_DAYS),
    )  # fmt: skip
    return dead_secrets.update(state=State.PARKED, context={}) + old.update(to="", context={}, attachments=[])
