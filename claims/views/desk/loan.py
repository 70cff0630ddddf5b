"""The loan behind a claim: its schedule from a file or typed, and the bank's letter. What was decided keeps its own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from claims.forms.loan import FileForm, LetterForm, TypedForm
from claims.models import Source
from claims.queries.loans import letter_in_force, schedule_in_force
from claims.rules.loan import BankLetter
from claims.services.loans import enter_bank_letter, enter_schedule
from claims.views.desk.doors import REVIEWER, Seat, at_desk
from core.form_tokens import sent_once
from core.money import Money


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def loan(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """Typed rows are posted here."""
    form = TypedForm(request.POST or None, currency=seat.claim.insurer.currency)
    if not form.is_valid():
        return loan_page(request, seat, typed=form)
    return entered(request, seat, form, source=Source.TYPED)


@require_POST
@sent_once
@at_desk(acts=REVIEWER)
def file(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    form = FileForm(request.POST, request.FILES, currency=seat.claim.insurer.currency)
    if not form.is_valid():
        return loan_page(request, seat, from_file=form)
    name = form.cleaned_data["file"].name
    return entered(request, seat, form, source=Source.FILE, file_name=name, sha256=form.sha256)


@require_POST
@sent_once
@at_desk(acts=REVIEWER)
def letter(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    form, currency = LetterForm(request.POST), seat.claim.insurer.currency
    if not form.is_valid():
        return loan_page(request, seat, letter=form)
    given = form.cleaned_data
    said = BankLetter(given["as_of"], Money(given["debt"], currency), Money(given["not_principal"], currency))
    enter_bank_letter(claim=seat.claim, letter=said, item=None, by=request.user, now=seat.now)
    messages.success(request, _("The bank’s letter is entered."))
    return redirect("claims:loan", seat.claim.public_id)


def entered(request: HttpRequest, seat: Seat, form: TypedForm | FileForm, **how: Any) -> HttpResponse:
    named = {name: form.cleaned_data[name] for name in ("contract_number", "lender")}
    enter_schedule(claim=seat.claim, schedule=form.schedule, by=request.user, now=seat.now, **named, **how)
    messages.success(request, _("The schedule is entered."))
    return redirect("claims:loan", seat.claim.public_id)


def loan_page(request: HttpRequest, seat: Seat, **forms: Any) -> HttpResponse:
    """Forms that were not posted are empty; the letter begins with the day it must be about."""
    currency, claim = seat.claim.insurer.currency, seat.claim
    schedule = schedule_in_force(claim)
    page = {
        "seat": seat, "schedule": schedule, "repayments": schedule.schedule if schedule else None,
        "bank_letter": letter_in_force(claim), "typed": TypedForm(currency=currency), "from_file": FileForm(currency=currency),
        "letter": LetterForm(initial={"as_of": claim.event_on}),
    }  # fmt: skip
    return render(request, "claims/desk/loan.html", page | forms)
