"""Staff come through the door that their membership opens."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from policies.models import Insurer
from policies.queries.staff import insurers_named, staffed_by
from policies.rules import StaffRole


def staffed(request: HttpRequest, roles: Collection[StaffRole]) -> set[int]:
    """For which insurers whoever asks has one of these roles. 403 for staff of others."""
    insurers = staffed_by(request.user, roles)
    if not insurers:
        raise PermissionDenied
    return insurers


def served_as(request: HttpRequest, roles: Collection[StaffRole]) -> list[Insurer]:
    """…as rows. Pages are read by the clock of the first."""
    insurers = insurers_named(staffed(request, roles))
    timezone.activate(insurers[0].zone)
    return insurers
