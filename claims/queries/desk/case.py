"""One claim with everything that hangs on it: the reviewer's page. The clock on it is the claimant's own timeline."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from claims.models import (
    Claim,
    Decision,
    EarlierKnowledge,
    ExcludedCountry,
    Item,
    Letter,
    Note,
    Objection,
    Opening,
    Page,
    Payee,
    Step,
    Suspension,
)
from claims.queries.desk.matching import others_about
from claims.queries.facts import calendar_of
from claims.queries.timeline import timeline_of
from claims.rules.facts import Cause
from claims.rules.life import CLAIM_LIFE, OBJECTION_LIFE, Actor, Event, ObjectionEvent, ObjectionState, State
from claims.rules.notice import Excluded, Timeliness, territory_warnings, timeliness
from claims.rules.timeline import Timeline
from notices.models import Delivery

LATEST = 50  # steps of the history that a page shows


@dataclass(frozen=True)
class CasePage:
    claim: Claim
    timeline: Timeline
    items: list[Item]
    payees: list[Payee]
    stops: list[Suspension]
    notes: list[Note]
    decisions: list[Decision]
    objections: list[Objection]
    letters: list["Sent"]
    steps: list[Step]
    openings: list[Opening]
    others: list[Claim]
    timeliness: Timeliness
    warnings: tuple[Excluded, ...]
    acts: frozenset[Event]

    @property
    def waiting(self) -> Decision | None:
        """The decision that waits for approval."""
        return next((one for one in self.decisions if one.is_undecided), None)

    @property
    def awaited(self) -> list[Suspension]:
        """Questions and criminal cases without an answer."""
        return [stop for stop in self.stops if stop.until is None]

    @property
    def requests(self) -> list[Suspension]:
        """To authorities, answered or not."""
        return [stop for stop in self.stops if stop.cause == Cause.AUTHORITY]

    @property
    def is_under_review(self) -> bool:
        return self.claim.state == State.REVIEW


@dataclass(frozen=True)
class Sent:
    """A letter, and what became of it: the tries of its notice."""

    letter: Letter
    deliveries: list[Delivery]


def claim_at_desk(insurers: set[int], public_id: Any) -> Claim | None:
    """None: not there, or another insurer's. One query."""
    rows = Claim.objects.filter(insurer__in=insurers, public_id=public_id)
    joined = ("insurer", "person__insurer", "policy__product_version__product", "reviewer", "claimant", "application")
    return rows.select_related(*joined).first()


def claim_numbered(insurers: set[int], number: int) -> Claim | None:
    return Claim.objects.filter(insurer__in=insurers, number=number).first()


def has_opened(claim: Claim, user: Any, on: date) -> bool:
    """Today, for whatever reason. One query."""
    return Opening.objects.filter(claim=claim, by=user, on=on).exists()


def case_page(claim: Claim, *, today: date) -> CasePage:
    """Some twenty queries, as many for any claim: one a kind of row."""
    known = [one.fact for one in EarlierKnowledge.objects.filter(claim=claim)]
    excluded = [one.fact for one in ExcludedCountry.objects.filter(insurer=claim.insurer_id, country=claim.country)]
    return CasePage(
        claim=claim,
        timeline=timeline_of(claim, today=today),
        items=items_of(claim),
        payees=list(claim.payees.current()),
        stops=list(Suspension.objects.filter(review__claim=claim).select_related("paper").order_by("pk")),
        notes=list(claim.notes.select_related("by")),
        decisions=list(claim.decisions.select_related("proposed_by", "endorsed_by", "approved_by", "evidence_item")),
        objections=list(claim.objections.select_related("decision")),
        letters=sent_letters(claim.letters.all()),
        steps=list(claim.steps.select_related("item", "by").order_by("-pk")[:LATEST]),
        openings=list(claim.openings.select_related("by").order_by("-pk")[:LATEST]),
        others=others_about(claim),
        timeliness=timeliness(claim.event_on, claim.notified_on, known, calendar_of(claim.insurer)),
        warnings=territory_warnings(claim.country, claim.event_on, excluded),
        acts=frozenset(CLAIM_LIFE.open_to(Actor.REVIEWER, State(claim.state))),
    )


def items_of(claim: Claim) -> list[Item]:
    """With their pages, each with its file. Two queries."""
    items = list(claim.items.prefetch_related("pages__upload"))
    for item in items:
        item.claim = claim
    return items


def sent_letters(letters: QuerySet[Letter]) -> list[Sent]:
    """The newest first. Two queries."""
    found = list(letters.select_related("paper", "claim").order_by("-pk"))
    tries: dict[int, list[Delivery]] = defaultdict(list)
    for one in Delivery.objects.filter(notice__in=[letter.notice_id for letter in found if letter.notice_id]).order_by(
        "pk"
    ):
        tries[one.notice_id].append(one)
    return [Sent(letter, tries[letter.notice_id] if letter.notice_id else []) for letter in found]


def judgements_of(objection: Objection) -> list[ObjectionEvent]:
    """What an approver may decide about it now."""
    open_to = OBJECTION_LIFE.open_to(Actor.APPROVER, ObjectionState(objection.state))
    return [event for event in open_to if event in (ObjectionEvent.UPHOLD, ObjectionEvent.DENY)]


# ── Parts of a claim by the keys of their addresses; None: not there, or another claim's ──
def suspension_of(claim: Claim, public_id: Any) -> Suspension | None:
    rows = Suspension.objects.filter(review__claim=claim, public_id=public_id)
    return rows.select_related("review__claim__insurer", "paper").first()


def item_of(claim: Claim, public_id: Any) -> Item | None:
    found = claim.items.prefetch_related("pages__upload", "certificates").filter(public_id=public_id).first()
    if found:
        found.claim = claim
    return found


def page_of_claim(claim: Claim, number: int) -> Page | None:
    return Page.objects.filter(item__claim=claim, pk=number).select_related("item__claim__insurer", "upload").first()


def decision_of(claim: Claim, public_id: Any) -> Decision | None:
    joined = ("proposed_by", "endorsed_by", "approved_by", "evidence_item", "review")
    found = claim.decisions.select_related(*joined).filter(public_id=public_id).first()
    if found:
        found.claim = claim
    return found


def objection_of(claim: Claim, public_id: Any) -> Objection | None:
    found = claim.objections.select_related("decision", "answered_by").filter(public_id=public_id).first()
    if found:
        found.claim = claim
    return found


def letter_of(claim: Claim, public_id: Any) -> Sent | None:
    return next(iter(sent_letters(claim.letters.filter(public_id=public_id))), None)
