"""What staff see by their memberships (core.rows.sights): of which insurers they review claims, of which they pay them."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from core.rows.sights import Sight
from policies.queries.staff import insurers_of_staff
from policies.rules import StaffRole

REVIEWING = (StaffRole.REVIEWER, StaffRole.APPROVER, StaffRole.AUDITOR)
PAYING = (StaffRole.CASHIER, StaffRole.AUDITOR)


def insurers_reviewed(user: int, now: datetime) -> QuerySet[Any, Any]:
    return insurers_of_staff(user, REVIEWING).values("pk")


def insurers_paid(user: int, now: datetime) -> QuerySet[Any, Any]:
    return insurers_of_staff(user, PAYING).values("pk")


OURS = {
    "reviews_claims": Sight(insurers_reviewed, of_staff=True),
    "pays_claims": Sight(insurers_paid, of_staff=True),
}
