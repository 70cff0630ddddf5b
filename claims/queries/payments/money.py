"""The money of one claim at the reviewer's desk."""

from typing import Any
from uuid import UUID

from claims.models import Claim, Payee, Stop
from claims.queries.payments.room import payments_of


def money_of(claim: Claim) -> dict[str, Any]:
    """Five queries."""
    return {
        "payments": payments_of(claim),
        "payees": list(claim.payees.current()),
        "stops": list(claim.stops.select_related("proposed_by", "approved_by")),
        "recertifications": list(claim.recertifications.all()),
        "examinations": list(claim.examinations.all()),
    }


def payee_of(claim: Claim, public_id: UUID) -> Payee | None:
    return claim.payees.current().filter(public_id=public_id).first()


def stop_of(claim: Claim, public_id: UUID) -> Stop | None:
    return claim.stops.filter(public_id=public_id).select_related("claim").first()
