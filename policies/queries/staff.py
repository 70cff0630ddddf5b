"""For which insurers a member of staff works, and as what: by their memberships, and of a superuser all."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from policies.models import Insurer, StaffMembership
from policies.rules import StaffRole


def staffed_by(user: Any, roles: Collection[StaffRole]) -> set[int]:
    """Numbers of insurers at which somebody has one of `roles`, asked anew each time. One query."""
    return set(insurers_of_staff(user.pk, roles).values_list("pk", flat=True))


def insurers_of_staff(user: int, roles: Collection[StaffRole]) -> QuerySet[Insurer]:
    membership = StaffMembership.objects.filter(insurer=OuterRef("pk"), user=user, role__in=roles)
    superuser = User.objects.filter(pk=user, is_superuser=True)
    return Insurer.objects.filter(Q(Exists(membership)) | Q(Exists(superuser)))


def insurers_named(keys: Collection[int]) -> list[Insurer]:
    """One query."""
    return list(Insurer.objects.filter(pk__in=keys))
