"""Who comes to a case from the claimant's side: an account, or a guest with a code. Another's case is not there."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from accounts.models import GuestAccess, User
from accounts.queries import account_of, guest_in
from accounts.services import note_guest_view
from claims.models import Claim
from claims.queries.cases import claim_of, claim_of_guest
from claims.rules.life import Actor
from claims.rules.notice import OF_A_GUEST
from core.rows.viewers import also
from policies.middleware import serve_for

FRESH = timedelta(minutes=30)  # so long a guest's code is a fresh one
AtTheTable = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Seat:
    """Whoever sits at the claimant's side of this case. Of account and access one is there."""

    claim: Claim
    user: User | None
    access: GuestAccess | None
    actor: Actor = Actor.CLAIMANT

    @property
    def guest(self) -> UUID | None:
        return self.access.public_id if self.access else None


def seated(view: AtTheTable) -> AtTheTable:
    """`view` gets the seat. Nobody: to sign in, or from a letter to a guest (`?guest`) to the code. What a guest sees, they
    see within `also`, which PostgreSQL holds to this one case (adr/0046)."""

    @wraps(view)
    def at_the_table(request: HttpRequest, public_id: UUID, **more: Any) -> HttpResponseBase:
        now, user = timezone.now(), account_of(request)
        claim = claim_of(user, public_id, now=now) if user else None
        access = None if claim else guest_in(request, subject=public_id, purpose=OF_A_GUEST, now=now)
        with ExitStack() as sight:
            if access:
                sight.enter_context(also(guest=[access.public_id], claim_keys=[public_id]))
                claim = claim_of_guest(public_id)
            if claim is None:
                return elsewhere(request, user)
            serve_for(request, claim.insurer)
            if access and request.method == "GET":
                note_guest_view(access=access, at=request.path)
            return view(request, Seat(claim, user, access), **more)

    return at_the_table


def elsewhere(request: HttpRequest, user: User | None) -> HttpResponse:
    if "guest" in request.GET:
        return redirect("claims:return")
    if user is None:
        return redirect_to_login(request.get_full_path())
    raise Http404


def freshly(view: AtTheTable) -> AtTheTable:
    """Within `seated`. Accounts of banks and the export of a case ask once more who it is (decisions.md, Activation): an
    account as allauth does, a guest by a code that is not old."""

    @wraps(view)
    def proved(request: HttpRequest, seat: Seat, **more: Any) -> HttpResponseBase:
        if seat.access is None:
            again: AtTheTable = reauthentication_required(lambda _request: view(request, seat, **more))
            return again(request)
        opened_at = seat.access.opened_at
        if opened_at and timezone.now() - opened_at <= FRESH:
            return view(request, seat, **more)
        return redirect("claims:return")

    return proved
