"""The clock of a call and of a talk, who sits at which side of it, and how much may be said (decisions.md, Telemedicine)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from telemed.rules.life import State
from telemed.rules.people import Channel
from telemed.rules.terms import EXTENSIONS, LONGEST, MEDIA_ENDS_AT, WARNED_AT, call_ends_at

A_MINUTE, A_SECOND = timedelta(minutes=1), timedelta(seconds=1)
MESSAGES_A_MINUTE = 20  # of one account in one consultation
SIGNALS_A_SECOND = 20  # of one side (security.md, 2.7) …
SIGNAL_BYTES = 64 * 1024  # … each at most so long
SIGNALS_KEPT = timedelta(hours=1)  # longer than any talk: they are of use to nobody afterwards
LONGEST_TEXT = 4000
FILES_BEFORE, FILES = 20, 40  # sent with a request; of one consultation, those among them

ONLINE = (Channel.VIDEO, Channel.AUDIO, Channel.CHAT)  # what the call window offers; equal (TM-34)
MEDIA = (Channel.VIDEO, Channel.AUDIO)  # what needs two browsers to reach each other
MAY_BE_CALLED = (State.WAITING, State.BOOKED, State.UNANSWERED)
# TM-33: before the talk and while it goes on. The doctor may answer while the conclusion is written.
OPEN_TO_MESSAGES = (
    State.UNPAID, State.WAITING, State.BOOKED, State.CALLING, State.UNANSWERED, State.TALKING, State.TALKED,
)  # fmt: skip


class Side(TextChoices):
    PATIENT = "patient", _("patient")
    DOCTOR = "doctor", _("doctor")


class Signal(StrEnum):
    """What one browser tells the other about the media path."""

    HELLO = "hello"  # I am here: begin with me
    OFFER = "offer"
    ANSWER = "answer"
    CANDIDATE = "candidate"


class Stage(StrEnum):
    """How far a talk is. Both sides see on their clock when it changes."""

    ON = "on"
    WARNED = "warned"  # from 25:00
    OVERTIME = "overtime"  # from 30:00
    OVER = "over"  # from 32:00: sound and picture have ended


def may_extend(extensions: int) -> bool:
    return extensions < EXTENSIONS


class Due(StrEnum):
    """Whether the patient expects a call."""

    EARLY = "early"
    NOW = "now"
    OVER = "over"


def due(state: State, starts_at: datetime | None, ends_at: datetime | None, *, now: datetime) -> Due:
    """TM-38: who has booked waits at the set time. A call that nobody expects could be missed, and three of them would close
    it as rendered (TM-39), so what is booked is called neither before its beginning nor from its end on: also where a
    failure of ours gave it back. Then the patient chooses another time. A call that was missed in time is tried again
    at any later moment. Urgent ones (`starts_at` is None) at any time."""
    if starts_at and now < starts_at:
        return Due.EARLY
    return Due.OVER if ends_at and ends_at <= now and state == State.BOOKED else Due.NOW


def rings(called_at: datetime, extensions: int, *, now: datetime) -> bool:
    """At the last instant of the window the call may still be answered, later it may not."""
    return now <= call_ends_at(called_at, extensions)


def stage(began_at: datetime, *, now: datetime) -> Stage:
    gone = now - began_at
    if gone >= MEDIA_ENDS_AT:
        return Stage.OVER
    if gone >= LONGEST:
        return Stage.OVERTIME
    return Stage.WARNED if gone >= WARNED_AT else Stage.ON


@dataclass(frozen=True)
class Clock:
    """What a page counts by itself, so that a wrong clock of the computer harms nothing. Seconds."""

    gone: int
    longest: int

    @classmethod
    def of_call(cls, called_at: datetime, extensions: int, *, now: datetime) -> "Clock":
        whole = call_ends_at(called_at, extensions) - called_at
        return cls(_seconds(now - called_at), _seconds(whole))

    @classmethod
    def of_talk(cls, began_at: datetime, *, now: datetime) -> "Clock":
        return cls(_seconds(now - began_at), _seconds(LONGEST))

    @property
    def left(self) -> int:
        return max(self.longest - self.gone, 0)


def _seconds(span: timedelta) -> int:
    return max(int(span.total_seconds()), 0)
