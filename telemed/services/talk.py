"""A call and the talk that comes of it: lock, rule, write, history, a word to whoever waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from core.limits import Allowance, spend
from core.live import announce
from telemed.gateways.turn import ice_servers
from telemed.models import CallSignal, Consultation, Doctor, Message
from telemed.queries.talk import calls_over, talks_over
from telemed.rules import (
    A_MINUTE,
    A_SECOND,
    MEDIA,
    MEDIA_ENDS_AT,
    MESSAGES_A_MINUTE,
    ONLINE,
    OPEN_TO_MESSAGES,
    SIGNALS_A_SECOND,
    SIGNALS_KEPT,
    Channel,
    Due,
    Event,
    Side,
    Signal,
    Stage,
    State,
    WrongMoment,
    due,
    may_extend,
    rings,
    stage,
)
from telemed.services.life import lock, move, ring


class TooSoon(Exception):
    """It is booked for a later time, and nobody expects the call before."""


class TimeIsOver(Exception):
    """Nobody has called in its time, or a failure of ours gave it back: the patient chooses another one."""


class NotTheirs(Exception):
    """Another doctor has this consultation, or this one treats no patients of its insurer."""


class DoctorBusy(Exception):
    """This doctor is calling or talking already."""


class StillRings(Exception):
    """The window of the call is open: the patient may yet answer."""


class NoMoreMinutes(Exception):
    """The window was extended as often as it may be, or is over."""


class TooMany(Exception):
    """More messages or signals than anybody writes."""


# ── The call ─────────────────────────────────────────────────────────────────
def call(*, consultation: Consultation, doctor: Doctor, now: datetime) -> Consultation:
    """The call window opens at the patient's. Raise NotTheirs, TooSoon, TimeIsOver, DoctorBusy, WrongMoment."""
    try:
        with transaction.atomic():
            called = lock(consultation)
            if called.doctor_id not in (None, doctor.pk) or not may_treat(doctor, called):
                raise NotTheirs
            _in_its_time(called, now)
            ring(called, doctor=doctor, now=now)
    except IntegrityError as error:
        raise DoctorBusy from error
    return called


def _in_its_time(called: Consultation, now: datetime) -> None:
    moment = due(State(called.state), called.starts_at, called.ends_at, now=now)
    if moment is Due.EARLY:
        raise TooSoon
    if moment is Due.OVER:
        raise TimeIsOver


def may_treat(doctor: Doctor, consultation: Consultation) -> bool:
    return Doctor.objects.of_insurer(consultation.insurer).filter(pk=doctor.pk).exists()


@transaction.atomic
def extend(*, consultation: Consultation, by: User, now: datetime) -> None:
    """«One minute more» (WCAG 2.2.1). Raise NoMoreMinutes, WrongMoment."""
    called = lock(consultation)
    if called.state == State.CALLING and not (still_rings(called, now) and may_extend(called.extensions)):
        raise NoMoreMinutes
    called.extensions += 1
    move(called, Event.EXTEND, by=by, now=now)


@transaction.atomic
def answer(*, consultation: Consultation, channel: Channel, by: User, now: datetime) -> bool:
    """TM-34, TM-35: the patient chooses a channel, and the talk begins. False where the call is over already.

    Of several answers the first one stands. Raise WrongMoment where no doctor has called.
    """
    called = lock(consultation)
    if called.state in (State.TALKING, State.UNANSWERED):  # the latter is answered by telephone alone
        return called.state == State.TALKING
    if called.state == State.CALLING and not still_rings(called, now):
        move(called, Event.MISS, by=None, now=now)
        return False
    if channel not in ONLINE:
        raise WrongMoment(f"a call is not answered by {channel}")
    called.channel, called.began_at = channel, now
    move(called, Event.ANSWER, by=by, now=now, channel=channel)
    return True


@transaction.atomic
def answer_by_telephone(*, consultation: Consultation, by: User, now: datetime) -> None:
    """TM-32: who asked for the telephone has picked it up, says the doctor. Raise WrongMoment."""
    called = lock(consultation)
    if not (called.state == State.CALLING and called.by_telephone):
        raise WrongMoment(f"an answer by telephone to a consultation that is {called.state}")
    called.channel, called.began_at = Channel.TELEPHONE, now
    move(called, Event.ANSWER, by=by, now=now, channel=Channel.TELEPHONE)


@transaction.atomic
def miss(*, consultation: Consultation, by: User | None, now: datetime) -> None:
    """The window ran out; or the telephone was asked for, and nobody has picked it up for as long as a window is open at
    least. Raise StillRings, WrongMoment."""
    called = lock(consultation)
    held = 0 if called.by_telephone else called.extensions
    if called.state == State.CALLING and called.called_at and rings(called.called_at, held, now=now):
        raise StillRings
    move(called, Event.MISS, by=by, now=now)


