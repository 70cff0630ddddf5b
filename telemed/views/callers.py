"""A patient calls and wants to cancel (TM-40): staff find the consultation, read out what it means, write the call down."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.views.mobile import owner
from core.form_tokens import sent_once
from policies.views.doors import staffed
from telemed.forms.callers import CallerForm, CallForm
from telemed.models import Consultation
from telemed.queries.callers import consultations_of_caller
from telemed.queries.coordinators import ANSWERING
from telemed.queries.section import consultation_at, taken_when_late
from telemed.rules import State, cancellation_of
from telemed.services.cancel import LateNow, cancel_for_caller


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def callers(request: HttpRequest) -> HttpResponse:
    """Searched by POST: a number stands in no address and no log."""
    insurers, form = staffed(request, ANSWERING), CallerForm(request.POST or None)
    found = consultations_of_caller(insurers, form.cleaned_data["said"]) if form.is_valid() else None
    return render(request, "telemed/assistance/callers.html", {"form": form, "found": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def cancellation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`warned`: the form that was sent stood under the warning, which was read out."""
    found, now = consultation_at(staffed(request, ANSWERING), public_id), timezone.now()
    if found is None:
        raise Http404
    form = CallForm(request.POST or None, consultation=found, now=now.astimezone(found.insurer.zone))
    if not (form.is_valid() and found.is_before_the_talk):
        return ask(request, found, form)
    warned = request.POST.get("warned") == "yes"
    try:
        cancelled = cancel_for_caller(
            consultation=found, by=owner(request), now=now, warned=warned, **form.cleaned_data
        )
    except LateNow:
        return ask(request, found, form)
    say(request, cancelled)
    return redirect("telemed:callers")


def ask(request: HttpRequest, consultation: Consultation, form: CallForm) -> HttpResponse:
    if not consultation.is_before_the_talk:
        say(request, None)
        return redirect("telemed:callers")
    judged = cancellation_of(State(consultation.state), consultation.starts_at, now=form.moment)
    taken = None if judged.is_free else taken_when_late(consultation)
    context = {
        "consultation": consultation,
        "form": form,
        "judged": judged,
        "taken": taken,
        "is_answer": form.is_bound and not form.errors,
    }
    return render(request, "telemed/assistance/cancellation.html", context)


def say(request: HttpRequest, cancelled: Consultation | None) -> None:
    if cancelled is None:
        messages.info(request, _("This consultation has begun, or was called off already."))
    elif cancelled.state == State.CANCELLED_LATE:
        messages.warning(request, _("Cancelled. It counts as rendered: tell the caller."))
    else:
        messages.success(request, _("Cancelled free of charge."))
