"""Rows that wait, and what becomes of rows that need nobody any more."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Required, TypedDict, Unpack

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from notices.models import Notice
from notices.rules import SECRETS_LIVE, Attachment, Channel, State
from notices.services.wording import require_templates


class NotParked(ValueError):
    """Somebody else has sent it again already, or there is nothing left to send. The message is for the operator."""


class Facts(TypedDict, total=False):
    """Of one message."""

    to: Required[str]
    channel: str
    language: Required[str]
    context: Required[
        dict[str, Any]
    ]  # what the templates name, with `brand`; dates and instants as ISO text (core.facts)
    sender: str
    scope: str  # the slug of the insurer whose staff may see what became of it
    not_before: datetime | None
    not_after: datetime | None  # from then on it is parked instead of handed over: a dead code helps nobody
    once: str | None  # a second message with this key is not written
    secret: bool  # the context is wiped after hand-over
    forget: bool  # the recipient is
    attachments: Sequence[Attachment]  # files lie among the originals already and stay there: without one it is parked


def post(kind: str, **facts: Unpack[Facts]) -> Notice | None:
    """Write one message into the caller's transaction: it leaves if and when that commits.

    None: another message has its key `once`. Raises TemplateDoesNotExist for an unknown kind.
    """
    notice = written(kind, **facts)
    if notice.once is None:
        notice.save()
        return notice
    # ON CONFLICT DO NOTHING: of two at once the second waits for the first to commit, and never breaks its caller.
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    return Notice.objects.filter(public_id=notice.public_id).first()


def written(kind: str, **facts: Unpack[Facts]) -> Notice:
    """The message as `post` would save it, for whoever saves it together with what it tells of (core.insert)."""
    given: dict[str, Any] = {"channel": Channel.EMAIL, "attachments": (), **facts}
    given["attachments"] = [asdict(attachment) for attachment in given["attachments"]]
    if not_before := given.pop("not_before", None):
        given["next_try_at"] = not_before
    require_templates(kind, given["channel"])
    return Notice(kind=kind, **given)


@dataclass(frozen=True, slots=True)
class Draft:
    """What differs from one letter of a mass mailing to the next: `personal` are the plain texts that do."""

    to: str
    language: str
    personal: dict[str, str]


def post_many(
    kind: str, drafts: Sequence[Draft], *, shared: Mapping[str, dict[str, Any]], scope: str, not_after: datetime,
    secret: bool, now: datetime,
) -> list[int]:  # fmt: skip
    """`post` of many e-mails of one kind in one statement; their keys, in the order of the drafts. Due at `now`.

    `shared`: the rest of the context, by language; it is worded once for all (services.wording). What all letters have in
    common crosses the wire once.
    """
    require_templates(kind, Channel.EMAIL)
    facts: dict[str, Any] = {
        "kind": kind, "scope": scope, "not_after": not_after, "secret": secret, "now": now,
        "shared": json.dumps(shared), "drafts": json.dumps([[draft.to, draft.language, draft.personal] for draft in drafts]),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(POST_MANY, facts)
        return [key for (key,) in cursor.fetchall()]


POST_MANY = """
INSERT INTO notices_notice (
    public_id, kind, channel, "to", language, sender, context, attachments, scope, secret, forget, state, created_at,
    next_try_at, not_after, tries, answer
)
SELECT gen_random_uuid(), %(kind)s, 'email', draft ->> 0, draft ->> 1, '',
    %(shared)s::jsonb -> (draft ->> 1) || jsonb_build_object('personal', draft -> 2), '[]', %(scope)s, %(secret)s, false,
    'waiting', %(now)s, %(now)s, %(not_after)s, 0, ''
FROM jsonb_array_elements(%(drafts)s::jsonb) WITH ORDINALITY AS drafts(draft, place)
ORDER BY place
RETURNING id
"""


def withdraw(*, once: str) -> bool:
    """Take back a message that has not been handed over. False: there is none, or a worker has it in hand."""
    return bool(withdraw_all(once=[once]))


def withdraw_all(*, once: Sequence[str]) -> int:
    """`withdraw` of several. How many were taken back. One statement."""
    deleted, _rows = Notice.objects.filter(once__in=once, state__in=[State.WAITING, State.PARKED]).delete()
    return deleted


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
