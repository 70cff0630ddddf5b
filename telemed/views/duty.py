"""On duty and off it; the next patient."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.form_tokens import sent_once
from telemed.models import Doctor
from telemed.queries.desk import doctors_of
from telemed.services.duty import NoDutyDoctor, go_on_duty, leave_duty
from telemed.services.queue import NotOnDuty, WithAPatient, take_next


@require_POST
@sent_once
def duty(request: HttpRequest, slug: str) -> HttpResponse:
    doctor = me(request, slug)
    if request.POST.get("act") == "leave":
        leave_duty(doctor=doctor, now=timezone.now())
        return redirect("telemed:desk")
    try:
        go_on_duty(doctor=doctor, now=timezone.now())
    except NoDutyDoctor:
        messages.error(request, _("You take no duty at this organisation."))
    return redirect("telemed:desk")


@require_POST
@sent_once
def next_patient(request: HttpRequest, slug: str) -> HttpResponse:
    """Whoever has waited longest is called at once."""
    try:
        found = take_next(doctor=me(request, slug), now=timezone.now())
    except NotOnDuty:
        messages.error(request, _("You are not on duty: nobody is given to you."))
        return redirect("telemed:desk")
    except WithAPatient:
        messages.error(request, _("You are with another patient. End that talk first."))
        return redirect("telemed:desk")
    if found is None:
        messages.info(request, _("Nobody is waiting now."))
        return redirect("telemed:desk")
    return redirect("telemed:desk_consultation", found.public_id)


def me(request: HttpRequest, slug: str) -> Doctor:
    """As whom this account consults; another's name is not found."""
    doctor = next((one for one in doctors_of(request.user) if one.slug == slug), None)
    if doctor is None:
        raise Http404
    return doctor
