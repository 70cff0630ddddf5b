"""Penalties for delays (11.2(4)): what waits for approval, what was late and has none; one with how it came about."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.forms.payments import ReasonForm
from claims.models import Penalty
from claims.queries.payments.late import penalty_of as counted
from claims.queries.payments.room import late_one, late_without_penalty, penalties_of, penalty_of
from claims.queries.staff import APPROVES
from claims.rules.derivations import FactsDisagree
from claims.rules.life import DecisionState, WrongMoment
from claims.rules.wording import explained
from claims.services.penalties import approve_penalty, propose_penalty, return_penalty
from claims.services.proposals import SamePerson
from claims.views.payments.doors import READS, counter, keys_of
from core.form_tokens import sent_once
from policies.rules import StaffRole

EITHER = READS | APPROVES


@never_cache
@require_safe
def penalties(request: HttpRequest) -> HttpResponse:
    at = counter(request, reads=EITHER)
    mine = [at.insurer.pk]
    page = {"at": at, "waiting": penalties_of(mine), "late": late_without_penalty(mine)}
    return render(request, "claims/payments/penalties.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def late(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the delay of one payment costs; of one that is not paid, by today."""
    found = late_one(keys_of(request, EITHER), public_id)
    if found is None:
        raise Http404
    at = counter(request, reads=EITHER, of=found.claim.insurer)
    page: dict[str, Any] = {"at": at, "late": found}
    try:
        if request.method == "POST" and (proposed := propose_penalty(instalment=found, by=request.user, now=at.now)):
            return redirect(proposed)
        page["derivation"] = counted(found, paid_on=at.today)
        page["steps"] = list(explained(page["derivation"])) if page["derivation"] else []
    except FactsDisagree as missing:
        page["missing"] = missing.message
    except WrongMoment:
        messages.error(request, _("This payment is not paid, or has its penalty already."))
    return render(request, "claims/payments/late.html", page)


@never_cache
@require_safe
def penalty(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return penalty_page(request, public_id, ReasonForm())


@require_POST
@sent_once
def approval(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = found_penalty(request, public_id, APPROVES)
    at = counter(request, reads=APPROVES, acts=APPROVES, of=found.claim.insurer)
    try:
        approve_penalty(penalty=found, by=request.user, now=at.now)
        messages.success(request, _("Approved. It is paid with the next file, and the claimant is written to."))
    except SamePerson as refused:
        messages.error(request, refused.message)
    except WrongMoment:
        messages.error(request, TOO_LATE)
    return redirect(found)


@require_POST
@sent_once
def returned(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found, form = found_penalty(request, public_id, APPROVES), ReasonForm(request.POST)
    at = counter(request, reads=APPROVES, acts=APPROVES, of=found.claim.insurer)
    if not form.is_valid():
        return penalty_page(request, public_id, form)
    try:
        return_penalty(penalty=found, why=form.cleaned_data["reason"], by=request.user, now=at.now)
        messages.success(request, _("Returned with your reason."))
    except SamePerson as refused:
        messages.error(request, refused.message)
    except WrongMoment:
        messages.error(request, TOO_LATE)
    return redirect(found)


def penalty_page(request: HttpRequest, public_id: UUID, form: ReasonForm) -> HttpResponse:
    found = found_penalty(request, public_id, EITHER)
    at = counter(request, reads=EITHER, acts=APPROVES, of=found.claim.insurer)
    waits = found.state == DecisionState.PROPOSED
    page = {
        "at": at, "penalty": found, "derivation": found.explanation, "steps": list(explained(found.explanation)), "form": form,
        "may_approve": waits and bool(at.roles & APPROVES) and found.proposed_by != request.user,
    }  # fmt: skip
    return render(request, "claims/payments/penalty.html", page)


def found_penalty(request: HttpRequest, public_id: UUID, reads: Collection[StaffRole]) -> Penalty:
    found = penalty_of(keys_of(request, reads), public_id)
    if found is None:
        raise Http404
    return found


TOO_LATE = gettext_lazy("Meanwhile somebody has decided about it.")
