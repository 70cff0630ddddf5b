"""A consultation from a seat at its table: who sits there, what was said, what came since."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet
from django.utils.translation import gettext

from core.live import MOVED
from core.live import Event as News
from core.uploads.rules import LIVING
from telemed.models import CallSignal, Consultation, Doctor, Message
from telemed.rules import (
    CALL_WINDOW,
    MAY_BE_CALLED,
    MEDIA,
    MEDIA_ENDS_AT,
    OPEN_TO_MESSAGES,
    Channel,
    Clock,
    Due,
    Side,
    Signal,
    Stage,
    State,
    call_ends_at,
    due,
    may_extend,
    stage,
)


# ── Who sits where ───────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Seat:
    """A side of the consultation, and somebody who may take it at this moment."""

    consultation: Consultation
    side: Side
    user: Any

    @property
    def doctor(self) -> Doctor:
        """Nobody takes the doctor's side of a consultation that has none."""
        return cast(Doctor, self.consultation.doctor)


def seat_of(user: Any, public_id: UUID, side: Side, *, now: datetime) -> Seat | None:
    """The one door to a talk, asked with every request and with every reading of a stream."""
    rows = Consultation.objects.select_related("insurer")
    mine = rows.visible_to(user, now=now) if side == Side.PATIENT else rows.of_doctor(user, now=now)
    consultation = mine.filter(public_id=public_id).first()
    return Seat(consultation, side, user) if consultation else None


# ── What is due ──────────────────────────────────────────────────────────────
def calls_over(now: datetime) -> QuerySet[Consultation]:
    """Those whose window may be over: extensions are counted under the lock."""
    return Consultation.objects.filter(state=State.CALLING, called_at__lt=now - CALL_WINDOW)


def talks_over(now: datetime) -> QuerySet[Consultation]:
    return Consultation.objects.filter(state=State.TALKING, began_at__lte=now - MEDIA_ENDS_AT)


# ── What a page shows ────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Line:
    """A message as its reader sees it. `time` is of the insurer's zone."""

    pk: int
    text: str  # of a file its name
    time: str
    is_mine: bool
    file: str  # its public_id while it may be had


@dataclass(frozen=True)
class Talk:
    """The page of a call or talk at one side."""

    seat: Seat
    lines: list[Line]
    clock: Clock | None
    stage: Stage
    due: Due  # what is booked: whether this is its time

    @property
    def consultation(self) -> Consultation:
        return self.seat.consultation

    @property
    def cursor(self) -> str:
        """From where the page's stream goes on. Whatever is said while the page is drawn comes after `lines`."""
        return str(cursor_of(self.seat, self.lines))

    @property
    def is_open(self) -> bool:
        """What is written now reaches the other side."""
        return self.consultation.state in OPEN_TO_MESSAGES

    @property
    def may_extend(self) -> bool:
        return may_extend(self.consultation.extensions)

    @property
    def may_call(self) -> bool:
        return self.consultation.state in MAY_BE_CALLED and self.due is not Due.OVER

    @property
    def has_media(self) -> bool:
        is_talking = self.consultation.state == State.TALKING and self.stage is not Stage.OVER
        return is_talking and self.consultation.channel in MEDIA

    @property
    def channels(self) -> list[Channel]:
        return list(Channel)

    @property
    def rings_until(self) -> datetime | None:
        called_at = self.consultation.called_at
        return call_ends_at(called_at, self.consultation.extensions).astimezone(self.zone) if called_at else None

    @property
    def zone(self) -> ZoneInfo:
        return self.consultation.insurer.zone


def talk_of(seat: Seat, *, now: datetime) -> Talk:
    consultation = seat.consultation
    moment = due(State(consultation.state), consultation.starts_at, consultation.ends_at, now=now)
    return Talk(seat, lines(seat), clock_of(consultation, now), stage_of(seat, now), moment)


