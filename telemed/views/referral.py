"""KIH-17: the duty doctor books a specialist for the patient, at a time that suits both."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.form_tokens import sent_once
from policies.queries import cover_for
from policies.rules import Service
from telemed.models import Consultation
from telemed.queries.booking import doctors_for, specialities_for
from telemed.queries.slots import slot_at
from telemed.queries.times import Time, read_key, times_page
from telemed.rules import REFERS_IN, Speciality
from telemed.rules.slots import instant
from telemed.services.booking import AlreadyThen, NotToBeHad, Taken, assign
from telemed.views.booking import day_in
from telemed.views.desk import mine


@require_safe
def referral(request: HttpRequest, public_id: UUID) -> HttpResponse:
    talk = referred(request, public_id)
    specialities = specialities_for(talk.insurer, Service.SPECIALIST)
    return render(
        request, "telemed/desk/referral.html", {"consultation": talk, "specialities": specialities}
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def referral_time(request: HttpRequest, public_id: UUID, speciality: str) -> HttpResponse:
    """The times; one that is chosen is read once more, with its price, before it is booked."""
    talk, now = referred(request, public_id), timezone.now()
    if speciality not in Speciality:
        raise Http404
    doctors, zone = doctors_for(talk.insurer, Service.SPECIALIST, Speciality(speciality)), talk.insurer.zone
    context = {"consultation": talk, "speciality": Speciality(speciality)}
    wanted = read_key(request.POST.get("slot") or request.GET.get("slot", ""))
    if not wanted:
        page = times_page(doctors, service=Service.SPECIALIST, zone=zone, wanted=day_in(request), now=now)
        return render(request, "telemed/desk/referral_time.html", context | {"page": page})
    found = slot_at(*wanted, insurer=talk.insurer, service=Service.SPECIALIST, now=now)
    if not found or found[0].speciality != speciality:
        messages.error(request, TAKEN)
        return redirect(request.path)
    cover = cover_for(talk.patient, service=Service.SPECIALIST, now=now, for_close_one=bool(talk.close_one))
    if request.method != "POST":
        time = Time(found[0], instant(found[1][0]).astimezone(zone))
        return render(request, "telemed/desk/referral_check.html", context | {"time": time, "cover": cover})
    try:
        assign(talk=talk, doctor=found[0], slot=found[1], cover=cover, by=request.user, now=now)
    except tuple(NOT_BOOKED) as refused:
        messages.error(request, NOT_BOOKED[type(refused)])
        return redirect(request.path)
    messages.success(request, _("Booked. The patient gets the day and the hour by SMS."))
    return redirect("telemed:desk_consultation", public_id)


TAKEN = gettext_lazy("This time is taken. Choose another one")
NOT_BOOKED: dict[type[Exception], Any] = {
    Taken: TAKEN,
    AlreadyThen: gettext_lazy("The patient has another talk at this time. Choose another one"),
    NotToBeHad: gettext_lazy("The patient’s programme has no specialists, and there is no price for one"),
}


def referred(request: HttpRequest, public_id: UUID) -> Consultation:
    """By the doctor who talks with the patient, or has just talked."""
    found = mine(request, public_id)
    if found.state not in REFERS_IN:
        raise Http404
    return found
