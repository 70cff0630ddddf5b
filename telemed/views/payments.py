"""What waits for its payment and what is to be paid back, for the coordinators of its insurer. Nothing of what troubles
anybody (TM-45)."""

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
from telemed.forms.payments import PaidBackForm, PaymentForm
from telemed.queries.payments import Owed, lately_paid_back, owed_at, owed_back, unpaid
from telemed.queries.section import consultation_at
from telemed.rules import State, WrongMoment
from telemed.services.payments import NotThatDay, SamePerson, mark_paid, mark_paid_back
from telemed.views.doors import coordinated


@never_cache
@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    insurers = coordinated(request)
    lists = {"unpaid": unpaid(insurers), "owed": owed_back(insurers), "paid_back": lately_paid_back(insurers)}
    return render(request, "telemed/payments/payments.html", lists)


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
    return render(request, "telemed/payments/payment.html", {"consultation": consultation, "form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def payment_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    insurers = coordinated(request)
    owed = owed_at(insurers, public_id)
    if owed is None:
        if consultation_at(insurers, public_id) is None:
            raise Http404
        return redirect("telemed:payments")
    form = PaidBackForm(request.POST or None)
    if form.is_valid() and is_noted(request, owed, form):
        return redirect("telemed:payments")
    page = {
        "owed": owed,
        "consultation": owed.consultation,
        "form": form,
        "is_own": owed.decided_by == owner(request).pk,
    }
    return render(request, "telemed/payments/payment_back.html", page)


def is_noted(request: HttpRequest, owed: Owed, form: PaidBackForm) -> bool:
    try:
        mark_paid_back(consultation=owed.consultation, **form.cleaned_data, by=owner(request), now=timezone.now())
    except NotThatDay:
        form.add_error("paid_on", _("The day is not before the money was owed, and not after today"))
    except SamePerson:
        form.add_error(
            None, _("You upheld the claim yourself: another coordinator notes that the money was paid back.")
        )
    except WrongMoment:
        messages.info(request, _("Somebody has noted it already."))
    else:
        messages.success(request, _("The payment back is noted. The patient is told."))
    return form.is_valid()
