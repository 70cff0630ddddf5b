"""The part of a claim's facts from which its running terms are counted, as a text.

A claim keeps its text beside the day that sorts it. When the calendar is edited, the engine is asked once for each different
text and not for each claim: many claims became complete on the same day (adr/0047).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from claims.rules.events import InsuredEvent
from claims.rules.facts import Cause, Check, Extension, Facts, Objection, Payment, Review, ReviewKind, Suspension
from claims.rules.life import UNDER_REVIEW, State, Way
from claims.rules.terms import RESTING, TermKind, deadlines, nearest, payment_term
from core.calendar import WorkingCalendar

NEVER = date(9999, 12, 31)  # sorts after every day: the clock stands, or nothing is due
NOT_TOLD = date(2000, 1, 1)  # of the event and the notice, from which no term of the insurer is counted


@dataclass(frozen=True)
class Reading:
    """What the insurer has to do next; `kind` is None where nothing runs. By review, 1, 2 … of the claim: the last day for
    paying."""

    kind: TermKind | None
    on: date
    pay_by: Mapping[int, date]


def clock_of(facts: Facts) -> str:
    """The same text for all claims whose running terms end on the same days, whatever the calendar."""
    told = {
        "state": "review" if facts.state in UNDER_REVIEW else "rest" if facts.state in RESTING else "run",
        "check": next((_day(one.since) for one in facts.checks[-1:] if not one.answered_on), ""),
        "reviews": [
            [number, *_of_review(review)] for number, review in enumerate(facts.reviews, 1) if _counts(review, facts)
        ],
        "objections": sorted([one.way.value, _day(one.filed_on)] for one in facts.objections if not one.answered_on),
    }
    return json.dumps({name: value for name, value in told.items() if value}, separators=(",", ":"))


def _counts(review: Review, facts: Facts) -> bool:
    under_review = review == facts.reviews[-1] and facts.state in UNDER_REVIEW
    return under_review or any(not payment.paid_on for payment in review.payments)


def _of_review(review: Review) -> Iterator[Any]:
    """Of what is to be paid the first is enough: the others are due on their own, later days."""
    yield review.kind.value
    yield _day(review.since)
    yield _day(review.decided_on)
    yield [[stop.cause.value, _day(stop.since), _day(stop.until)] for stop in review.suspensions]
    yield [[_day(one.told_on), _day(one.until)] for one in review.extensions]
    unpaid = [payment.scheduled_on for payment in review.payments if not payment.paid_on]
    yield [_day(min(unpaid, key=lambda day: day or date.min))] if unpaid else []


def read_clock(text: str, calendar: WorkingCalendar) -> Reading:
    """Of what `clock_of` gave."""
    told = json.loads(text)
    reviews = {number: _review(*review) for number, *review in told.get("reviews", [])}
    facts = Facts(
        state={"review": State.REVIEW, "rest": State.CLOSED, "run": State.PAYING}[told["state"]],
        event=InsuredEvent.DEATH, event_on=NOT_TOLD, notified_on=NOT_TOLD,
        checks=(Check(_read(told["check"]), _read(told["check"])),) if "check" in told else (),
        reviews=tuple(reviews.values()),
        objections=tuple(Objection(Way(way), _read(filed_on)) for way, filed_on in told.get("objections", [])),
    )  # fmt: skip
    first = nearest(deadlines(facts, calendar))
    pay_by = {number: payment_term(review, calendar) for number, review in reviews.items() if review.payments}
    return Reading(
        kind=first.kind if first else None,
        on=(first.due if first else None) or NEVER,
        pay_by={number: (term.due if term else None) or NEVER for number, term in pay_by.items()},
    )


def _review(
    kind: str, since: str, decided_on: str, stops: list[list[str]], extensions: list[list[str]], unpaid: list[str]
) -> Review:
    return Review(
        ReviewKind(kind), _read(since),
        suspensions=tuple(Suspension(Cause(cause), _read(began), _maybe(until)) for cause, began, until in stops),
        extensions=tuple(Extension(_read(told_on), _read(until)) for told_on, until in extensions),
        decided_on=_maybe(decided_on),
        payments=tuple(Payment(_maybe(day)) for day in unpaid),
    )  # fmt: skip


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _read(day: str) -> date:
    return date.fromisoformat(day)


def _maybe(day: str) -> date | None:
    return _read(day) if day else None
