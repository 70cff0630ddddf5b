"""The notice of an event: was it in time, did the event happen where the contract holds, which documents it will not need.

None of it decides anything: a late notice and a country on a list are shown to the reviewer, who may weigh them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.rules.events import InsuredEvent
from claims.rules.terms import Deadline, notice_of
from core.calendar import WorkingCalendar

# A family may tell of two people, and slip once or twice; more in a day comes by telephone.
NOTICES_A_DAY, NOTICES_OF_SOURCE = 5, 30  # of one contact or account a day, of one source an hour
OF_A_GUEST = "claims:case"  # the name of the one page that a guest sees (accounts.GuestAccess.purpose)
OF_A_BANK = "claims:bank"  # …and that of a bank's officer
LINK_LASTS, LINKS_OF_A_DOCUMENT = timedelta(days=14), 5
SEEN_FOR = timedelta(days=90)  # by a guest in one browser; then, or on another device, a new code opens it again


# ── In time? ─────────────────────────────────────────────────────────────────
class Source(TextChoices):
    """How the insurer came to know before it was told in writing (8.2(3), requirements.md 9.10)."""

    CALL = "call", _("telephone call")
    VISIT = "visit", _("visit to an office")
    MESSAGE = "message", _("letter or message")
    OTHER_CLAIM = "other_claim", _("notice by somebody else")
    AUTHORITY = "authority", _("answer of an authority")


@dataclass(frozen=True)
class EarlierKnowledge:
    """`evidence`: what proves it (8.2(3) wants proof), for example the record of a call."""

    on: date
    source: Source
    evidence: str


class Standing(TextChoices):
    IN_TIME = "in_time", _("in time")
    KNOWN = "known", _("late, but the insurer knew in time")
    LATE = "late", _("late")


@dataclass(frozen=True)
class Timeliness:
    """Only LATE gives the ground RF-03, and nobody is refused by it without a reviewer and a second person."""

    standing: Standing
    deadline: Deadline
    days_late: int
    knowledge: EarlierKnowledge | None = None


def timeliness(
    event_on: date, notified_on: date, knowledge: Iterable[EarlierKnowledge], calendar: WorkingCalendar
) -> Timeliness:
    """9.1, 11.4(3): within 60 calendar days; 8.2(3): a late notice does no harm where the insurer knew in time (V14)."""
    deadline = notice_of(event_on, calendar, notified_on)
    days_late = deadline.days_late(notified_on)
    if not days_late:
        return Timeliness(Standing.IN_TIME, deadline, days_late)
    in_time = [known for known in knowledge if event_on <= known.on and not deadline.term.is_late(known.on)]
    if in_time:
        return Timeliness(Standing.KNOWN, deadline, days_late, min(in_time, key=lambda known: known.on))
    return Timeliness(Standing.LATE, deadline, days_late)


# ── Where? ───────────────────────────────────────────────────────────────────
class TerritoryGround(TextChoices):
    """5.3: where the contract does not hold."""

    WAR = "war", _("military actions, acts of terror or operations against terror")
    SANCTIONS = "sanctions", _("military sanctions")
    EPIDEMIC = "epidemic", _("a recognised focus of an epidemic")
    NOT_ADVISED = "not_advised", _("not advised by the Ministry of Foreign Affairs of Kazakhstan")


@dataclass(frozen=True)
class Excluded:
    """A country (ISO 3166, two letters) on a list that staff keep, with its source; both days included."""

    country: str
    ground: TerritoryGround
    since: date
    until: date | None
    source: str


def territory_warnings(country: str, event_on: date, excluded: Iterable[Excluded]) -> tuple[Excluded, ...]:
    """5.3 speaks of areas of a state and we know the state only, so this warns."""
    return tuple(
        one
        for one in excluded
        if one.country == country and one.since <= event_on and (one.until is None or event_on <= one.until)
    )


# ── Which documents not? ─────────────────────────────────────────────────────
class Spared(TextChoices):
    """Why a document of 10.1 is not asked for."""

    NOT_AN_ACCIDENT = "not_an_accident", _("It was not an accident.")  # 10.1(4) proves one
    BY_COURT = "by_court", _("A court declared the person dead.")  # 8.2(6)
    NAMED = "named", _("The policy names the beneficiary.")  # 10.1(6) proves an inheritance


@dataclass(frozen=True)
class Circumstances:
    """What a notice of a death tells beyond the event. None: not known, and so the document is asked for."""

    by_accident: bool | None = None
    declared_by_court: bool | None = None
    by_inheritance: bool | None = None


def spared(event: InsuredEvent, told: Circumstances) -> dict[str, Spared]:
    """Codes of requirements.md 3.8 that this claim does without. A disability is by an accident (3.1(2)) and needs them all."""
    if event != InsuredEvent.DEATH:
        return {}
    found: dict[str, Spared] = {}
    if told.by_accident is False:
        found["D4"] = Spared.NOT_AN_ACCIDENT
    if told.declared_by_court:
        found |= {"D3": Spared.BY_COURT, "D5": Spared.BY_COURT}
    if told.by_inheritance is False:
        found["D6"] = Spared.NAMED
    return found
