"""Before the first request: two consents for each patient, and a mobile number that a code has proved."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.views.mobile import owner
from accounts.views.sms import own_path
from core.form_tokens import sent_once
from policies.forms import ConsentsForm
from policies.middleware import serve_for
from policies.services.consents import give_consents
from telemed.queries.patients import Owed, owed_at_insurers, patients_of


def to_entry(wanted: str) -> HttpResponseRedirect:
    """`wanted`: the path that goes on when nothing is owed any more."""
    return HttpResponseRedirect(f"{reverse('telemed:entry')}?{urlencode({'next': wanted})}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sent_once
def entry(request: HttpRequest) -> HttpResponse:
    """One insurer's texts at a time, then the number. Whoever owes a consent that nobody can read is told whom to call."""
    user, wanted = owner(request), own_path(request) or reverse("telemed:home")
    patients = [patient for patient in patients_of(user, now=timezone.now()) if patient.may_consult]
    owed = owed_at_insurers(patients)
    if asked := next((one for one in owed if one.can_be_read), None):
        return ask(request, user, asked, wanted)
    if owed and (user.phone or all(patient.owes for patient in patients)):
        serve_for(request, owed[0].insurer)
        return render(request, "telemed/no_texts.html", {"owed": owed[0]})
    if not user.phone:
        return render(request, "telemed/entry.html", {"next": wanted})
    return redirect(wanted)


def ask(request: HttpRequest, user: User, asked: Owed, wanted: str) -> HttpResponse:
    """What is ticked counts for each of the insurer's people who stand on the page."""
    serve_for(request, asked.insurer)
    form = ConsentsForm(request.POST or None, texts=asked.texts)
    if form.is_valid():
        for patient in asked.patients:
            give_consents(
                user=user, texts=form.texts, person=patient.person, language=get_language() or "ru", now=timezone.now()
            )
        return redirect(request.get_full_path())
    return render(request, "telemed/entry.html", {"form": form, "owing": asked.patients, "next": wanted})
