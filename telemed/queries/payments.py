"""What waits for its payment, and what is to be paid back, for the coordinators of its insurer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from telemed.models import ClaimAnswer, Consultation, PaidBack
from telemed.queries.section import of_insurers
from telemed.rules import PAID_FOR_NOTHING, OwedFor, State, owed_for

MOST = 100  # rows of a list


@dataclass(frozen=True)
class Owed:
    """Money of somebody else's, until a coordinator notes that it was paid back."""

    consultation: Consultation

    @property
    def reason(self) -> OwedFor | None:
        """None: nothing is owed."""
        is_paid = bool(self.consultation.payment_reference)
        return owed_for(State(self.consultation.state), is_paid=is_paid)

    @property
    def since(self) -> datetime:
        """The answer that upheld a claim; else the end of what was called off, which always has one."""
        return self._verdict.at if self._verdict else self.consultation.ended_at or self.consultation.asked_at

    @property
    def decided_by(self) -> int | None:
        """Whose word makes it owed, so that another person notes the payment; nobody's where the rules alone owe it."""
        return self._verdict.by_id if self._verdict else None

    @property
    def _verdict(self) -> ClaimAnswer | None:
        claim = getattr(self.consultation, "claim", None)
        return claim.answer if claim and self.reason == OwedFor.UPHELD else None


def unpaid(insurers: Collection[int]) -> list[Consultation]:
    """What waits for its payment at these insurers, the longest first. One query."""
    return list(of_insurers(insurers).filter(state=State.UNPAID).order_by("asked_at", "pk"))


def owed_back(insurers: Collection[int]) -> list[Owed]:
    """What is to be paid back, the oldest first. One query along the partial index of what was paid for nothing."""
    return [Owed(row) for row in _owed(insurers).order_by("pk")[:MOST]]


def owed_at(insurers: Collection[int], public_id: UUID) -> Owed | None:
    """None: nothing is owed for it, or not any more. One query."""
    row = _owed(insurers).filter(public_id=public_id).first()
    return Owed(row) if row else None


def lately_paid_back(insurers: Collection[int]) -> list[PaidBack]:
    """The newest first. One query."""
    rows = PaidBack.objects.filter(consultation__insurer__in=insurers).select_related("consultation__patient")
    return list(rows.order_by("-pk")[:MOST])


def paid_back_of(consultation: Consultation) -> PaidBack | None:
    """One query."""
    return PaidBack.objects.filter(consultation=consultation).first()


def _owed(insurers: Collection[int]) -> QuerySet[Consultation]:
    rows = of_insurers(insurers).filter(state__in=PAID_FOR_NOTHING, paid_back=None).exclude(payment_reference="")
    return rows.select_related("claim__answer")
