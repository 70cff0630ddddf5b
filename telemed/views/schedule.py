"""When a doctor is to be had: the doctor's own hours and absences."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.form_tokens import sent_once
from telemed.forms.schedule import AbsenceForm, HoursForm
from telemed.queries.desk import doctors_of
from telemed.queries.schedule import agenda_of, own_absence, own_hours
from telemed.services.schedule import Overlaps, add_absence, add_hours, drop_absence, end_hours
from telemed.views.duty import me


@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    doctors = doctors_of(request.user)
    if not doctors:
        raise PermissionDenied
    agendas = [agenda_of(doctor, now=timezone.now()) for doctor in doctors]
    timezone.activate(doctors[0].organisation.zone)
    return render(request, "telemed/desk/schedule.html", {"agendas": agendas})


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def new_hours(request: HttpRequest, slug: str) -> HttpResponse:
    doctor, form = me(request, slug), HoursForm(request.POST or None)
    if form.is_valid():
        try:
            add_hours(hours=form.hours(doctor), by=request.user)
            messages.success(request, _("The hours are kept. Patients see them at once."))
            return redirect("telemed:schedule")
        except Overlaps:
            form.add_error(None, _("There are hours at this time already. End those first"))
    return asked(request, doctor, form, _("New hours"))


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def new_absence(request: HttpRequest, slug: str) -> HttpResponse:
    doctor, form = me(request, slug), AbsenceForm(request.POST or None)
    if form.is_valid():
        booked = add_absence(absence=form.absence(doctor, doctor.organisation.zone), by=request.user)
        messages.success(request, _("The absence is kept. Nobody can book you then."))
        if booked:
            told = ngettext(
                "%(count)d patient is booked inside it. Tell the coordinator, who calls them",
                "%(count)d patients are booked inside it. Tell the coordinator, who calls them", len(booked),
            )  # fmt: skip
            messages.warning(request, told % {"count": len(booked)})
        return redirect("telemed:schedule")
    return asked(request, doctor, form, _("New absence"))


def asked(request: HttpRequest, doctor: Any, form: Any, title: str) -> HttpResponse:
    return render(request, "telemed/desk/schedule_form.html", {"doctor": doctor, "form": form, "heading": title})


@require_POST
def end_of_hours(request: HttpRequest, number: int) -> HttpResponse:
    """Yesterday was their last day."""
    hours = own_hours(request.user, number)
    if hours is None:
        raise Http404
    today = timezone.now().astimezone(hours.doctor.organisation.zone).date()
    end_hours(hours=hours, last=today - timedelta(days=1), by=request.user)
    messages.success(request, _("These hours have ended. What is booked stays booked."))
    return redirect("telemed:schedule")


@require_POST
def absence_removal(request: HttpRequest, number: int) -> HttpResponse:
    absence = own_absence(request.user, number)
    if absence is None:
        raise Http404
    drop_absence(absence=absence, by=request.user)
    messages.success(request, _("The absence is removed."))
    return redirect("telemed:schedule")
