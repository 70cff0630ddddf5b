"""Quality claims, for the coordinators of an insurer: what was claimed and what is on record, never what was said."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from core.calendar import Term, WorkingCalendar, add_calendar_days
from core.money import Money
from core.queries import load_calendar
from core.ruler import Ruler, day_ruler
from policies.models import Insurer, RenderedConsultation
from policies.queries.scopes import Scope
from telemed.models import Attempt, ConsultationStep, QualityClaim, Rating
from telemed.rules import Answering, Verdict, answer_due, answering

MOST = 100
TAGS = {Answering.IN_TIME: "ok", Answering.LATE: "err", Answering.DUE: "todo", Answering.OVERDUE: "err"}


@dataclass(frozen=True)
class ListedClaim:
    claim: QualityClaim
    term: Term  # for the answer
    answering: Answering
    ruler: Ruler | None  # of the term that runs; nothing once it is answered

    @property
    def is_upheld(self) -> bool:
        return self.claim.answer.verdict == Verdict.UPHELD

    @property
    def tag(self) -> str:
        return TAGS[self.answering]


def open_claims(insurers: Collection[int], *, now: datetime) -> list[ListedClaim]:
    """What is to be answered first comes first. One query, and one for each country."""
    return _listed(_of(insurers).filter(answer=None), now)


def claims_of(scope: Scope, *, now: datetime) -> list[ListedClaim]:
    """Those that were received on these days. As many queries."""
    return _listed(_of(scope.insurers).filter(scope.among("consultation__insurer", "at")), now)


def _listed(rows: QuerySet[QualityClaim], now: datetime) -> list[ListedClaim]:
    claims = list(rows.order_by("at", "pk")[:MOST])
    calendars = {country: load_calendar(country) for country in {one.consultation.insurer.country for one in claims}}
    return [_claim(claim, calendars[claim.consultation.insurer.country], now) for claim in claims]


def _claim(claim: QualityClaim, calendar: WorkingCalendar, now: datetime) -> ListedClaim:
    insurer = claim.consultation.insurer
    term, answer = answer_due(insurer.today(claim.at), calendar), getattr(claim, "answer", None)
    answered_on, today = insurer.today(answer.at) if answer else None, insurer.today(now)
    ruler = None if answer or not term.due else day_ruler(term.start, add_calendar_days(term.due, 1), today)
    return ListedClaim(claim, term, answering(term, answered_on, today=today), ruler)


@dataclass(frozen=True)
class ClaimPage:
    claim: QualityClaim
    due_on: date | None
    steps: list[ConsultationStep]
    attempts: list[Attempt]
    rating: Rating | None
    taken: Money | None  # from the sum insured: what an upheld claim gives back


def claim_page(insurers: Collection[int], public_id: UUID) -> ClaimPage | None:
    """Six queries."""
    claim = _of(insurers).filter(public_id=public_id).first()
    if claim is None:
        return None
    consultation = claim.consultation
    return ClaimPage(
        claim=claim,
        due_on=answer_due(consultation.insurer.today(claim.at), load_calendar(consultation.insurer.country)).due,
        steps=list(consultation.steps.order_by("at", "pk")),
        attempts=list(consultation.attempts.order_by("pk")),
        rating=Rating.objects.filter(consultation=consultation).first(),
        taken=_taken(consultation.public_id),
    )


def _taken(reference: UUID) -> Money | None:
    rendered = RenderedConsultation.objects.filter(reference=reference).select_related("policy__insurer").first()
    return rendered.taken if rendered and rendered.amount else None


def _of(insurers: Collection[int | Insurer]) -> QuerySet[QualityClaim]:
    rows = QualityClaim.objects.filter(consultation__insurer__in=insurers)
    return rows.select_related("consultation__insurer", "consultation__patient", "consultation__doctor", "answer")
