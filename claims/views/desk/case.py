"""One claim: what is to be done about it, the documents beside the claimant's own timeline, and what happened."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.forms.desk import NoteForm
from claims.queries.desk.case import case_page
from claims.services.notes import add_note
from claims.services.setting_aside import set_aside, take_up_again
from claims.views.desk.acts import done
from claims.views.desk.doors import EITHER, REVIEWER, Seat, at_desk, back
from core.form_tokens import sent_once
from policies.forms import ReasonForm


@never_cache
@require_safe
@at_desk()
def case(request: HttpRequest, seat: Seat) -> HttpResponse:
    return page_of(request, seat)


@require_POST
@sent_once
@at_desk(acts=EITHER)
def note(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return page_of(request, seat, note_form=form)
    add_note(claim=seat.claim, text=form.cleaned_data["text"], by=request.user, now=seat.now)
    return back(seat, "notes")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def setting_aside(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    form = ReasonForm(request.POST or None, initial={"reason": seat.words})
    if not form.is_valid():
        return render(request, "claims/desk/set_aside.html", {"seat": seat, "form": form})
    reason = form.cleaned_data["reason"]
    act = partial(set_aside, claim=seat.claim, reason=reason, by=request.user, now=seat.now)
    done(request, act, _("Set aside. The claimant is told why."))
    return back(seat)


@require_POST
@sent_once
@at_desk(acts=REVIEWER)
def taking_up(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    act = partial(take_up_again, claim=seat.claim, by=request.user, now=seat.now)
    done(request, act, _("Taken up again. The claimant is told."))
    return back(seat)


# ── Shared ───────────────────────────────────────────────────────────────────
def page_of(request: HttpRequest, seat: Seat, **forms: Any) -> HttpResponse:
    """A form among `forms` that has errors stands in the place of its empty one."""
    page = case_page(seat.claim, today=seat.today)
    words = NoteForm(initial={"text": seat.words})
    return render(request, "claims/desk/case.html", {"seat": seat, "page": page, "note_form": words} | forms)
