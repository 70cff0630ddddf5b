"""Terms of a consultation (Dariger Online, S3 annex 1; decisions.md, Telemedicine). Instants and dates in, answers out."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.calendar import add_calendar_days
from telemed.rules.life import State

LONGEST = timedelta(minutes=30)  # TM-35, TM-38: from the choice of the channel
WARNED_AT = timedelta(minutes=25)
MEDIA_ENDS_AT = timedelta(minutes=32)
CALL_WINDOW = timedelta(seconds=60)  # WCAG 2.2.1: it waits at least so long …
EXTENSION, EXTENSIONS = timedelta(seconds=60), 2  # … and «one minute more» twice
ATTEMPTS, ATTEMPT_EVERY = 3, timedelta(minutes=3)  # TM-39: by telephone, after the call online
FREE_UNTIL = timedelta(hours=24)  # TM-40: before the start of what is booked
CLAIM_DAYS = 7  # TM-18: calendar days after the day it was rendered
SEEN_FOR_DAYS = 7  # the doctor's view of the patient's papers ends so many days after closing


class Clause(StrEnum):
    """Where the programme says so; the page links to its words."""

    CANCELLATION = "TM-40"
    LATE = "TM-41"
    NO_SHOW = "TM-39"
    CLAIM = "TM-18"


@dataclass(frozen=True)
class Cancellation:
    """What cancelling now would mean. `free_until`: nothing where it is free at any time before the start."""

    is_free: bool
    free_until: datetime | None
    clause: Clause


def cancellation(starts_at: datetime | None, *, now: datetime) -> Cancellation:
    """V18: booked for 15:00, cancelled the day before at 15:00:00 is in time, a second later is not. Urgent ones
    (`starts_at` is None) are free until the talk begins. A move of a booking is judged by the same rule."""
    if starts_at is None:
        return Cancellation(True, None, Clause.CANCELLATION)
    free_until = starts_at - FREE_UNTIL
    in_time = now <= free_until
    return Cancellation(in_time, free_until, Clause.CANCELLATION if in_time else Clause.LATE)


def cancellation_of(state: State, starts_at: datetime | None, *, now: datetime) -> Cancellation:
    """`cancellation`; and what nobody has paid for yet costs nothing."""
    return cancellation(None if state == State.UNPAID else starts_at, now=now)


def said_at(clock: time, *, now: datetime) -> datetime:
    """When a caller said so: the last moment at which clocks in the zone of `now` showed this time. To the minute, and at
    most a day ago."""
    today = datetime.combine(now.date(), clock, now.tzinfo)
    return today if today <= now else datetime.combine(now.date() - timedelta(days=1), clock, now.tzinfo)


def claim_until(rendered_on: date) -> date:
    """The last day on which quality may be claimed; the insurer's calendar."""
    return add_calendar_days(rendered_on, CLAIM_DAYS)


def call_ends_at(called_at: datetime, extensions: int) -> datetime:
    return called_at + CALL_WINDOW + extensions * EXTENSION


def next_attempt_at(earlier: datetime) -> datetime:
    """TM-39, decisions.md: attempts at least three minutes apart, the call online counting as the first of the clock."""
    return earlier + ATTEMPT_EVERY


def doctor_sees_until(now: datetime) -> datetime:
    """What ended at this instant or before has left the doctor's desk."""
    return now - timedelta(days=SEEN_FOR_DAYS)
