"""The duty doctor: who is meant for whom, who takes whom next, how long the wait may last. Values in, values out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from policies.rules import BEFORE_CONSULTING, Service, is_adult
from telemed.rules.people import ON_DUTY, Speciality

CONSENTS = BEFORE_CONSULTING
REQUESTS_A_DAY = 20  # of an account: TM-03 limits nobody, so this stops machines only
DRAFT_LIFE = timedelta(days=1)
LONGEST_DUTY = timedelta(hours=24)  # who forgot to leave is not counted on for longer
SAME_LANGUAGE_FOR = timedelta(
    minutes=5
)  # so long doctors prefer those who speak their languages; then the queue alone counts
MINUTE = timedelta(minutes=1)
BEAT = MINUTE  # presence is written at most so often …
LOST_AFTER = timedelta(minutes=3)  # … and is one span while nothing is missing for longer: a phone changes networks
LOOKED_AHEAD, SOON = (
    timedelta(hours=3),
    timedelta(minutes=15),
)  # how far coordinators see, and when a doctor is to be there
WAITS_OF = timedelta(hours=6)  # the recent past on which an estimate rests …
FEWEST_WAITS = 5  # … and below so many it rests on nothing


def duty_doctor_for(birth_date: date, *, today: date) -> tuple[Service, Speciality]:
    """TM-05: a paediatrician until the day before the 18th birthday. `today` is the insurer's."""
    service = Service.DUTY_GP if is_adult(birth_date, today=today) else Service.DUTY_PAEDIATRICIAN
    return service, ON_DUTY[service]


def duty_counts_from(now: datetime) -> datetime:
    """Who went on duty at this instant or before has forgotten to leave."""
    return now - LONGEST_DUTY


def language_is_free_for(now: datetime) -> datetime:
    """Who is in the queue since this instant or before waits for any doctor, whatever the language."""
    return now - SAME_LANGUAGE_FOR


class DutyState(TextChoices):
    """What a doctor on duty is about."""

    FREE = "free", _("free")
    BUSY = "busy", _("with a patient")
    AWAY = "away", _("away from the desk")


def duty_state(seen_at: datetime | None, *, is_with_a_patient: bool, now: datetime) -> DutyState:
    if is_with_a_patient:
        return DutyState.BUSY
    return DutyState.FREE if is_there(seen_at, now=now) else DutyState.AWAY


def is_there(seen_at: datetime | None, *, now: datetime) -> bool:
    """Whose page was open at this instant has it open still: what is missing for so short is a change of networks."""
    return seen_at is not None and now - seen_at <= LOST_AFTER


def time_present(spans: Iterable[tuple[datetime, datetime]], since: datetime, until: datetime) -> timedelta:
    """TM-42: how much of the wait the page was open. Spans may overlap; what they share counts once."""
    present, counted_to = timedelta(0), since
    for begins, ends in sorted(spans):
        begins, ends = max(begins, counted_to), min(ends, until)
        if ends > begins:
            present, counted_to = present + (ends - begins), ends
    return present


class Unknown(StrEnum):
    """Why no wait can be told."""

    NO_DOCTOR = "no doctor"
    NO_BASIS = "no basis"
    LONGER = "longer"  # than the estimate said: another number would be invented


@dataclass(frozen=True)
class Estimate:
    """How long the wait may still last, and what that rests on."""

    minutes: int | None  # whole ones, rounded up; None: we do not know
    unknown: Unknown | None
    usual_minutes: int | None  # half of those who were called lately waited no longer
    of: int  # how many they were
    doctors: int  # on duty now


def estimate(*, began_as: int, doctors: int, median: timedelta | None, of: int, waited: timedelta) -> Estimate:
    """The usual wait for each round that stood before: with `doctors` on duty as many are called at a time.

    `began_as`: the place at which the wait began, from 1. The present one would count what was waited twice: once as the
    people who are gone, once as the minutes that they took. `median` and `of`: waits of those whom the same insurer's
    doctors called in WAITS_OF.
    """
    usual = ceil(median / MINUTE) if median is not None and of >= FEWEST_WAITS else None
    if not doctors:
        return Estimate(None, Unknown.NO_DOCTOR, usual, of, doctors)
    if median is None or usual is None:
        return Estimate(None, Unknown.NO_BASIS, None, of, doctors)
    left = median * ceil(began_as / doctors) - waited
    if left <= timedelta(0):
        return Estimate(None, Unknown.LONGER, usual, of, doctors)
    return Estimate(ceil(left / MINUTE), None, usual, of, doctors)
