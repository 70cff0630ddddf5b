"""Somebody without an account sees one page for a while: invited, proved by a code, bound to one browser (adr/0028)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import GuestAccess
from accounts.rules import Answer, Sending, hash_of
from accounts.services.codes import check_code, send_code
from core import audit
from core.links import public_url
from notices.rules import Channel
from notices.services import post


@dataclass(frozen=True)
class Opened:
    """`key` is for the browser's cookie; nothing unless the code was right and nobody was faster."""

    answer: Answer
    key: str = ""


@transaction.atomic
def invite_guest(
    *,
    contact: str,
    purpose: str,
    subject: UUID,
    about: str,
    until: datetime,
    by: Any,
    language: str,
    brand: dict[str, str],
    scope: str,
    now: datetime,
) -> GuestAccess:
    """Send a link to `contact`, a mobile in E.164 or an address. It leads to the page called `purpose` of `subject` alone.

    `about` says in `language` what the page shows; `scope` is the insurer's slug. The link stands nowhere but in the
    message, so whoever gave it cannot use it.
    """
    key, channel = secrets.token_urlsafe(24), Channel.EMAIL if "@" in contact else Channel.SMS
    access = GuestAccess.objects.create(
        purpose=purpose, subject=subject, about=about, channel=channel, contact=contact, language=language, brand=brand,
        scope=scope, key_hash=hash_of(key), given_by=by, given_at=now, until=until,
    )  # fmt: skip
    post(
        "guest_link", to=contact, channel=channel, language=language, secret=True, scope=scope, not_after=until,
        context={
            "about": about, "url": public_url("accounts:guest", key), "expires_at": until.isoformat(), "brand": brand,
        },
    )  # fmt: skip
    audit.record(gettext_noop("gave a guest access"), on=access, by=by, scope=scope, page=purpose, subject=str(subject))
    return access


@transaction.atomic
def open_guest(
    *, contact: str, purpose: str, subject: UUID, about: str, until: datetime, language: str, brand: dict[str, str],
    scope: str, now: datetime,
) -> tuple[GuestAccess, str]:  # fmt: skip
    """For whoever came by themselves and has just proved `contact` by a code in this browser: no link is sent, and the
    access is open here. The key is for the browser's cookie."""
    key, channel = secrets.token_urlsafe(32), Channel.EMAIL if "@" in contact else Channel.SMS
    access = GuestAccess.objects.create(
        purpose=purpose, subject=subject, about=about, channel=channel, contact=contact, language=language, brand=brand,
        scope=scope, key_hash=hash_of(secrets.token_urlsafe(24)), browser_hash=hash_of(key), given_by=None, given_at=now,
        opened_at=now, until=until,
    )  # fmt: skip
    audit.record(
        gettext_noop("a guest opened a page with a code"), on=access, by=None, scope=scope, page=purpose,
        subject=str(subject),
    )  # fmt: skip
    return access, key


def send_guest_code(*, access: GuestAccess, browser: str, source: str, now: datetime) -> Sending:
    """To the contact that the link was sent to, and to no other."""
    is_number = access.channel == Channel.SMS
    return send_code(
        phone=access.contact if is_number else "", email="" if is_number else access.contact, purpose=code_of(access),
        browser=browser, source=source, language=access.language, brand=access.brand, now=now,
    )  # fmt: skip


@transaction.atomic
def open_with_code(*, access: GuestAccess, browser: str, code: str, now: datetime) -> Opened:
    """The right code binds the access to this browser, once: of several browsers with right codes one has it."""
    checked = check_code(purpose=code_of(access), browser=browser, code=code, now=now)
    if checked.answer is not Answer.RIGHT:
        return Opened(checked.answer)
    key = secrets.token_urlsafe(32)
    unopened = GuestAccess.objects.living(now).filter(pk=access.pk, opened_at=None)
    if not unopened.update(opened_at=now, browser_hash=hash_of(key)):
        return Opened(Answer.DEAD)
    audit.record(gettext_noop("a guest opened the link"), on=access, by=None, scope=access.scope)
    return Opened(Answer.RIGHT, key)


def note_guest_view(*, access: GuestAccess, **detail: Any) -> None:
    """Each look of a guest stands in the audit trail; the page that shows something calls this."""
    audit.record(
        gettext_noop("a guest saw the page"), on=access, by=None, scope=access.scope, page=access.purpose,
        subject=str(access.subject), **detail,
    )  # fmt: skip


@transaction.atomic
def end_guest_access(*, access: GuestAccess, by: Any, now: datetime) -> bool:
    """By who gave it, or, without `by`, by the guest. False: it had ended already."""
    if not GuestAccess.objects.living(now).filter(pk=access.pk).update(ended_at=now):
        return False
    audit.record(gettext_noop("ended a guest access"), on=access, by=by, scope=access.scope)
    return True


def forget_guests(*, now: datetime) -> int:
    """Wipe the contacts of accesses that ended long ago. What was given, opened, seen and ended stays. How many."""
    over = GuestAccess.objects.over_before(now - timedelta(days=settings.CONTACTS_KEPT_DAYS))
    return over.exclude(contact="").update(contact="")


def code_of(access: GuestAccess) -> str:
    """The purpose of its codes: they open no other link."""
    return f"guest:{access.pk}"
