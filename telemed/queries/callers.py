"""What a caller may call off, for the staff who answer at the insurer. Nothing of what troubles anybody (TM-45)."""

from collections.abc import Collection
from uuid import UUID

from telemed.models import Consultation
from telemed.queries.section import of_insurers
from telemed.rules import BEFORE_THE_TALK

MOST = 20


def consultations_of_caller(insurers: Collection[int], said: str) -> list[Consultation]:
    """`said`: the proved mobile number (E.164) or Consultation.number. What comes first stands first. One query."""
    rows = of_insurers(insurers).filter(state__in=BEFORE_THE_TALK)
    mine = rows.filter(phone=said) if said.startswith("+") else rows.filter(public_id__range=_numbered(said))
    return list(mine.order_by("starts_at", "pk")[:MOST])


def _numbered(number: str) -> tuple[UUID, UUID]:
    """All that begin with these eight signs."""
    return UUID(hex=number + "0" * 24), UUID(hex=number + "f" * 24)
