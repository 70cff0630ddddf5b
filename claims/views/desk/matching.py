"""A guest's notice finds its contract. A reviewer compares what was told with what is on file."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from claims.forms.desk import SearchForm
from claims.queries.desk.matching import candidates, matchable
from claims.rules.life import WrongMoment
from claims.services.matching import match_claim
from claims.views.desk.acts import too_late
from claims.views.desk.doors import REVIEWER, Seat, at_desk, back
from core.form_tokens import sent_once


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(acts=REVIEWER)
def matching(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """By POST somebody else is looked for: names and numbers stand in no address."""
    form = SearchForm(request.POST or None)
    said = form.cleaned_data["said"] if form.is_valid() else ""
    found = candidates(seat.claim, said=said)
    return render(request, "claims/desk/matching.html", {"seat": seat, "form": form, "found": found, "said": said})


@require_POST
@sent_once
@at_desk(acts=REVIEWER)
def match(request: HttpRequest, seat: Seat, policy: UUID) -> HttpResponseBase:
    found = matchable(seat.claim, policy)
    if found is None:
        raise Http404
    try:
        match_claim(claim=seat.claim, policy=found, by=request.user, now=seat.now)
        messages.success(request, _("The contract is found."))
    except WrongMoment:
        too_late(request)
    return back(seat)
