"""Who comes in and as what. A claim of another insurer is not there; a file opens once somebody has said what for."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, Wording
from claims.queries.desk.case import claim_at_desk, has_opened
from claims.queries.desk.wordings import wordings_for, words_picked
from claims.queries.staff import READS, REVIEWS, roles_at
from claims.rules.life import Actor
from claims.services.openings import note_opening
from policies.middleware import serve_for
from policies.models import Insurer
from policies.rules import StaffRole
from policies.views.doors import served_as, staffed

REVIEWER, APPROVER = frozenset(REVIEWS), frozenset({StaffRole.APPROVER})
EITHER = REVIEWER | APPROVER
BY_ITS_REVIEWER = "review"


@dataclass(frozen=True)
class Seat:
    """One claim before one member of staff."""

    claim: Claim
    user: Any
    roles: frozenset[StaffRole]
    now: datetime
    words: str = ""  # of the template that was picked for the text of the page

    @property
    def wordings(self) -> list[Wording]:
        """From which to pick."""
        return wordings_for(self.claim)

    @property
    def reviews(self) -> bool:
        return StaffRole.REVIEWER in self.roles

    @property
    def approves(self) -> bool:
        return StaffRole.APPROVER in self.roles

    @property
    def today(self) -> date:
        return self.claim.insurer.today(self.now)

    @property
    def actor(self) -> Actor | None:
        """As what a file is opened; None: an auditor."""
        if self.reviews:
            return Actor.REVIEWER
        return Actor.APPROVER if self.approves else None

    @property
    def page(self) -> str:
        return reverse("claims:desk_case", args=[self.claim.public_id])


View = Callable[..., HttpResponseBase]


def at_desk(*, acts: Collection[StaffRole] = ()) -> Callable[[View], View]:
    """`view` gets a Seat in place of the `public_id`. To post one needs a role of `acts` (403)."""

    def decorated(view: View) -> View:
        @wraps(view)
        def at_the_desk(request: HttpRequest, public_id: UUID, **more: Any) -> HttpResponseBase:
            seat = seat_of(request, public_id)
            if request.method == "POST" and not seat.roles & set(acts):
                raise PermissionDenied
            if not is_open(seat):
                return redirect(f"{reverse('claims:opening', args=[public_id])}?next={request.path}")
            return view(request, seat, **more)

        return at_the_desk

    return decorated


def seat_of(request: HttpRequest, public_id: UUID) -> Seat:
    """403 for staff of other rooms, 404 for other insurers' claims."""
    found = claim_at_desk(staffed(request, READS), public_id)
    if found is None:
        raise Http404
    serve_for(request, found.insurer)
    picked = request.GET.get("wording", "")
    words = words_picked(found, picked) if picked else ""
    return Seat(found, request.user, roles_at(request.user, found.insurer_id), timezone.now(), words)


def is_open(seat: Seat) -> bool:
    """Whoever has the claim reviews it: that is said without asking."""
    if has_opened(seat.claim, seat.user, seat.today):
        return True
    if seat.claim.reviewer_id != seat.user.pk:
        return False
    open_file(seat, BY_ITS_REVIEWER)
    return True


def open_file(seat: Seat, reason: str) -> None:
    note_opening(claim=seat.claim, by=seat.user, role=seat.actor, reason=reason, now=seat.now)


def insurers_read(request: HttpRequest) -> list[Insurer]:
    """403 for staff of other rooms."""
    return served_as(request, READS)


def back(seat: Seat, part: str = "") -> HttpResponse:
    return redirect(f"{seat.page}#{part}" if part else seat.page)
