"""What passed on which day, and in which of the terms: the part of a claim's timeline that does not change any more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.rules.events import InsuredEvent
from claims.rules.facts import Cause, Facts, Objection, Review, ReviewKind
from claims.rules.life import Outcome, State, Way
from claims.rules.terms import (
    Deadline,
    answer_about,
    answer_to,
    certificate_of,
    decision_of,
    notice_of,
    payments_of,
)
from core.calendar import WorkingCalendar


class What(TextChoices):
    EVENT = "event", _("The event")
    NOTICE = "notice", _("The notice was registered")
    CERTIFICATE = "certificate", _("The certificate of disability was given")
    RECEIVED = "received", _("Documents were received")
    MISSING = "missing", _("Missing documents were named")
    NOTHING_MISSING = "nothing_missing", _("The documents were checked: nothing is missing")
    COMPLETE = "complete", _("All documents are there, the review began")
    RECERTIFICATION = "recertification", _("The re-certification was received")
    REOPENED = "reopened", _("The review was reopened")
    AUTHORITY = "authority", _("An authority was asked")
    CRIMINAL_CASE = "criminal_case", _("A criminal case was opened")
    ANSWER = "answer", _("The answer came")
    EXTENDED = "extended", _("The review was extended")
    APPROVED = "approved", _("Decision: to pay")
    PARTLY = "partly", _("Decision: to pay in part")
    REFUSED = "refused", _("Decision: to refuse")
    PAID = "paid", _("Paid")
    STOPPED = "stopped", _("The payouts were stopped")
    OBJECTION = "objection", _("An objection was filed")
    ANSWERED = "answered", _("The objection was answered")
    DOCUMENTS = "documents", _("The documents for the ombudsman were made ready")
    SET_ASIDE = "set_aside", _("The claim was set aside without a decision")
    CLOSED = "closed", _("The claim was closed")


CLAUSES = {
    What.EVENT: "3.1", What.NOTICE: "9.2", What.CERTIFICATE: "9.3(2)", What.MISSING: "10.3", What.NOTHING_MISSING: "10.3",
    What.COMPLETE: "7.8", What.RECERTIFICATION: "7.7", What.AUTHORITY: "7.8", What.CRIMINAL_CASE: "10.5",
    What.EXTENDED: "7.8", What.APPROVED: "7.8", What.PARTLY: "7.8", What.REFUSED: "7.10", What.PAID: "7.9",
    What.STOPPED: "7.11", What.OBJECTION: "7.10", What.DOCUMENTS: "13.4",
}  # fmt: skip
BEGAN = {
    ReviewKind.FIRST: What.COMPLETE,
    ReviewKind.RECERTIFICATION: What.RECERTIFICATION,
    ReviewKind.REOPENED: What.REOPENED,
}
STOPPED_BY = {Cause.AUTHORITY: What.AUTHORITY, Cause.CRIMINAL_CASE: What.CRIMINAL_CASE}
DECIDED = {Outcome.APPROVED: What.APPROVED, Outcome.PARTLY: What.PARTLY, Outcome.REFUSED: What.REFUSED}


@dataclass(frozen=True)
class Passed:
    """`ended` is the term in which this was done; `why` stands as somebody wrote it, `until` is the date told with it."""

    what: What
    on: date
    ended: Deadline | None = None
    about: InsuredEvent | Way | None = None
    why: str = ""
    until: date | None = None

    @property
    def clause(self) -> str:
        """Empty where the rules do not speak of it."""
        return CLAUSES.get(self.what, "")


def passed(facts: Facts, calendar: WorkingCalendar) -> tuple[Passed, ...]:
    """In the order of the days; of one day, in the order in which things follow from one another."""
    return tuple(sorted(_told(facts, calendar), key=attrgetter("on")))


def _told(facts: Facts, calendar: WorkingCalendar) -> Iterator[Passed]:
    yield Passed(What.EVENT, facts.event_on, about=facts.event)
    yield Passed(What.NOTICE, facts.notified_on, notice_of(facts.event_on, calendar, facts.notified_on))
    for certificate in facts.certificates:
        if certificate.given_on:
            yield Passed(What.CERTIFICATE, certificate.given_on, certificate_of(certificate, calendar))
    for check in facts.checks:
        yield from (Passed(What.RECEIVED, day) for day in sorted({check.since, check.latest}))
        if check.answered_on:
            found = What.MISSING if check.found_missing else What.NOTHING_MISSING
            yield Passed(found, check.answered_on, answer_about(check, calendar))
    for review in facts.reviews:
        yield from _of_review(review, calendar)
    if facts.stopped_on:
        yield Passed(What.STOPPED, facts.stopped_on)
    for objection in facts.objections:
        yield from _of_objection(objection, calendar)
    if facts.ended_on:
        yield Passed(What.SET_ASIDE if facts.state == State.SET_ASIDE else What.CLOSED, facts.ended_on)


def _of_review(review: Review, calendar: WorkingCalendar) -> Iterator[Passed]:
    yield Passed(BEGAN[review.kind], review.since)
    for stop in review.suspensions:
        yield Passed(STOPPED_BY[stop.cause], stop.since, why=stop.why)
        if stop.until:
            yield Passed(What.ANSWER, stop.until)
    for extension in review.extensions:
        yield Passed(What.EXTENDED, extension.told_on, why=extension.why, until=extension.until)
    if review.outcome and review.decided_on:
        yield Passed(DECIDED[review.outcome], review.decided_on, decision_of(review, calendar))
    kept = {deadline.done_on: deadline for deadline in payments_of(review, calendar)}
    for day in sorted({payment.paid_on for payment in review.payments if payment.paid_on}):
        yield Passed(What.PAID, day, kept.get(day))


def _of_objection(objection: Objection, calendar: WorkingCalendar) -> Iterator[Passed]:
    yield Passed(What.OBJECTION, objection.filed_on, about=objection.way)
    if objection.answered_on:
        done = What.DOCUMENTS if objection.way == Way.OMBUDSMAN else What.ANSWERED
        yield Passed(done, objection.answered_on, answer_to(objection, calendar), objection.way)
