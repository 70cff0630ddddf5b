"""Payouts that go on, at the reviewer's desk: the plan, a lump sum instead, their end, a new certificate, an examination, another
account. Each act is one service."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.forms.money import AccountForm, ExaminationForm, OnPaperForm, ResultForm, StopForm
from claims.forms.payments import ReasonForm
from claims.models import Stop
from claims.queries.payments.money import examination_of, money_of, payee_of, stop_of
from claims.rules.life import Actor, WrongMoment
from claims.services.accounts import change_account
from claims.services.examinations import ask_for_examination, record_examination
from claims.services.recertify import receive_recertification
from claims.services.replacing import propose_lump_sum
from claims.services.stopping import approve_stop, propose_stop, return_stop
from claims.views.desk.acts import done, too_late
from claims.views.desk.doors import APPROVER, REVIEWER, Seat, at_desk
from core.errors import InputError
from core.form_tokens import sent_once


@never_cache
@require_safe
@at_desk()
def money(request: HttpRequest, seat: Seat) -> HttpResponse:
    return render(request, "claims/desk/money.html", {"seat": seat, "form": ReasonForm(), **money_of(seat.claim)})


@require_POST
@sent_once
@at_desk(acts=REVIEWER)
def lump_sum(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    propose = partial(propose_lump_sum, claim=seat.claim, by=request.user, now=seat.now)
    made = done(request, propose, _("Proposed. Another person approves it."))
    return redirect("claims:decision", seat.claim.public_id, made.public_id) if made else back(seat)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def stop(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    form = StopForm(request.POST or None)
    return _done(request, seat, "stop", form, propose_stop, _("Proposed. Another person approves it."))


@require_POST
@sent_once
@at_desk(acts=APPROVER)
def stop_approval(request: HttpRequest, seat: Seat, stop: UUID) -> HttpResponseBase:
    return _settled(request, seat, stop, approve_stop, _("The payouts are stopped. Three notices were written."))


@require_POST
@sent_once
@at_desk(acts=APPROVER)
def stop_return(request: HttpRequest, seat: Seat, stop: UUID) -> HttpResponseBase:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(request, "claims/desk/money.html", {"seat": seat, "form": form, **money_of(seat.claim)})
    return _settled(request, seat, stop, return_stop, _("Returned with your reason."), why=form.cleaned_data["reason"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def recertification(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """A certificate that came on paper."""
    form = OnPaperForm(request.POST or None)
    said = _("Received. The decision is due within ten working days.")
    return _done(request, seat, "recertification", form, receive_recertification, said, actor=Actor.REVIEWER)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def examination(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    form = ExaminationForm(request.POST or None)
    return _done(request, seat, "examination", form, ask_for_examination, _("The claimant is written to."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def result(request: HttpRequest, seat: Seat, examination: UUID) -> HttpResponseBase:
    """What the examination found, and what follows from it."""
    found, form = examination_of(seat.claim, examination), ResultForm(request.POST or None)
    if found is None or found.done_on:
        raise Http404
    said = _("Recorded. The claimant is written to.")
    return _done(request, seat, "result", form, record_examination, said, examination=found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def account(request: HttpRequest, seat: Seat, payee: UUID) -> HttpResponseBase:
    """Told on paper, by somebody whose identity was checked."""
    found, form = payee_of(seat.claim, payee), AccountForm(request.POST or None)
    if found is None:
        raise Http404
    said = _("The new account is entered. Nothing that is at the bank goes there.")
    return _done(request, seat, "account", form, change_account, said, payee=found)


# ── Shared ───────────────────────────────────────────────────────────────────
def _done(
    request: HttpRequest, seat: Seat, name: str, form: forms.Form, act: Callable[..., Any], said: str, **more: Any
) -> HttpResponseBase:
    """The form until it is right; then the act, with what was typed by its names."""
    if form.is_valid():
        facts = getattr(form, "facts", form.cleaned_data)
        try:
            act(claim=seat.claim, **facts, **more, by=request.user, now=seat.now)
            messages.success(request, said)
            return back(seat)
        except InputError as refused:
            form.add_error(None, refused.message)
        except WrongMoment:
            too_late(request)
            return back(seat)
    return render(request, f"claims/desk/{name}.html", {"seat": seat, "form": form} | more)


def _settled(
    request: HttpRequest, seat: Seat, stop: UUID, act: Callable[..., Stop], said: str, **more: Any
) -> HttpResponse:
    found = stop_of(seat.claim, stop)
    if found is None:
        raise Http404
    done(request, lambda: act(stop=found, by=request.user, now=seat.now, **more), said)
    return back(seat)


def back(seat: Seat) -> HttpResponse:
    return redirect("claims:desk_money", seat.claim.public_id)
