"""TM-42: who waits is online, and that is kept; and which doctors are at their desks."""

from datetime import datetime
from typing import Any

from telemed.models import Consultation, DeskPresence, PresenceSpan
from telemed.rules import BEAT, BEFORE_THE_TALK, LOST_AFTER


def note_presence(*, consultation: Consultation, now: datetime) -> bool:
    """The page is open. At most one write in BEAT, however many windows ask; one statement where the span goes on, none
    where it was written a moment ago. Two windows that begin at once may leave two spans. True: something was written."""
    if consultation.state not in BEFORE_THE_TALK:
        return False
    spans = PresenceSpan.objects.filter(consultation=consultation)
    last = spans.order_by("-until").first()
    if last and now - last.until < BEAT:
        return False
    if last and now - last.until <= LOST_AFTER:
        spans.filter(pk=last.pk, until__lt=now).update(until=now)
    else:
        spans.create(consultation=consultation, since=now, until=now)
    return True


def note_at_desk(*, user: Any, now: datetime) -> None:
    """A page of the desk is open. One statement; nobody asks when it was open before."""
    DeskPresence.objects.bulk_create(
        [DeskPresence(user=user, seen_at=now)], update_conflicts=True, unique_fields=["user"], update_fields=["seen_at"]
    )
