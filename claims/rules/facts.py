"""What has happened to a claim, as its terms and its timeline read it. Days are of the insurer's zone; nothing is computed."""

from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.rules.events import InsuredEvent
from claims.rules.life import Outcome, State, Way


class Cause(TextChoices):
    """Why the clock stands."""

    AUTHORITY = "authority", _("an authority was asked")  # 7.8
    CRIMINAL_CASE = "criminal_case", _("a criminal case was opened")  # 10.5


@dataclass(frozen=True)
class Suspension:
    """`until` is the day of the answer, None while it is awaited; `why` as the letter says it."""

    cause: Cause
    since: date
    until: date | None = None
    why: str = ""


@dataclass(frozen=True)
class Extension:
    """7.8: told on a day, with the reason, and with the new last day of the review."""

    told_on: date
    until: date
    why: str = ""


@dataclass(frozen=True)
class Certificate:
    """9.3(2): of a certification or a re-certification."""

    certified_on: date
    given_on: date | None = None


@dataclass(frozen=True)
class Check:
    """10.3: documents that came between two answers of ours, the first of them on `since`, the last on `latest`."""

    since: date
    latest: date
    answered_on: date | None = None
    found_missing: bool = False


class ReviewKind(TextChoices):
    FIRST = "first", _("all documents received")
    RECERTIFICATION = "recertification", _("re-certification received")  # 7.7
    REOPENED = "reopened", _("review reopened")  # an objection was upheld


@dataclass(frozen=True)
class Payment:
    """A lump sum has no day in the loan's schedule. What was cancelled or replaced is no fact any more."""

    scheduled_on: date | None = None
    paid_on: date | None = None


@dataclass(frozen=True)
class Review:
    """`since`: the set was complete, or the re-certification came, or the review was reopened."""

    kind: ReviewKind
    since: date
    suspensions: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()
    outcome: Outcome | None = None
    decided_on: date | None = None
    payments: tuple[Payment, ...] = ()


@dataclass(frozen=True)
class Objection:
    """`answered_on`: what the insurer owed was done, an answer (to the insurer) or the documents (for the ombudsman)."""

    way: Way
    filed_on: date
    answered_on: date | None = None


@dataclass(frozen=True)
class Facts:
    """Each row in the order of its days. A claim that was withdrawn and taken up again may have left one unanswered."""

    state: State
    event: InsuredEvent
    event_on: date  # of a disability the day on which it was established
    notified_on: date
    certificates: tuple[Certificate, ...] = ()
    checks: tuple[Check, ...] = ()
    reviews: tuple[Review, ...] = ()
    objections: tuple[Objection, ...] = ()
    stopped_on: date | None = None
    ended_on: date | None = None  # closed, or set aside
