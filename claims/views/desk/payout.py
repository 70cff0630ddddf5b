"""How an amount comes about: as it stands on file, or «what if». Nothing is saved here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.forms.decision import WhatIfForm
from claims.queries.payout import inputs_of
from claims.rules.derivations import FactsDisagree
from claims.rules.events import InsuredEvent
from claims.rules.inputs import NotEnough, derive
from claims.rules.wording import explained
from claims.views.desk.doors import Seat, at_desk


@never_cache
@require_safe
@at_desk()
def payout(request: HttpRequest, seat: Seat) -> HttpResponse:
    """By the address: what is supposed there is nobody's secret, and a colleague can be shown it."""
    claim = seat.claim
    form = WhatIfForm(request.GET or None, event=InsuredEvent(claim.event), currency=claim.insurer.currency)
    page = {"seat": seat, "form": form, "is_supposed": form.is_bound}
    try:
        inputs = inputs_of(claim)
        if form.is_bound and form.is_valid():
            inputs = form.instead(inputs)
        derivation = derive(inputs)
        page |= {"derivation": derivation, "steps": list(explained(derivation))}
    except NotEnough as lacking:
        page["missing"] = [what.label for what in lacking.missing]
    except FactsDisagree as refused:
        page["refused"] = refused.message
    return render(request, "claims/desk/payout.html", page)
