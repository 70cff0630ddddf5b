"""The life of a mailing to a firm's people, the pace of its letters, and what became of each. Values in, values out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from activation.rules.life import WrongMoment

REPORT = "activation:enrolment"  # the page on which a firm's HR sees who is enrolled: what a guest is invited to
LINKS_LIVE = timedelta(days=30)  # of a personal link
MINUTE = timedelta(minutes=1)
MOST_PACE = 60_000  # letters a minute
DEAD_HOSTS = 20  # one letter of so many may wait for a mail server that never answers, without holding up the rest


class MailingState(TextChoices):
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    STOPPED = "stopped", _("stopped")
    DONE = "done", _("every letter is handed out")


class MailingEvent(TextChoices):
    START = "start", _("started")
    PAUSE = "pause", _("paused")
    RESUME = "resume", _("resumed")
    STOP = "stop", _("stopped")
    FINISH = "finish", _("every letter is handed out")


LIVING = (MailingState.RUNNING, MailingState.PAUSED)
MAILING_MOVES: dict[tuple[MailingState, MailingEvent], MailingState] = {
    (MailingState.RUNNING, MailingEvent.PAUSE): MailingState.PAUSED,
    (MailingState.PAUSED, MailingEvent.RESUME): MailingState.RUNNING,
    (MailingState.RUNNING, MailingEvent.STOP): MailingState.STOPPED,
    (MailingState.PAUSED, MailingEvent.STOP): MailingState.STOPPED,
    (MailingState.RUNNING, MailingEvent.FINISH): MailingState.DONE,
}
BY_STAFF = (MailingEvent.PAUSE, MailingEvent.RESUME, MailingEvent.STOP)


class LetterState(TextChoices):
    """What became of one person's letter: read off the outbox, the bounces and the activations, written nowhere."""

    WAITING = "waiting", _("waits for its turn")
    ON_ITS_WAY = "on_its_way", _("being handed over")
    SENT = "sent", _("sent, not activated yet")
    REFUSED = "refused", _("the address refused it")
    ACTIVATED = "activated", _("activated")


@dataclass(frozen=True)
class Enrolled:
    """One of a firm's people, as its HR may know them: nothing medical, no birth date, no IIN."""

    name: str
    since: date | None  # on the insurer's calendar; None: not activated
    refused_email: str  # the address that refused the letter, so that HR can correct it


def next_mailing_state(state: MailingState, event: MailingEvent) -> MailingState:
    try:
        return MAILING_MOVES[state, event]
    except KeyError:
        raise WrongMoment(f"{event} of a mailing that is {state}") from None


def letters_due(*, pace: int, since: datetime, now: datetime, handed_out: int, in_hand: int) -> int:
    """How many letters go into the outbox now. `since`: until when the earlier ones were due; `in_hand` are those that
    the mail server has not taken yet.

    No more than a minute's letters at once, however long nobody came, and no more in hand: a server that says 421 or 451
    is given no new ones. What waits for hosts that are dead for good holds up nobody.
    """
    due = min(int((now - since) * pace / MINUTE), pace)
    return max(0, min(due, pace + handed_out // DEAD_HOSTS - in_hand))


def due_until(*, pace: int, since: datetime, now: datetime, given: int) -> datetime:
    """Until when letters count as given, when `given` more have been. What is due longer than a minute is not made up for."""
    return max(since, now - MINUTE) + given * MINUTE / pace


def rate(*, activated: int, people: int) -> int:
    """Whole per cent, rounded down: 100 only when nobody is left."""
    return activated * 100 // people if people else 0