def lines(seat: Seat, *, after: int = 0) -> list[Line]:
    """In the order of the keys: each was written under the consultation's lock."""
    zone = seat.consultation.insurer.zone
    said = Message.objects.filter(consultation=seat.consultation, pk__gt=after).select_related("upload")
    facts = ("pk", "text", "at", "side", "upload__name", "upload__public_id", "upload__state")
    return [
        Line(one.pk, _words(one), f"{one.at.astimezone(zone):%H:%M}", one.side == seat.side, _file(one))
        for one in said.only(*facts)
    ]


def _words(message: Message) -> str:
    return message.text or (message.upload.name if message.upload else "") or gettext("File")


def _file(message: Message) -> str:
    return str(message.upload.public_id) if message.upload and message.upload.state in LIVING else ""


def clock_of(consultation: Consultation, now: datetime) -> Clock | None:
    if consultation.state == State.CALLING and consultation.called_at:
        return Clock.of_call(consultation.called_at, consultation.extensions, now=now)
    if consultation.state == State.TALKING and consultation.began_at:
        return Clock.of_talk(consultation.began_at, now=now)
    return None


def stage_of(seat: Seat, now: datetime) -> Stage:
    began_at = seat.consultation.began_at
    return stage(began_at, now=now) if began_at else Stage.ON


# ── What came since ──────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Cursor:
    """What a browser has seen: the last message, the last signal, the moment of the life that its page shows, and the
    channel. Raise ValueError for what is none."""

    message: int
    signal: int
    moment: str
    channel: str

    @classmethod
    def read(cls, words: str) -> Self:
        parts = re.fullmatch(r"(\d{1,18})\.(\d{1,18})\.([a-z_]+-\d{1,5})\.([a-z]*)", words, re.ASCII)
        if parts is None:
            raise ValueError(words)
        message, signal, moment, channel = parts.groups()
        return cls(int(message), int(signal), moment, channel)

    def __str__(self) -> str:
        return f"{self.message}.{self.signal}.{self.moment}.{self.channel}"


def cursor_of(seat: Seat, said: list[Line]) -> Cursor:
    """`said`: all lines so far."""
    signal = CallSignal.objects.filter(consultation=seat.consultation).aggregate(last=Max("pk"))["last"]
    message = said[-1].pk if said else 0
    return Cursor(message, signal or 0, moment_of(seat.consultation), seat.consultation.channel)


def moment_of(consultation: Consultation) -> str:
    return f"{consultation.state}-{consultation.extensions}"


def news_since(since: str, find_seat: Callable[[], Seat | None]) -> list[News]:
    """Whoever has lost the seat, and whose page shows another moment, is told to load it again."""
    seat, cursor = find_seat(), Cursor.read(since)
    if seat is None or moment_of(seat.consultation) != cursor.moment:
        return [MOVED]
    news = []
    for line in lines(seat, after=cursor.message):
        cursor = Cursor(line.pk, cursor.signal, cursor.moment, cursor.channel)
        news.append(News("message", json.dumps(vars(line)), str(cursor)))
    for heard in signals(seat, after=cursor.signal) if seat.consultation.channel in MEDIA else ():
        cursor = Cursor(cursor.message, heard["id"], cursor.moment, cursor.channel)
        news.append(News("signal", json.dumps(heard), str(cursor)))
    if seat.consultation.channel != cursor.channel:
        cursor = Cursor(cursor.message, cursor.signal, cursor.moment, seat.consultation.channel)
        news.append(News("channel", seat.consultation.channel, str(cursor)))
    return news


def signals(seat: Seat, *, after: int) -> list[dict[str, Any]]:
    """What the other side says, and that another page of one's own has joined: then this one steps aside."""
    sent = CallSignal.objects.filter(consultation=seat.consultation, pk__gt=after).order_by("pk")
    heard = sent.exclude(side=seat.side) | sent.filter(side=seat.side, kind=Signal.HELLO)
    return [
        {"id": one.pk, "mine": one.side == seat.side, "peer": one.peer, "to": one.to, "kind": one.kind, **one.data}
        for one in heard
    ]
