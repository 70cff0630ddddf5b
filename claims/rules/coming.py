"""What comes by when, on what it depends, and what would move it. What nobody knows yet is supposed, and says so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from operator import attrgetter

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.rules.events import InsuredEvent
from claims.rules.facts import Facts, Review, ReviewKind
from claims.rules.life import State
from claims.rules.terms import Deadline, Side, TermKind, decision_of, payment_term
from core.calendar import WorkingCalendar
from core.dates import on_date


class Condition(TextChoices):
    """On what it depends that something comes by its day. The hole is filled by `Coming.provided`."""

    ALL_RECEIVED = "all_received", _("if all documents are with us %(on_date)s")
    NOTHING_MISSING = "nothing_missing", _("if nothing is missing")
    ANSWER = "answer", _("if the answer comes %(on_date)s")
    APPROVAL = "approval", _("if the decision is to pay")


class Mover(TextChoices):
    LAST_DOCUMENT = "last_document", _("The review begins when the last document is with us.")
    MISSING = "missing", _("If something is missing, the review begins when it is with us.")
    AUTHORITY = "authority", _("If we ask an authority, the clock stands until its answer. We will write to you.")
    CRIMINAL_CASE = (
        "criminal_case",
        _("If a criminal case is opened, the clock stands until its end. We will write to you."),
    )
    EXTENSION = "extension", _("If we need to know more, we extend the review and write to you why and until when.")
    ANSWER = "answer", _("Until the answer comes no day counts; those that are left follow it.")
    CALENDAR = "calendar", _("If a working day is declared a day off, what is counted in working days moves.")
    REHABILITATION = "rehabilitation", _("If the disability ceases, the payouts may be stopped. We will write to you.")

    @property
    def clause(self) -> str:
        """Empty where the rules do not speak of it."""
        return SAYS.get(self, "")


SAYS = {
    Mover.LAST_DOCUMENT: "7.8", Mover.MISSING: "10.3", Mover.AUTHORITY: "7.8", Mover.CRIMINAL_CASE: "10.5",
    Mover.EXTENSION: "7.8", Mover.ANSWER: "7.8, 10.5", Mover.REHABILITATION: "7.11",
}  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """What a state means to the clock: whose turn it is, on what the next days depend, what would move them."""

    side: Side
    condition: Condition | None = None
    movers: tuple[Mover, ...] = ()


FOR_DOCUMENTS = Waiting(Side.CLAIMANT, Condition.ALL_RECEIVED, (Mover.LAST_DOCUMENT,))
FOR_ANSWER = Waiting(Side.AUTHORITY, Condition.ANSWER, (Mover.ANSWER, Mover.CALENDAR))
FOR_DECISION = (Mover.AUTHORITY, Mover.CRIMINAL_CASE, Mover.EXTENSION, Mover.CALENDAR)
FOR_NOTHING = Waiting(Side.NOBODY)
WAITING = {
    State.NOTIFIED: FOR_DOCUMENTS,
    State.INCOMPLETE: FOR_DOCUMENTS,
    State.CHECKING: Waiting(Side.INSURER, Condition.NOTHING_MISSING, (Mover.MISSING,)),
    State.REVIEW: Waiting(Side.INSURER, Condition.APPROVAL, FOR_DECISION),
    State.SUSPENDED: FOR_ANSWER,
    State.APPROVED: Waiting(Side.INSURER, None, (Mover.CRIMINAL_CASE, Mover.CALENDAR)),
    State.POSTPONED: FOR_ANSWER,
    State.PAYING: Waiting(Side.INSURER, None, (Mover.REHABILITATION,)),
}


@dataclass(frozen=True)
class Coming:
    """`on` is the day that the condition names; what has no condition comes anyway."""

    kind: TermKind
    by: date
    condition: Condition | None = None
    on: date | None = None

    @property
    def provided(self) -> str:
        """«If all documents are with us on 23 November 2026», in the active language."""
        on = on_date(self.on) if self.on else ""
        return str(self.condition.label) % {"on_date": on} if self.condition else ""


def waiting(facts: Facts) -> Waiting:
    """The dead are not rehabilitated."""
    found = WAITING.get(facts.state, FOR_NOTHING)
    if facts.event != InsuredEvent.DEATH:
        return found
    return replace(found, movers=tuple(mover for mover in found.movers if mover != Mover.REHABILITATION))


def coming(
    facts: Facts, found: Iterable[Deadline], calendar: WorkingCalendar, *, today: date, expected_on: date
) -> tuple[Coming, ...]:
    """From today on: what is late already runs. `expected_on`: when what is waited for is supposed to come."""
    supposed = _if_so(facts, calendar, expected_on)
    scheduled = [one.due for one in found if one.kind == TermKind.INSTALMENT and not one.done_on]
    later = [Coming(TermKind.INSTALMENT, due) for due in scheduled if due and due > today]
    return (*(one for one in supposed if one.by >= today), *sorted(later, key=attrgetter("by"))[:1])


def _if_so(facts: Facts, calendar: WorkingCalendar, expected_on: date) -> Iterator[Coming]:
    condition = waiting(facts).condition
    if not condition:
        return
    review, on = _supposed(facts, condition, expected_on)
    decision, payment = decision_of(review, calendar), payment_term(review, calendar)
    if decision.due and not review.outcome and condition != Condition.APPROVAL:
        yield Coming(decision.kind, decision.due, condition, on)
    if payment and payment.due:
        yield Coming(TermKind.PAYMENT, payment.due, condition, on)


def _supposed(facts: Facts, condition: Condition, expected_on: date) -> tuple[Review, date | None]:
    """The review as it would be, and the day that makes it so."""
    match condition:
        case Condition.ALL_RECEIVED:
            return Review(ReviewKind.FIRST, expected_on), expected_on
        case Condition.NOTHING_MISSING:
            came_on = facts.checks[-1].latest
            return Review(ReviewKind.FIRST, came_on), came_on
        case Condition.ANSWER:
            review = facts.reviews[-1]
            answered = tuple(replace(stop, until=stop.until or expected_on) for stop in review.suspensions)
            return replace(review, suspensions=answered), expected_on
        case Condition.APPROVAL:
            return facts.reviews[-1], None
