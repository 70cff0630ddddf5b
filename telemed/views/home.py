"""«Врач»: what is under way, asking, what it costs, what was (KIH-18, TM-27…29)."""

import re

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.views.mobile import owner
from telemed.queries.patients import patients_of
from telemed.queries.section import history, under_way
from telemed.views.patient import is_open, serve_for_patients


@never_cache
@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    user, now = owner(request), timezone.now()
    patients = patients_of(user, now=now)
    serve_for_patients(request, patients)
    before = re.fullmatch("[0-9]{1,18}", request.GET.get("before", ""), re.ASCII)
    context = {
        "patients": patients,
        "is_open": is_open(user, patients),
        "may_ask": any(patient.choices for patient in patients),
        "would_wait_in_vain": any(patient.would_wait_in_vain for patient in patients),
        "may_book": any(patient.may_book for patient in patients),
        "under_way": under_way(user, now=now),
        "history": history(user, before=int(before[0]) if before else None, now=now),
        "is_continued": before is not None,
    }
    return render(request, "telemed/home.html", context)
