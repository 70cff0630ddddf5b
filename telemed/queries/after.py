"""What the patient reads after a consultation: the conclusion, what it cost, until when quality may be claimed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.money import Money
from core.queries import load_calendar
from core.rows.viewers import working
from core.ruler import Ruler, day_ruler
from policies.models import Insurer, RenderedConsultation
from telemed.models import (
    Attempt,
    ClaimAnswer,
    Conclusion,
    ConclusionDocument,
    Consultation,
    Paper,
    QualityClaim,
    Rating,
)
from telemed.rules import CLAIMABLE, JOB, State, accepted_on, answer_due, claim_until, may_claim, may_rate


@dataclass(frozen=True)
class After:
    consultation: Consultation
    conclusion: Conclusion | None
    documents: list[ConclusionDocument]  # as PDF; still fewer than languages while a worker draws
    attempts: list[Attempt]
    taken: Money | None  # from the sum insured; None: nothing is counted
    is_given_back: bool  # …and it is there again
    rating: Rating | None
    claim: QualityClaim | None
    answer: ClaimAnswer | None
    answer_due_on: date | None
    claim_until: date | None  # the last day
    may_claim: bool
    ruler: Ruler | None  # of the claim's term

    @property
    def price(self) -> Money:
        return Money(self.consultation.price, self.consultation.currency)

    @property
    def accepted_on(self) -> date | None:
        rendered_at = self.consultation.rendered_at
        return accepted_on(self.consultation.insurer.today(rendered_at)) if rendered_at else None

    @property
    def may_rate(self) -> bool:
        was_held = self.consultation.began_at is not None
        return was_held and may_rate(State(self.consultation.state), has_rated=self.rating is not None)


def after_of(consultation: Consultation, *, now: datetime) -> After:
    """Four queries, and one where a claim is filed."""
    own = Consultation.objects.select_related("conclusion__doctor__organisation", "claim__answer", "rating")
    written = own.get(pk=consultation.pk)
    conclusion: Conclusion | None = getattr(written, "conclusion", None)
    claim: QualityClaim | None = getattr(written, "claim", None)
    rendered = RenderedConsultation.objects.filter(reference=consultation.public_id).select_related(
        "policy__insurer", "given_back"
    )
    taken = rendered.first()
    return After(
        consultation=consultation,
        conclusion=conclusion,
        documents=_documents(conclusion, consultation.language) if conclusion else [],
        attempts=list(consultation.attempts.order_by("pk")) if consultation.state != State.TALKED else [],
        taken=taken.taken if taken else None,
        is_given_back=taken is not None and not taken.stands,
        rating=getattr(written, "rating", None),
        claim=claim,
        answer=getattr(claim, "answer", None),
        answer_due_on=_answer_due_on(claim, consultation.insurer) if claim else None,
        **_term(consultation, now),
    )


def _documents(conclusion: Conclusion, language: str) -> list[ConclusionDocument]:
    """First that in the language of the talk, which the doctor's words are in."""
    return sorted(conclusion.documents.made(), key=lambda document: document.language != language)


def _term(consultation: Consultation, now: datetime) -> dict[str, Any]:
    if consultation.rendered_at is None or consultation.state not in CLAIMABLE:
        return {"claim_until": None, "may_claim": False, "ruler": None}
    rendered_on = consultation.insurer.today(consultation.rendered_at)
    today = consultation.insurer.today(now)
    return {
        "claim_until": claim_until(rendered_on),
        "may_claim": may_claim(rendered_on, today=today),
        "ruler": day_ruler(rendered_on, accepted_on(rendered_on), today),
    }


def _answer_due_on(claim: QualityClaim, insurer: Insurer) -> date | None:
    """By the working days of the insurer's country as they are known today. One query."""
    return answer_due(insurer.today(claim.at), load_calendar(insurer.country)).due


def conclusion_document_of(consultation: Consultation, language: str) -> ConclusionDocument | None:
    """Of a consultation that the reader may see. One query."""
    made = ConclusionDocument.objects.made().select_related("conclusion__consultation__insurer")
    return made.filter(conclusion__consultation=consultation, language=language).first()


def consultation_of(user: Any, public_id: UUID, *, now: datetime) -> Consultation | None:
    """None: not this account's. One query."""
    mine = Consultation.objects.visible_to(user, now=now)
    return (
        mine.select_related("insurer", "patient", "doctor__organisation", "policy").filter(public_id=public_id).first()
    )


def conclusions_wanted() -> int:
    """As PDF, which a worker has still to make. One query along the partial index of those."""
    with working(JOB):
        return ConclusionDocument.objects.waiting().count()


def paper_of(code: str) -> Paper | None:
    """For the page that anybody may ask: is this paper genuine? Two queries."""
    rows = Paper.objects.select_related("doctor__organisation").prefetch_related("documents")
    return rows.filter(code=code).first()
