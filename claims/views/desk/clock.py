"""What stops the clock and what lengthens it. Each is told to the claimant in writing, with its reason."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from claims.forms.desk import AnswerForm, AuthorityForm, CriminalCaseForm, DispatchForm, ExtensionForm
from claims.queries.desk.case import suspension_of
from claims.queries.timeline import timeline_of
from claims.rules.life import WrongMoment
from claims.rules.terms import ExtensionRefused
from claims.services.extending import extend_review
from claims.services.suspending import NotThatDay, ask_authority, note_criminal_case, note_dispatch, record_answer
from claims.views.desk.acts import done, too_late
from claims.views.desk.doors import REVIEWER, Seat, at_desk, back
from core.form_tokens import sent_once


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def authority(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    form = AuthorityForm(request.POST or None, country=seat.claim.insurer.country, initial={"why": seat.words})
    said = _("The days stand still from tomorrow. The claimant is told. The request is being printed.")
    return _done(request, seat, "authority", form, ask_authority, said)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def criminal_case(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    form = CriminalCaseForm(request.POST or None, initial={"why": seat.words})
    said = _("The days stand still from tomorrow. The claimant is told.")
    return _done(request, seat, "criminal_case", form, note_criminal_case, said)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def answer(request: HttpRequest, seat: Seat, stop: UUID) -> HttpResponseBase:
    """Of an authority, or the end of a criminal case."""
    found, form = suspension_of(seat.claim, stop), AnswerForm(request.POST or None)
    if found is None:
        raise Http404
    if not form.is_valid():
        return render(request, "claims/desk/answer.html", {"seat": seat, "form": form, "stop": found})
    act = partial(record_answer, suspension=found, **form.cleaned_data, by=request.user, now=seat.now)
    done(request, act, _("The answer is recorded."))
    return back(seat, "clock")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def dispatch(request: HttpRequest, seat: Seat, stop: UUID) -> HttpResponseBase:
    """The printed request left, by post or with a courier."""
    found = suspension_of(seat.claim, stop)
    if found is None:
        raise Http404
    form = DispatchForm(request.POST or None, initial={"sent_on": seat.today})
    if form.is_valid():
        try:
            note_dispatch(suspension=found, **form.cleaned_data, by=request.user, now=seat.now)
            messages.success(request, _("It is noted."))
            return back(seat, "requests")
        except WrongMoment:
            too_late(request)
            return back(seat, "requests")
        except NotThatDay as problem:
            form.add_error("sent_on", problem.message)
    return render(request, "claims/desk/dispatch.html", {"seat": seat, "form": form, "stop": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def extension(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    form = ExtensionForm(request.POST or None, initial={"why": seat.words})
    return _done(request, seat, "extension", form, extend_review, _("The review is extended. The claimant is told."))


def _done(
    request: HttpRequest, seat: Seat, name: str, form: forms.Form, act: Callable[..., Any], said: str
) -> HttpResponseBase:
    """The form until it is right; then the act, with what was typed by its names."""
    if form.is_valid():
        try:
            act(claim=seat.claim, **form.cleaned_data, by=request.user, now=seat.now)
            messages.success(request, said)
            return back(seat, "clock")
        except WrongMoment:
            too_late(request)
            return back(seat, "clock")
        except ExtensionRefused as refused:
            form.add_error("until", refused.message)
    running = timeline_of(seat.claim, today=seat.today).nearest
    return render(request, f"claims/desk/{name}.html", {"seat": seat, "form": form, "running": running})
