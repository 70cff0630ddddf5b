"""Who comes through which door: patients by their account, doctors by their desk, coordinators by their membership."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from policies.models import Insurer
from policies.views.doors import served_as, staffed
from telemed.queries.coordinators import COORDINATING
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


def coordinated(request: HttpRequest) -> set[int]:
    return staffed(request, COORDINATING)


def served(request: HttpRequest) -> list[Insurer]:
    return served_as(request, COORDINATING)
