"""The money of one claim at the reviewer's desk."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from claims.models import AccountRequest, Claim, Examination, Payee, Stop
from claims.queries.payments.room import PAGE, payments_of


def money_of(claim: Claim) -> dict[str, Any]:
    """Six queries."""
    return {
        "payments": payments_of(claim),
        "payees": list(claim.payees.current()),
        "stops": list(claim.stops.select_related("proposed_by", "approved_by")),
        "recertifications": list(claim.recertifications.all()),
        "examinations": list(claim.examinations.all()),
        "requests": list(claim.account_requests.waiting().select_related("payee", "by")),
    }


def payee_of(claim: Claim, public_id: UUID) -> Payee | None:
    return claim.payees.current().filter(public_id=public_id).first()


def stop_of(claim: Claim, public_id: UUID) -> Stop | None:
    return claim.stops.filter(public_id=public_id).select_related("claim").first()


def examination_of(claim: Claim, public_id: UUID) -> Examination | None:
    return claim.examinations.filter(public_id=public_id).select_related("claim").first()


def account_request_of(claim: Claim, public_id: UUID) -> AccountRequest | None:
    found = claim.account_requests.filter(public_id=public_id).select_related("payee").first()
    if found:
        found.claim = found.payee.claim = claim
    return found


def accounts_to_check(insurers: Collection[int]) -> list[AccountRequest]:
    """What claimants ask for and nobody has entered yet, the longest waiting first. One query."""
    waiting = AccountRequest.objects.waiting().filter(claim__insurer__in=insurers)
    return list(waiting.select_related("claim__person", "payee").order_by("pk")[:PAGE])
