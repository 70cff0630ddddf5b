"""Which term runs from which fact, and what pauses and extends it (S3, chapters 7, 9, 10). All counting is core.calendar's.

A request to an authority stops a review (7.8). A criminal case stops the review and, because 10.5 speaks of the payment, the
term for paying. A stop that comes when the days have run out stops nothing: what is late stays late.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.rules.facts import Cause, Certificate, Check, Facts, Objection, Payment, Review, ReviewKind, Suspension
from claims.rules.life import UNDER_REVIEW, State, Way
from core.calendar import Pause, Term, Unit, WorkingCalendar, merged
from core.errors import InputError
from core.ruler import add_months


class TermKind(TextChoices):
    NOTICE = "notice", gettext_lazy("notice of the event")
    CERTIFICATE = "certificate", gettext_lazy("certificate of disability")
    CHECK = "check", gettext_lazy("check of the documents")
    DECISION = "decision", gettext_lazy("decision")
    RECERTIFICATION = "recertification", gettext_lazy("decision on the re-certification")
    PAYMENT = "payment", gettext_lazy("payment of the claim")
    INSTALMENT = "instalment", gettext_lazy("next payout")
    OBJECTION = "objection", gettext_lazy("answer to the objection")
    OMBUDSMAN = "ombudsman", gettext_lazy("documents for the ombudsman")


class Side(StrEnum):
    """Whose turn it is."""

    CLAIMANT = "claimant"
    INSURER = "insurer"
    AUTHORITY = "authority"
    NOBODY = "nobody"


@dataclass(frozen=True)
class TermRule:
    n: int
    unit: Unit
    clause: str
    side: Side


RULES = {
    TermKind.NOTICE: TermRule(60, Unit.CALENDAR, "9.1", Side.CLAIMANT),
    TermKind.CERTIFICATE: TermRule(10, Unit.CALENDAR, "9.3(2)", Side.CLAIMANT),
    TermKind.CHECK: TermRule(5, Unit.WORKING, "10.3", Side.INSURER),
    TermKind.DECISION: TermRule(15, Unit.WORKING, "7.8", Side.INSURER),
    TermKind.RECERTIFICATION: TermRule(10, Unit.WORKING, "7.8", Side.INSURER),
    TermKind.PAYMENT: TermRule(15, Unit.WORKING, "7.8", Side.INSURER),
    TermKind.INSTALMENT: TermRule(0, Unit.CALENDAR, "7.4", Side.INSURER),
    TermKind.OBJECTION: TermRule(
        15, Unit.WORKING, "7.10", Side.INSURER
    ),  # no document names one; ours is that of a decision
    TermKind.OMBUDSMAN: TermRule(3, Unit.WORKING, "13.4", Side.INSURER),  # facts.md: the ombudsman's own procedure
}
DECIDES = {
    ReviewKind.FIRST: TermKind.DECISION,
    ReviewKind.RECERTIFICATION: TermKind.RECERTIFICATION,
    ReviewKind.REOPENED: TermKind.DECISION,
}
OWED = {
    Way.INSURER: TermKind.OBJECTION,
    Way.OMBUDSMAN: TermKind.OMBUDSMAN,
}  # a regulator and a court ask for themselves
RESTING = (State.SET_ASIDE, State.CLOSED)  # only an objection still runs
EXAMINED_EVERY = 12  # months: 11.1(4), 11.4(4)


@dataclass(frozen=True)
class Deadline:
    """A term of one claim, and the day on which what it asks for was done."""

    kind: TermKind
    term: Term
    done_on: date | None = None

    @property
    def rule(self) -> TermRule:
        return RULES[self.kind]

    @property
    def due(self) -> date | None:
        """None while the clock stands."""
        return self.term.due

    def day(self, today: date) -> int:
        """«Day 4 of 5»: how many have come; of what is done, by then."""
        return self.term.days_by(self.done_on or today)

    def days_late(self, today: date) -> int:
        """Calendar days after the last one in time: a penalty counts each of them (11.2(4))."""
        return max(((self.done_on or today) - self.due).days, 0) if self.due else 0


class ExtensionRefused(InputError):
    """`code` is "not_running", "too_late", "not_later" or "day_off"."""


def term_of(kind: TermKind, start: date, calendar: WorkingCalendar, pauses: Iterable[Suspension] = ()) -> Term:
    stops = merged(Pause(stop.since, stop.until) for stop in pauses)
    return Term(start, RULES[kind].n, RULES[kind].unit, calendar, stops)


def deadlines(facts: Facts, calendar: WorkingCalendar) -> tuple[Deadline, ...]:
    """Every term of the claim, done and open."""
    return (
        notice_of(facts.event_on, calendar, facts.notified_on),
        *(one for one in _of_case(facts, calendar) if one.done_on or facts.state not in RESTING),
        *(owed for objection in facts.objections if (owed := answer_to(objection, calendar))),
    )


def _of_case(facts: Facts, calendar: WorkingCalendar) -> Iterator[Deadline]:
    """Of checks and reviews without an answer only the last runs, and a review only while the claim is under one."""
    yield from (certificate_of(certificate, calendar) for certificate in facts.certificates)
    for check in facts.checks:
        if check.answered_on or check == facts.checks[-1]:
            yield answer_about(check, calendar)
    for review in facts.reviews:
        if review.decided_on or (review == facts.reviews[-1] and facts.state in UNDER_REVIEW):
            yield decision_of(review, calendar)
        yield from payments_of(review, calendar)


def notice_of(event_on: date, calendar: WorkingCalendar, notified_on: date | None = None) -> Deadline:
    return Deadline(TermKind.NOTICE, term_of(TermKind.NOTICE, event_on, calendar), notified_on)


def certificate_of(certificate: Certificate, calendar: WorkingCalendar) -> Deadline:
    term = term_of(TermKind.CERTIFICATE, certificate.certified_on, calendar)
    return Deadline(TermKind.CERTIFICATE, term, certificate.given_on)


def answer_about(check: Check, calendar: WorkingCalendar) -> Deadline:
    """From the first of the documents that wait for an answer: one that came later does not delay it."""
    return Deadline(TermKind.CHECK, term_of(TermKind.CHECK, check.since, calendar), check.answered_on)


def decision_of(review: Review, calendar: WorkingCalendar) -> Deadline:
    """What stops the clock after the decision, stops the payment and not the decision. A new date (7.8) takes in the stops
    until it was told; those that follow move it."""
    kind = DECIDES[review.kind]
    before = [stop for stop in review.suspensions if not review.decided_on or stop.since < review.decided_on]
    term = term_of(kind, review.since, calendar, before)
    for extension in review.extensions:
        told_on = extension.told_on
        known = tuple(
            Pause(one.since, min(one.until or told_on, told_on)) for one in term.pauses if one.since < told_on
        )
        term = replace(term, n=replace(term, pauses=known).extended(extension.until).n)
    return Deadline(kind, term, review.decided_on)


def payment_term(review: Review, calendar: WorkingCalendar) -> Term | None:
    """7.8: counted from the last day of the review, however early or late the decision came (requirements.md 9.7).
    None while the review stands still: nobody knows its last day."""
    start = decision_of(review, calendar).due
    stops = [stop for stop in review.suspensions if stop.cause == Cause.CRIMINAL_CASE]
    return term_of(TermKind.PAYMENT, start, calendar, stops) if start else None


def payments_of(review: Review, calendar: WorkingCalendar) -> Iterator[Deadline]:
    """What the loan's schedule has for a later day than the term ends is due on its own day (7.4); the rest within the term."""
    term = payment_term(review, calendar) if review.payments else None
    if not term:
        return
    by_itself = {
        one: one.scheduled_on for one in review.payments if one.scheduled_on and _is_after(one.scheduled_on, term)
    }
    within = [one for one in review.payments if one not in by_itself]
    if within:
        yield Deadline(TermKind.PAYMENT, term, _all_paid_on(within))
    for payment, day in by_itself.items():
        yield Deadline(TermKind.INSTALMENT, term_of(TermKind.INSTALMENT, day, calendar), payment.paid_on)


