"""Who comes through which door: patients by their account, doctors by their desk, coordinators by their membership."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from policies.models import Insurer
from policies.rules import StaffRole
from telemed.queries.coordinators import insurers_named, staffed_by
from telemed.queries.talk import Seat, seat_of
from telemed.rules import Side

AtTheTable = Callable[..., HttpResponseBase]


def seated(view: AtTheTable) -> Callable[..., HttpResponseBase]:
    """`view` gets the seat of whoever asks. Nobody signed in, or a doctor without the second factor: to sign-in.
    Another's consultation is not there."""

    @wraps(view)
    def at_the_table(request: HttpRequest, public_id: UUID, side: Side, **more: Any) -> HttpResponseBase:
        if side == Side.DOCTOR and not admin.site.has_permission(request):
            return redirect_to_login(request.get_full_path(), reverse("admin:login"))
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        seat = seat_of(request.user, public_id, side, now=timezone.now())
        if seat is None:
            raise Http404
        return view(request, seat, **more)

    return at_the_table


def back(seat: Seat) -> HttpResponse:
    return redirect(page_of(seat))


def page_of(seat: Seat) -> str:
    consultation = seat.consultation
    if seat.side == Side.DOCTOR:
        return reverse("telemed:desk_consultation", args=[consultation.public_id])
    return consultation.get_absolute_url()


def staffed(request: HttpRequest, roles: Collection[StaffRole]) -> set[int]:
    """For which insurers whoever asks has one of these roles. 403 for staff of others."""
    insurers = staffed_by(request.user, roles)
    if not insurers:
        raise PermissionDenied
    return insurers


def coordinated(request: HttpRequest) -> set[int]:
    return staffed(request, [StaffRole.COORDINATOR])


def served(request: HttpRequest) -> list[Insurer]:
    """…as rows. Pages are read by the clock of the first."""
    insurers = insurers_named(coordinated(request))
    timezone.activate(insurers[0].zone)
    return insurers
