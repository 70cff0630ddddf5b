"""What the patient is told of a booking: day and hour, and never the speciality, the doctor or what troubles them (TM-37)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core.links import public_url
from notices import services as notices
from notices.models import Notice
from notices.rules import Attachment, Channel
from policies.queries import brand_of
from telemed.models import Consultation
from telemed.rules import FREE_UNTIL, State
from telemed.rules.notices import DAY_BEFORE, NOTICES, SOON_BEFORE, STILL_WORTH_IT


def tell_booked(consultation: Consultation, *, now: datetime) -> None:
    """In the caller's transaction."""
    for message in messages_of_booking(consultation, "consultation_booked", now=now):
        message.save()


def tell_moved(consultation: Consultation, *, now: datetime) -> None:
    """After `withdraw_messages`, with the new time and its number on the consultation."""
    for message in messages_of_booking(consultation, "consultation_moved", now=now):
        message.save()


def tell_cancelled(consultation: Consultation, *, now: datetime) -> None:
    """Takes the reminders back, and the entry out of the patient's calendar. Of an urgent one nothing was told."""
    if consultation.starts_at is None:
        return
    withdraw_messages(consultation)
    for message in _told_now(consultation, "consultation_cancelled", now=now):
        message.save()


def withdraw_messages(consultation: Consultation) -> None:
    """Whatever of this time has not left yet, all at once."""
    keys = [_key(consultation, kind, channel) for kind in NOTICES for channel in Channel]
    notices.withdraw_all(once=keys)


def messages_of_booking(consultation: Consultation, kind: str, *, now: datetime) -> list[Notice]:
    """Not saved yet: what is told at once, and the reminders that are still ahead."""
    return [*_told_now(consultation, kind, now=now), *_reminders(consultation, now=now)]


def _told_now(consultation: Consultation, kind: str, *, now: datetime) -> Iterator[Notice]:
    facts = facts_of(consultation, now=now)
    yield _message(consultation, kind, Channel.SMS, consultation.phone, facts, not_after=consultation.starts_at)
    if email := consultation.asked_by.email:
        entry = Attachment(_file_name(), appointment=appointment_of(consultation, now=now))
        yield _message(consultation, kind, Channel.EMAIL, email, facts, attachments=[entry])


def _reminders(consultation: Consultation, *, now: datetime) -> Iterator[Notice]:
    starts_at, facts = _starts_at(consultation), facts_of(consultation, now=now)
    for kind, due, until in (
        ("consultation_tomorrow", starts_at - DAY_BEFORE, starts_at - STILL_WORTH_IT),
        ("consultation_soon", starts_at - SOON_BEFORE, starts_at),
    ):
        if due > now:
            yield _message(
                consultation, kind, Channel.SMS, consultation.phone, facts, not_before=due, not_after=until
            )  # fmt: skip


def facts_of(consultation: Consultation, *, now: datetime) -> dict[str, Any]:
    """Instants by the insurer's clock, which is the patient's."""
    starts_at, insurer = _starts_at(consultation), consultation.insurer
    return {
        "starts_at": starts_at.astimezone(insurer.zone).isoformat(),
        "free_at": (starts_at - FREE_UNTIL).astimezone(insurer.zone).isoformat(),
        "is_free": now <= starts_at - FREE_UNTIL,
        "is_rendered": consultation.state == State.CANCELLED_LATE,
        "is_owed_back": consultation.owed_back is not None,
        "zone": insurer.time_zone,
        "url": public_url("telemed:consultation", consultation.public_id),
        "brand": brand_of(insurer, consultation.asked_by.language),
    }


def appointment_of(consultation: Consultation, *, now: datetime) -> dict[str, Any]:
    """Facts of the calendar entry (core.calendar_file.appointment), in the account's language."""
    is_off = consultation.state in (State.CANCELLED, State.CANCELLED_LATE)
    starts_at, ends_at = _starts_at(consultation), consultation.ends_at or _starts_at(consultation)
    with translation.override(consultation.asked_by.language):
        words = {
            "title": _("Talk with a doctor"),
            "text": _("Open the page a few minutes before: the doctor calls you there, or by telephone."),
        }
    return words | {
        "uid": str(consultation.public_id),
        "number": consultation.moves + is_off,
        "method": "CANCEL" if is_off else "REQUEST",
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
        "url": public_url("telemed:consultation", consultation.public_id),
        "organiser": settings.DEFAULT_FROM_EMAIL,
        "guest": consultation.asked_by.email or settings.DEFAULT_FROM_EMAIL,
        "made_at": now.isoformat(),
    }


def _message(
    consultation: Consultation, kind: str, channel: Channel, to: str, facts: dict[str, Any], **when: Any
) -> Notice:  # fmt: skip
    return notices.written(
        kind, to=to, channel=channel, language=consultation.asked_by.language, context=facts,
        scope=consultation.insurer.slug, once=_key(consultation, kind, channel), **when,
    )  # fmt: skip


def _key(consultation: Consultation, kind: str, channel: Channel) -> str:
    return f"{kind}:{channel}:{consultation.public_id}:{consultation.moves}"


def _file_name() -> str:
    return "doctor.ics"


def _starts_at(consultation: Consultation) -> datetime:
    if consultation.starts_at is None:
        raise TypeError("only of what is booked for a time")
    return consultation.starts_at
