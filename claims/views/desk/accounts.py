"""Another account, as claimants ask for it: what waits to be checked, and the answer. On paper: views.desk.money."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.models import AccountRequest
from claims.queries.payments.money import account_request_of, accounts_to_check
from claims.services.accounts import decline_account, enter_account
from claims.views.desk.acts import done
from claims.views.desk.doors import REVIEWER, Seat, at_desk, insurers_read
from core.form_tokens import sent_once
from policies.forms import ReasonForm


@never_cache
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    waiting = accounts_to_check([insurer.pk for insurer in insurers_read(request)])
    return render(request, "claims/desk/accounts.html", {"requests": waiting})


@require_POST
@sent_once
@at_desk(acts=REVIEWER)
def entry(request: HttpRequest, seat: Seat, asked: UUID) -> HttpResponseBase:
    said = _("The new account is entered. Nothing that is at the bank goes there.")
    return _settled(request, seat, asked_for(seat, asked), enter_account, said)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def refusal(request: HttpRequest, seat: Seat, asked: UUID) -> HttpResponseBase:
    """With a reason that the claimant reads."""
    found, form = asked_for(seat, asked), ReasonForm(request.POST or None)
    if not form.is_valid():
        return render(request, "claims/desk/account_refusal.html", {"seat": seat, "asked": found, "form": form})
    said = _("Not entered. The claimant is told why.")
    return _settled(request, seat, found, decline_account, said, why=form.cleaned_data["reason"])


# ── Shared ───────────────────────────────────────────────────────────────────
def asked_for(seat: Seat, asked: UUID) -> AccountRequest:
    found = account_request_of(seat.claim, asked)
    if found is None:
        raise Http404
    return found


def _settled(
    request: HttpRequest, seat: Seat, asked: AccountRequest, act: Callable[..., AccountRequest], said: str, **more: Any
) -> HttpResponse:
    done(request, partial(act, request=asked, by=request.user, now=seat.now, **more), said)
    return redirect("claims:desk_money", seat.claim.public_id)
