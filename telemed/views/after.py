"""After a consultation: a quality claim and a rating (TM-18)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.form_tokens import sent_once
from telemed.forms.quality import ClaimForm, RatingForm
from telemed.queries.after import after_of
from telemed.rules import WrongMoment
from telemed.services.quality import TooLate, file_claim, rate
from telemed.views.patient import consultation_before


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sent_once
def claim(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found, form = consultation_before(request, public_id), ClaimForm(request.POST or None)
    after = after_of(found, now=timezone.now())
    if not after.may_claim:
        return redirect(found)
    if form.is_valid():
        try:
            file_claim(consultation=found, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
            messages.success(request, _("We have your complaint. The answer will come here."))
        except TooLate:
            messages.error(request, _("The term for complaints ended while you were writing. Please call us."))
        except WrongMoment:
            messages.info(request, _("There is a complaint about this consultation already."))
        return redirect(found)
    return render(request, "telemed/claim.html", {"consultation": found, "after": after, "form": form})


@require_POST
@login_required
@sent_once
def rating(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found, form = consultation_before(request, public_id), RatingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the five."))
        return redirect(found)
    try:
        rate(consultation=found, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Thank you. You can change it until the consultation is accepted."))
    except WrongMoment:
        messages.info(request, _("The consultation is over, so the rating stays as it is."))
    return redirect(found)
