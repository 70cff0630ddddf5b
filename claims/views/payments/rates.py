"""The National Bank's rate, kept by staff with its source: a row of the same day corrects the one before."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from claims.forms.payments import RateForm
from claims.queries.payments.rates import current_rates, rates_shown
from claims.services.penalties import keep_rate
from claims.views.payments.doors import READS, counter
from core.form_tokens import sent_once


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def rates(request: HttpRequest) -> HttpResponse:
    at, form = counter(request, reads=READS), RateForm(request.POST or None)
    if form.is_valid():
        keep_rate(**form.cleaned_data, by=request.user, now=at.now)
        messages.success(request, _("The rate is entered. Penalties that were approved keep theirs."))
        return redirect("claims:rates")
    page = {"at": at, "form": form, "rates": rates_shown(), "current": {one.pk for one in current_rates()}}
    return render(request, "claims/payments/rates.html", page)
