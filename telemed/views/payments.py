"""What waits for its payment, for the coordinators of its insurer. Nothing of what troubles anybody (TM-45)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.mobile import owner
from core.form_tokens import sent_once
from telemed.forms.request import PaymentForm
from telemed.queries.section import consultation_at, unpaid
from telemed.rules import State
from telemed.services.payments import mark_paid
from telemed.views.doors import coordinated


@never_cache
@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    return render(request, "telemed/payments.html", {"consultations": unpaid(coordinated(request))})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def payment(request: HttpRequest, public_id: UUID) -> HttpResponse:
    consultation = consultation_at(coordinated(request), public_id)
    if consultation is None:
        raise Http404
    if consultation.state != State.UNPAID:
        return redirect("telemed:payments")
    form = PaymentForm(request.POST or None)
    if form.is_valid():
        reference = form.cleaned_data["reference"]
        if mark_paid(consultation=consultation, reference=reference, by=owner(request), now=timezone.now()):
            messages.success(request, _("The payment is noted."))
        return redirect("telemed:payments")
    return render(request, "telemed/payment.html", {"consultation": consultation, "form": form})
