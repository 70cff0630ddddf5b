"""The rows of claims as the clock reads them (claims.rules.facts). The same few queries for one claim and for a thousand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from claims.models import Certificate, Check, Claim, Extension, Instalment, Objection, Review, Suspension
from claims.models.payments import InstalmentKind
from claims.rules import facts
from claims.rules.events import InsuredEvent
from claims.rules.facts import Cause, Facts, ReviewKind
from claims.rules.life import InstalmentState, Outcome, State, Way
from core.calendar import WorkingCalendar
from core.queries import load_calendar
from policies.models import Insurer

NO_FACT = (InstalmentState.CANCELLED, InstalmentState.REPLACED)
Row = TypeVar("Row", bound=Model)


def calendar_of(insurer: Insurer) -> WorkingCalendar:
    """One query."""
    return load_calendar(insurer.country)


def facts_of(claim: Claim) -> Facts:
    """Seven queries at most."""
    return facts_of_many([claim])[claim.pk]


def facts_of_many(claims: Sequence[Claim]) -> dict[int, Facts]:
    """By the claim's number inside. Seven queries for any number of claims."""
    keys = [claim.pk for claim in claims]
    reviews = _reviews(keys)
    certificates = _by(Certificate.objects.filter(claim__in=keys), "claim_id")
    checks = _by(Check.objects.filter(claim__in=keys), "claim_id")
    objections = _by(Objection.objects.filter(claim__in=keys), "claim_id")
    return {
        claim.pk: Facts(
            state=State(claim.state),
            event=InsuredEvent(claim.event),
            event_on=claim.event_on,
            notified_on=claim.notified_on,
            certificates=tuple(facts.Certificate(one.certified_on, one.given_on) for one in certificates[claim.pk]),
            checks=tuple(
                facts.Check(one.since, one.latest, one.answered_on, one.found_missing) for one in checks[claim.pk]
            ),
            reviews=tuple(reviews[claim.pk]),
            objections=tuple(
                facts.Objection(Way(one.way), one.filed_on, one.answered_on) for one in objections[claim.pk]
            ),
            stopped_on=claim.stopped_on,
            ended_on=claim.ended_on,
        )
        for claim in claims
    }


def _reviews(claims: Sequence[int]) -> dict[int, list[facts.Review]]:
    rows = list(Review.objects.filter(claim__in=claims).order_by("claim", "number"))
    keys = [review.pk for review in rows]
    if not keys:
        return defaultdict(list)
    stops = _by(Suspension.objects.filter(review__in=keys), "review_id")
    longer = _by(Extension.objects.filter(review__in=keys), "review_id")
    payments = _payments(keys)
    found: dict[int, list[facts.Review]] = defaultdict(list)
    for row in rows:
        found[row.claim_id].append(
            facts.Review(
                kind=ReviewKind(row.kind),
                since=row.since,
                suspensions=tuple(
                    facts.Suspension(Cause(one.cause), one.since, one.until, one.why) for one in stops[row.pk]
                ),
                extensions=tuple(facts.Extension(one.told_on, one.until, one.why) for one in longer[row.pk]),
                outcome=Outcome(row.outcome) if row.outcome else None,
                decided_on=row.decided_on,
                payments=tuple(payments[row.pk]),
            )
        )
    return found


def _payments(reviews: Sequence[int]) -> dict[int, list[facts.Payment]]:
    """Of payouts alone: a penalty is no payout and has no term."""
    rows = Instalment.objects.filter(decision__review__in=reviews, kind=InstalmentKind.PAYOUT).exclude(
        state__in=NO_FACT
    )
    found: dict[int, list[facts.Payment]] = defaultdict(list)
    for review, scheduled_on, paid_on in rows.order_by("number", "pk").values_list(
        "decision__review", "scheduled_on", "paid_on"
    ):
        found[review].append(facts.Payment(scheduled_on, paid_on))
    return found


def _by(rows: "QuerySet[Row] | Iterable[Row]", column: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found
