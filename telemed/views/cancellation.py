"""Calling a consultation off: what it means is read first (TM-40, TM-41)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.queries import account_of
from core.form_tokens import sent_once
from telemed.models import Consultation
from telemed.queries.section import cancellation_at, taken_when_late
from telemed.services.cancel import LateNow, cancel
from telemed.views.patient import consultation_before


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sent_once
def cancellation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`warned`: the form that was sent stood under the warning."""
    found, warned = consultation_before(request, public_id), request.POST.get("warned") == "yes"
    if not found.is_before_the_talk:
        return redirect(found)
    if request.method != "POST":
        return ask(request, found)
    try:
        if cancel(consultation=found, by=account_of(request), now=timezone.now(), warned=warned):
            messages.success(request, _("The consultation is cancelled."))
    except LateNow:  # the warning is the answer to the form, and the page begins there
        return ask(request, found)
    return redirect(found)


def ask(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    judged = cancellation_at(consultation, timezone.now())
    taken = None if judged.is_free else taken_when_late(consultation)
    context = {"consultation": consultation, "judged": judged, "taken": taken, "is_answer": request.method == "POST"}
    return render(request, "telemed/cancellation.html", context)
