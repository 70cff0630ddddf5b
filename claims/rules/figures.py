"""What is counted of claims: received, decided and how, in time or late, how many days it took, what was refused and why.

A claim is received on the day of its notice, and decided on the day of its decision: a period tells of both, and they are
not the same claims. In time is what the clock of the claim says (rules.terms), stops and extensions included.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from claims.rules.facts import Extension, Review, ReviewKind, Suspension
from claims.rules.life import Outcome
from claims.rules.terms import decision_of
from core.calendar import WorkingCalendar
from core.measures import Measure, Unit, Value, quantile, share

HALF, NINE_OF_TEN = 0.5, 0.9


@dataclass(frozen=True)
class Received:
    """Claims whose notices came on one day."""

    insurer: int
    product: int | None  # None: the contract is not found yet
    event: str
    on: date
    claims: int


@dataclass(frozen=True)
class Decided:
    """Decisions that are alike in everything that is counted. `since`: the set was complete, or a review was opened anew."""

    insurer: int
    product: int | None
    event: str
    outcome: str
    ground: str
    kind: str
    since: date
    on: date
    claims: int
    stops: tuple[Suspension, ...] = ()
    extensions: tuple[Extension, ...] = ()

    def is_late(self, calendar: WorkingCalendar) -> bool:
        review = Review(ReviewKind(self.kind), self.since, self.stops, self.extensions, Outcome(self.outcome), self.on)
        return decision_of(review, calendar).term.is_late(self.on)


@dataclass
class Figures:
    """Sums that can be added up, and what is read from them."""

    received: Counter[str] = field(default_factory=Counter)  # by event
    outcomes: Counter[str] = field(default_factory=Counter)
    late: int = 0
    days: Counter[int] = field(default_factory=Counter)  # calendar days from the full set to the decision → claims
    grounds: Counter[str] = field(default_factory=Counter)
    open: int = 0  # now
    overdue: int = 0  # now

    def receive(self, cell: Received) -> None:
        self.received[cell.event] += cell.claims

    def decide(self, cell: Decided, *, is_late: bool) -> None:
        self.outcomes[cell.outcome] += cell.claims
        self.late += cell.claims if is_late else 0
        self.days[(cell.on - cell.since).days] += cell.claims
        if cell.ground:
            self.grounds[cell.ground] += cell.claims

    @property
    def came(self) -> int:
        return self.received.total()

    @property
    def decided(self) -> int:
        return self.outcomes.total()

    @property
    def in_time(self) -> float | None:
        return share(self.decided - self.late, self.decided)

    @property
    def is_empty(self) -> bool:
        return not (self.received or self.outcomes or self.open)


def _outcomes(outcome: Outcome) -> Callable[[Figures], Value]:
    return lambda figures: figures.outcomes[outcome]


MEASURES: tuple[Measure, ...] = (
    Measure(_("Claims received"), lambda figures: figures.came),
    Measure(_("Decided"), lambda figures: figures.decided),
    Measure(_("Decided to pay"), _outcomes(Outcome.APPROVED)),
    Measure(_("Decided to pay in part"), _outcomes(Outcome.PARTLY)),
    Measure(_("Decided to refuse"), _outcomes(Outcome.REFUSED)),
    Measure(_("Decided in time"), lambda figures: figures.in_time, Unit.SHARE),
    Measure(_("Half were decided within, days"), lambda figures: quantile(figures.days, HALF)),
    Measure(_("Nine of ten were decided within, days"), lambda figures: quantile(figures.days, NINE_OF_TEN)),
    Measure(_("Open now"), lambda figures: figures.open),
    Measure(_("Overdue now"), lambda figures: figures.overdue),
)


def part_of(day: date, starts: Sequence[date]) -> int:
    """Which of the parts that begin on these days it lies in, from 0."""
    return sum(day >= start for start in starts) - 1
