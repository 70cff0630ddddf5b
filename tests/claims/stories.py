"""A claim told day by day: what happens changes its state by the table, and its facts."""

from dataclasses import replace
from datetime import date
from typing import Any

from claims.rules.events import InsuredEvent
from claims.rules.facts import Cause, Check, Extension, Facts, Payment, Review, ReviewKind, Suspension
from claims.rules.life import CLAIM_LIFE, Event, Outcome, State
from claims.rules.timeline import Timeline, timeline
from core.calendar import WorkingCalendar

KAZAKHSTAN = WorkingCalendar("KZ")


class Story:
    def __init__(self, event_on: date, notified_on: date, event: InsuredEvent = InsuredEvent.DISABILITY) -> None:
        self.facts = Facts(State.NOTIFIED, event, event_on, notified_on)

    def on(self, today: date, *, expected_on: date | None = None) -> Timeline:
        return timeline(self.facts, KAZAKHSTAN, today=today, expected_on=expected_on)

    def deliver(self, day: date) -> None:
        self._move(Event.DELIVER, checks=self._with_documents(day))

    def hand_in(self, day: date) -> None:
        self._move(Event.HAND_IN, checks=self._with_documents(day))

    def name_missing(self, day: date) -> None:
        self._move(Event.NAME_MISSING, checks=self._answered(day, found_missing=True))

    def complete(self, day: date, *, since: date) -> None:
        begun = (*self.facts.reviews, Review(ReviewKind.FIRST, since))
        self._move(Event.COMPLETE, checks=self._answered(day, found_missing=False), reviews=begun)

    def suspend(self, day: date, cause: Cause = Cause.AUTHORITY, why: str = "") -> None:
        stops = (*self.review.suspensions, Suspension(cause, day, why=why))
        self._move(Event.POSTPONE if self.facts.state == State.APPROVED else Event.SUSPEND, suspensions=stops)

    def answer(self, day: date) -> None:
        """The oldest of those that are awaited."""
        waiting = [stop for stop in self.review.suspensions if not stop.until]
        stops = tuple(replace(one, until=day) if one in waiting[:1] else one for one in self.review.suspensions)
        self._move(Event.ANSWER if len(waiting) > 1 else Event.RESUME, suspensions=stops)

    def extend(self, day: date, *, until: date, why: str = "") -> None:
        self._move(Event.EXTEND, extensions=(*self.review.extensions, Extension(day, until, why)))

    def approve(self, day: date, *scheduled: date) -> None:
        """To be paid at once, or by the loan's schedule."""
        payments = tuple(Payment(one) for one in scheduled) or (Payment(),)
        self._move(Event.APPROVE, outcome=Outcome.APPROVED, decided_on=day, payments=payments)

    def refuse(self, day: date) -> None:
        self._move(Event.REFUSE, outcome=Outcome.REFUSED, decided_on=day)

    def pay(self, day: date) -> None:
        """The next one that is not paid."""
        if self.facts.state == State.APPROVED:
            self._move(Event.PAY)
        nth = [bool(one.paid_on) for one in self.review.payments].index(False)
        paid = replace(self.review.payments[nth], paid_on=day)
        self._review(payments=(*self.review.payments[:nth], paid, *self.review.payments[nth + 1 :]))
        if all(one.paid_on for one in self.review.payments):
            self._move(Event.SETTLE)

    def begin_again(self, day: date, event: Event, kind: ReviewKind) -> None:
        self._move(event, reviews=(*self.facts.reviews, Review(kind, day)))

    def set_aside(self, day: date) -> None:
        self._move(Event.WITHDRAW, ended_on=day)

    def restore(self, day: date) -> None:
        self._move(Event.RESTORE, ended_on=None, checks=(*self.facts.checks, Check(day, day)))

    def close(self, day: date) -> None:
        self._move(Event.CLOSE, ended_on=day)

    @property
    def review(self) -> Review:
        return self.facts.reviews[-1]

    def _move(self, event: Event, **facts: Any) -> None:
        """Raise WrongMoment, and nothing has happened."""
        state = CLAIM_LIFE.after(self.facts.state, event)
        ours = {name: facts.pop(name) for name in list(facts) if name in Facts.__dataclass_fields__}
        self.facts = replace(self.facts, state=state, **ours)
        if facts:
            self._review(**facts)

    def _review(self, **facts: Any) -> None:
        self.facts = replace(self.facts, reviews=(*self.facts.reviews[:-1], replace(self.review, **facts)))

    def _with_documents(self, day: date) -> tuple[Check, ...]:
        checks = self.facts.checks
        if checks and not checks[-1].answered_on:
            return (*checks[:-1], replace(checks[-1], latest=day))
        return (*checks, Check(day, day))

    def _answered(self, day: date, *, found_missing: bool) -> tuple[Check, ...]:
        checks = self.facts.checks
        if checks and not checks[-1].answered_on:
            return (*checks[:-1], replace(checks[-1], answered_on=day, found_missing=found_missing))
        return checks
