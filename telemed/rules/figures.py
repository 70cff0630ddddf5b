"""What is counted of requests (TM-45): how they ended, whether a doctor called in time, how long people waited and talked.

A request belongs to the period in which it was asked for, whatever becomes of it later, and has exactly one ending.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.measures import Measure, Unit, Value, quantile, share
from telemed.rules.quality import Answering, Verdict

# No document names a term. Ours: «a doctor in minutes» is within ten, from coming into the queue or from the booked time.
TERM_MINUTES = 10
ANSWER_WITHIN = timedelta(minutes=TERM_MINUTES)
HALF, NINE_OF_TEN = 0.5, 0.9
A_SECOND = timedelta(seconds=1)


class Ending(TextChoices):
    """In the order in which it is decided: the first that holds."""

    TALK = "talk", _("talk")  # began, whether it goes on or has ended
    NOT_REACHED = "not_reached", _("not reached")  # TM-39
    LATE = "late", _("cancelled late")  # TM-41
    UNPAID = "unpaid", _("not paid for")  # and so never in the queue
    LEFT = "left", _("left before a doctor called")  # the duty queue
    CANCELLED = "cancelled", _("cancelled in time")  # TM-40
    OPEN = "open", _("still open")


class Promise(TextChoices):
    """A doctor calls within ANSWER_WITHIN. Who left earlier has not seen whether it would have been kept."""

    KEPT = "kept", _("called in time")
    BROKEN = "broken", _("called late, or not at all")
    NOT_TRIED = "not_tried", _("not to be judged")


@dataclass(frozen=True)
class Cell:
    """Requests that are alike in everything that is counted."""

    insurer: int
    product: int | None  # whose cover it is; None: nobody's, it is paid for
    service: str
    part: int  # of the period, from 0
    ending: str
    promise: str
    is_free: bool
    requests: int
    talks: int  # that have ended …
    talked: timedelta  # … and lasted together
    ratings: int
    stars: int  # together
    rendered: int  # of the requests those that count as rendered: TM-18, TM-39, TM-41
    owed: int  # …and those that somebody paid for nothing: TM-18, TM-40


@dataclass
class Figures:
    """Sums that can be added up, and what is read from them."""

    endings: Counter[str] = field(default_factory=Counter)
    promises: Counter[str] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)  # whole seconds to the first call → people
    claims: Counter[str] = field(default_factory=Counter)  # of Answering; received in the period
    verdicts: Counter[str] = field(default_factory=Counter)  # of Verdict; of those claims that are answered
    free: int = 0
    talks: int = 0
    talked: timedelta = timedelta(0)
    ratings: int = 0
    stars: int = 0
    rendered: int = 0
    owed: int = 0  # paid for nothing, paid back or not
    paid_back: int = 0

    def add(self, cell: Cell) -> None:
        self.endings[cell.ending] += cell.requests
        self.promises[cell.promise] += cell.requests
        self.free += cell.requests if cell.is_free else 0
        self.talks += cell.talks
        self.talked += cell.talked
        self.ratings += cell.ratings
        self.stars += cell.stars
        self.rendered += cell.rendered
        self.owed += cell.owed

    @property
    def requests(self) -> int:
        return self.endings.total()

    @property
    def self_paid(self) -> int:
        return self.requests - self.free

    @property
    def kept(self) -> float | None:
        """The share of promises that were kept, of those that can be judged."""
        return share(self.promises[Promise.KEPT], self.promises[Promise.KEPT] + self.promises[Promise.BROKEN])

    @property
    def usual_wait(self) -> timedelta | None:
        return self._wait(HALF)

    @property
    def long_wait(self) -> timedelta | None:
        return self._wait(NINE_OF_TEN)

    @property
    def talk_length(self) -> timedelta | None:
        return self.talked / self.talks if self.talks else None

    @property
    def rating(self) -> float | None:
        return self.stars / self.ratings if self.ratings else None

    def _wait(self, part: float) -> timedelta | None:
        seconds = quantile(self.waits, part)
        return None if seconds is None else seconds * A_SECOND


WAIT_STEPS = (1, 2, 3, 5, 10, 20, 30)  # minutes: where the bars of the picture of waits end


def by_length(waits: Counter[int]) -> list[int]:
    """How many waited up to each of WAIT_STEPS, and longer than the last."""
    counted = [0] * (len(WAIT_STEPS) + 1)
    for seconds, people in waits.items():
        counted[sum(seconds > 60 * minutes for minutes in WAIT_STEPS)] += people
    return counted


def _endings(ending: Ending) -> Callable[[Figures], Value]:
    return lambda figures: figures.endings[ending]


MEASURES: tuple[Measure, ...] = (
    Measure(_("Requests"), lambda figures: figures.requests),
    Measure(_("Talks"), _endings(Ending.TALK)),
    Measure(_("Left before a doctor called"), _endings(Ending.LEFT)),
    Measure(_("Not reached"), _endings(Ending.NOT_REACHED)),
    Measure(_("Cancelled in time"), _endings(Ending.CANCELLED)),
    Measure(_("Cancelled late"), _endings(Ending.LATE)),
    Measure(_("Not paid for"), _endings(Ending.UNPAID)),
    Measure(_("Still open"), _endings(Ending.OPEN)),
    Measure(
        format_lazy(_("Called within {minutes} minutes"), minutes=TERM_MINUTES),
        lambda figures: figures.kept,
        Unit.SHARE,
    ),
    Measure(_("Half waited no longer than"), lambda figures: figures.usual_wait, Unit.SPAN),
    Measure(_("Nine of ten waited no longer than"), lambda figures: figures.long_wait, Unit.SPAN),
    Measure(_("A talk lasted on average"), lambda figures: figures.talk_length, Unit.SPAN),
    Measure(_("Count as rendered"), lambda figures: figures.rendered),
    Measure(_("Covered, 0 to pay"), lambda figures: figures.free),
    Measure(_("Paid by the patient"), lambda figures: figures.self_paid),
    Measure(_("To be paid back"), lambda figures: figures.owed - figures.paid_back),
    Measure(_("Paid back"), lambda figures: figures.paid_back),
    Measure(_("Ratings"), lambda figures: figures.ratings),
    Measure(_("Average rating, of 5"), lambda figures: figures.rating, Unit.STARS),
    Measure(_("Quality claims received"), lambda figures: figures.claims.total()),
    Measure(_("Claims answered in time"), lambda figures: figures.claims[Answering.IN_TIME]),
    Measure(_("Claims answered late"), lambda figures: figures.claims[Answering.LATE]),
    Measure(_("Claims upheld"), lambda figures: figures.verdicts[Verdict.UPHELD]),
    Measure(_("Claims not upheld"), lambda figures: figures.verdicts[Verdict.REJECTED]),
    Measure(_("Claims to be answered"), lambda figures: figures.claims[Answering.DUE]),
    Measure(_("Claims overdue"), lambda figures: figures.claims[Answering.OVERDUE]),
)