def _is_after(day: date, term: Term) -> bool:
    return term.due is not None and day > term.due


def _all_paid_on(payments: Iterable[Payment]) -> date | None:
    days = [payment.paid_on for payment in payments]
    paid = [day for day in days if day]
    return max(paid) if paid == days else None


def answer_to(objection: Objection, calendar: WorkingCalendar) -> Deadline | None:
    """None where others decide, and the insurer owes nothing."""
    kind = OWED.get(objection.way)
    return Deadline(kind, term_of(kind, objection.filed_on, calendar), objection.answered_on) if kind else None


def nearest(found: Iterable[Deadline]) -> Deadline | None:
    """What the insurer has to do first: the place in the staff queue. None where none of its clocks runs."""
    running = [one for one in found if one.done_on is None and one.rule.side == Side.INSURER and one.due]
    return min(running, key=lambda one: one.due or date.max, default=None)


def check_extension(deadline: Deadline, *, until: date, today: date) -> None:
    """7.8: told while the term still runs, with a new working day after its last one. Raise ExtensionRefused.

    Told later it would take back a delay that has begun, and the penalty with it.
    """
    if deadline.due is None or deadline.done_on:
        raise ExtensionRefused("not_running", _("The term does not run, so it cannot be extended."))
    if today > deadline.due:
        raise ExtensionRefused("too_late", _("The term is over. It can be extended only while it runs."))
    if until <= deadline.due:
        raise ExtensionRefused("not_later", _("The new date must be later than the last day of the term."))
    if not deadline.term.calendar.is_working(until):
        raise ExtensionRefused("day_off", _("The new date must be a working day."))


def next_examination_from(last_on: date) -> date:
    """11.1(4): at the insurer's cost, not more than once a year."""
    return add_months(last_on, EXAMINED_EVERY)