def still_rings(called: Consultation, now: datetime) -> bool:
    return called.called_at is not None and rings(called.called_at, called.extensions, now=now)


# ── The talk ─────────────────────────────────────────────────────────────────
@transaction.atomic
def change_channel(*, consultation: Consultation, channel: Channel, by: User, now: datetime) -> None:
    """The talk goes on, its clock too. Raise WrongMoment."""
    talking = lock(consultation)
    if talking.state == State.TALKING and talking.channel == channel:
        return
    before, talking.channel = talking.channel, channel
    move(talking, Event.SWITCH, by=by, now=now, channel=channel, before=before)


@transaction.atomic
def end(*, consultation: Consultation, by: User | None, now: datetime) -> None:
    """By the doctor, or by the clock at 32:00 (`by` is nobody). Raise WrongMoment."""
    talked = lock(consultation)
    latest = talked.began_at + MEDIA_ENDS_AT if talked.began_at else now
    talked.ended_at = min(now, latest)
    move(talked, Event.END, by=by, now=now)
    forget_signals_of(talked)


# ── What the clock does ──────────────────────────────────────────────────────
def keep_time(*, consultation: Consultation, now: datetime) -> None:
    """Whatever is due happens, however late: the call is missed, the talk ends. Nothing is due: nothing happens."""
    with transaction.atomic():
        due = lock(consultation)
        if due.state == State.CALLING and not still_rings(due, now):
            miss(consultation=due, by=None, now=now)
        elif due.state == State.TALKING and due.began_at and stage(due.began_at, now=now) is Stage.OVER:
            end(consultation=due, by=None, now=now)


def keep_times(*, now: datetime) -> None:
    for consultation in [*calls_over(now), *talks_over(now)]:
        keep_time(consultation=consultation, now=now)


def forget_signals(*, now: datetime) -> None:
    CallSignal.objects.filter(at__lt=now - SIGNALS_KEPT).delete()


def forget_signals_of(consultation: Consultation) -> None:
    consultation.signals.all().delete()


# ── What the two tell each other ─────────────────────────────────────────────
@transaction.atomic
def say(*, consultation: Consultation, side: Side, by: User, text: str, key: UUID, now: datetime) -> Message:
    """TM-33. With the same `key` it is the same message. Raise TooMany, WrongMoment."""
    open_to = lock(consultation)
    said = Message.objects.filter(consultation=open_to, key=key).first()
    if said:
        return said
    if open_to.state not in OPEN_TO_MESSAGES:
        raise WrongMoment(f"a message in a consultation that is {open_to.state}")
    take(f"telemed.say:{open_to.pk}:{by.pk}", MESSAGES_A_MINUTE, A_MINUTE, now)
    said = Message.objects.create(consultation=open_to, key=key, side=side, by=by, text=text, at=now)
    announce(str(open_to.public_id))
    return said


@dataclass(frozen=True)
class Joined:
    """`after`: signals of this number and before are not meant for the page that has joined."""

    after: int
    ice_servers: list[dict[str, Any]]


def join(*, consultation: Consultation, side: Side, peer: str, now: datetime) -> Joined:
    """A page is ready for sound and picture, and tells the other one. Only in a talk that goes on does anybody get
    credentials for the relay, and only until its end. Raise TooMany, WrongMoment."""
    hello = signal(consultation=consultation, side=side, peer=peer, to="", kind=Signal.HELLO, data={}, now=now)
    began_at = hello.consultation.began_at or now
    until = began_at + MEDIA_ENDS_AT
    return Joined(hello.pk, ice_servers(hello.consultation.room, side, until=until))


@transaction.atomic
def signal(
    *, consultation: Consultation, side: Side, peer: str, to: str, kind: Signal, data: dict[str, Any], now: datetime
) -> CallSignal:  # fmt: skip
    """Raise TooMany, WrongMoment."""
    talking = lock(consultation)
    if not has_media(talking, now):
        raise WrongMoment(f"a signal in a consultation that is {talking.state}")
    take(f"telemed.signal:{talking.pk}:{side}", SIGNALS_A_SECOND, A_SECOND, now)
    sent = CallSignal.objects.create(
        consultation=talking, side=side, peer=peer, to=to, kind=kind, data=data, at=now
    )  # fmt: skip
    announce(str(talking.public_id))
    return sent


def has_media(talking: Consultation, now: datetime) -> bool:
    if talking.state != State.TALKING or talking.channel not in MEDIA or not talking.began_at:
        return False
    return stage(talking.began_at, now=now) is not Stage.OVER


def take(key: str, limit: int, window: Any, now: datetime) -> None:
    if spend(Allowance(key, limit, window), now=now).exhausted:
        raise TooMany
