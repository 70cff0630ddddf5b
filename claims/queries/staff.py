"""Who works on claims, for which insurers; and who is there today."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from claims.models import Absence
from policies.models import Insurer, StaffMembership
from policies.queries.staff import insurers_of_staff
from policies.rules import StaffRole

READS = (StaffRole.REVIEWER, StaffRole.APPROVER, StaffRole.AUDITOR)
REVIEWS = (StaffRole.REVIEWER,)
HANDLES = (StaffRole.REVIEWER, StaffRole.APPROVER)
PAYS = frozenset({StaffRole.CASHIER})
APPROVES = frozenset({StaffRole.APPROVER})


def roles_at(user: Any, insurer: int) -> frozenset[StaffRole]:
    """What this one may do there; a superuser everything. One query."""
    if user.is_superuser:
        return frozenset(StaffRole)
    held = StaffMembership.objects.filter(user=user, insurer=insurer).values_list("role", flat=True)
    return frozenset(map(StaffRole, held))


def reviewers_of(insurers: Collection[int]) -> QuerySet[User]:
    """To whom a claim may be handed over."""
    works = StaffMembership.objects.filter(user=OuterRef("pk"), insurer__in=insurers, role__in=REVIEWS)
    return User.objects.filter(Exists(works), is_active=True).order_by("email")


def absent_on(days: Iterable[tuple[Insurer, date]]) -> list[Absence]:
    """Who is away at these insurers on their own day. One query each, of which there are few."""
    return [
        absence
        for insurer, day in days
        for absence in Absence.objects.filter(insurer=insurer, since__lte=day, until__gte=day).select_related("user")
    ]


def absences_ahead(insurers: Collection[int], today: date) -> list[Absence]:
    rows = Absence.objects.filter(insurer__in=insurers, until__gte=today)
    return list(rows.select_related("user", "insurer").order_by("since", "pk"))


def absence_numbered(insurers: Collection[int], number: int) -> Absence | None:
    return Absence.objects.filter(insurer__in=insurers, pk=number).select_related("user", "insurer").first()


def insurers_reviewed_by(user: Any) -> QuerySet[Insurer]:
    return insurers_of_staff(user.pk, REVIEWS)
