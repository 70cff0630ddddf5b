"""The application: one page, corrected until the decision. Bank details ask once more who it is."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from claims.forms.application import ApplicationForm, PayeeForms, payees_before
from claims.queries.cases import application_of, consents_owed
from claims.rules.life import TAKES, WrongMoment
from claims.services.application import apply
from claims.views.case import NOT_NOW
from claims.views.doors import Seat, freshly, seated
from core.form_tokens import sent_once


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@seated
@freshly
def application(request: HttpRequest, seat: Seat) -> HttpResponse:
    answer: HttpResponse = sent_once(page)(request, seat)  # type: ignore[assignment]
    return answer


def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    claim = seat.claim
    if claim.state not in TAKES:
        messages.error(request, NOT_NOW)
        return redirect(claim)
    before = application_of(claim)
    texts = consents_owed(claim)
    form = ApplicationForm(
        request.POST or None, texts=texts, initial=ApplicationForm.sent_before(before, claim.phone)
    )  # fmt: skip
    payees = PayeeForms(
        request.POST or None, prefix="payee", initial=payees_before(list(claim.payees.current()), claim.claimant_name)
    )
    if form.is_valid() & payees.is_valid() and is_sent(request, seat, form, payees):
        return redirect(claim)
    return render(request, "claims/application.html", {"form": form, "payees": payees, "claim": claim, "texts": texts})


def is_sent(request: HttpRequest, seat: Seat, form: ApplicationForm, payees: Any) -> bool:
    try:
        apply(
            claim=seat.claim, living=form.living, payees=payees.paid, consents=form.texts, language=get_language() or "ru",
            by=seat.user, guest=seat.guest, now=timezone.now(),
        )  # fmt: skip
    except WrongMoment:
        messages.error(request, NOT_NOW)
    else:
        messages.success(request, _("The application is with us."))
    return True
