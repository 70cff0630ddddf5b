"""How a message leaves: its states, what each answer of a gateway leads to, how many parts an SMS has. No clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# How a kind of message is called where people read of it. Each app that writes messages adds its own (its apps.py).
KINDS: dict[str, Promise] = {}


class Channel(TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")


class State(TextChoices):
    WAITING = "waiting", _("waiting")
    CLAIMED = "claimed", _("being handed over")
    SENT = "sent", _("handed over")
    PARKED = "parked", _("parked")


class Answer(TextChoices):
    """What the other side said, reduced to what we do next."""

    ACCEPTED = "accepted", _("accepted")
    TEMPORARY = "temporary", _("try later")
    REFUSED = "refused", _("refused")
    MISCONFIGURED = "misconfigured", _("our settings are wrong")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a letter carries, by its name for the reader: among the originals, where it lies and what it must be; or
    drawn when the letter leaves, of the facts of a calendar entry (core.calendar_file.appointment)."""

    name: str
    path: str = ""
    sha256: str = ""
    appointment: Mapping[str, Any] | None = None


MOST_ATTACHED = 5 * 1024 * 1024  # bytes of all together: base64 adds a third, and mailboxes refuse 10 MB

# A worker starts nothing after BATCH_TIME; the rest of the lease covers its last message, the slowest there is.
# So a lease that has run out means a dead worker.
BATCH_TIME = timedelta(minutes=1)
LONGEST_TIMEOUT = timedelta(seconds=15)  # a step may take: EMAIL_TIMEOUT is checked against it
STEPS_OF_A_LETTER = (
    11  # connect, greet, EHLO, STARTTLS, EHLO, AUTH in two, MAIL on a lost and on a new line, RCPT, DATA
)
LEASE = timedelta(minutes=4)

# From seconds (a greylisting server) to hours (one that is being repaired): 24 hours in all, then a person decides.
PAUSES = (
    timedelta(seconds=30),
    *(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 32)),
    *[timedelta(hours=1)] * 23,
)
MISCONFIGURED_PAUSE = timedelta(minutes=15)

SECRETS_LIVE = timedelta(hours=72)  # the longest life of a one-time link


@dataclass(frozen=True)
class Step:
    """What becomes of a notice: its state, how long it rests, how many tries count against it."""

    state: State
    pause: timedelta
    tries: int


def after(answer: Answer | None, tries: int) -> Step:
    """`tries` includes this one. No answer: the worker ran out of time before it tried."""
    if answer is None:
        return Step(State.WAITING, timedelta(0), tries - 1)
    if answer is Answer.ACCEPTED:
        return Step(State.SENT, timedelta(0), tries)
    if answer is Answer.MISCONFIGURED:
        return Step(State.WAITING, MISCONFIGURED_PAUSE, tries - 1)
    if answer is Answer.TEMPORARY and tries <= len(PAUSES):
        return Step(State.WAITING, PAUSES[tries - 1], tries)
    return Step(State.PARKED, timedelta(0), tries)


def lost_with_its_workers(tries: int) -> bool:
    """The claim that kills its worker each time would take 499 others with it: after the last pause it stops."""
    return tries > len(PAUSES) + 1


# ── SMS (facts: 160/153 septets, 70/67 UTF-16 units) ─────────────────────────
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_TWICE = frozenset("\f^{}\\[~]|€")  # written with an escape before them
PLAIN = str.maketrans({"–": "-", "—": "-", "«": '"', "»": '"', "’": "'", "\u00a0": " ", "\u202f": " ", "₸": "тг"})
MOST_PARTS = 4  # the wording keeps to two; a longer text is a mistake that costs money with every recipient


def plain_sms(text: str) -> str:
    """Typography that would make a Latin text twice as dear, or that old phones draw as a square, written simply."""
    return text.translate(PLAIN).strip()


def sms_parts(text: str) -> int:
    """How many parts the operator charges for. A character never breaks between two parts."""
    if all(character in GSM_7 or character in GSM_7_TWICE for character in text):
        return _parts([2 if character in GSM_7_TWICE else 1 for character in text], alone=160, joined=153)
    return _parts([2 if ord(character) > 0xFFFF else 1 for character in text], alone=70, joined=67)


def _parts(widths: list[int], *, alone: int, joined: int) -> int:
    if sum(widths) <= alone:
        return 1
    parts, room = 1, joined
    for width in widths:
        if width > room:
            parts, room = parts + 1, joined
        room -= width
    return parts
