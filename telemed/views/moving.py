"""A booking is given another time (V18), and as a file for the patient's calendar."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.mobile import owner
from core.calendar_file import appointment
from core.form_tokens import sent_once
from policies.rules import Service
from telemed.models import Consultation, Doctor
from telemed.queries.booking import doctors_for, insured_of
from telemed.queries.section import cancellation_at
from telemed.queries.slots import slot_at
from telemed.queries.times import Time, read_key, times_page
from telemed.rules import Speciality, State, WrongMoment
from telemed.rules.slots import Span, instant
from telemed.services.booking import AlreadyThen, Taken, Wish, declared_of, move_booking
from telemed.services.cancel import LateNow
from telemed.services.messages import appointment_of
from telemed.views.booking import day_in
from telemed.views.patient import consultation_before


@never_cache
@require_safe
@login_required
def new_time(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Of the same doctor."""
    found, now = consultation_before(request, public_id), timezone.now()
    if found.state != State.BOOKED:
        return redirect(found)
    doctors = doctors_for(found.insurer, Service(found.service), Speciality(found.speciality)).filter(
        pk=found.attending.pk
    )
    page = times_page(
        doctors, service=Service(found.service), zone=found.insurer.zone, wanted=day_in(request), now=now
    )  # fmt: skip
    context = {
        "consultation": found,
        "page": page,
        "doctor": found.doctor,
        "judged": cancellation_at(found, now),
    }
    return render(request, "telemed/booking/new_time.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@sent_once
def move(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`warned`: the form that was sent stood under the warning."""
    found, now = consultation_before(request, public_id), timezone.now()
    wanted = read_key(request.POST.get("slot") or request.GET.get("slot", ""))
    if found.state != State.BOOKED or not wanted:
        return redirect(found)
    time = slot_at(*wanted, insurer=found.insurer, service=Service(found.service), now=now)
    if not time:
        return gone(request, found)
    wish = wish_of(request, found, time.doctor, time.slot)
    if request.method != "POST":
        return ask(request, found, wish)
    try:
        moved = move_booking(
            consultation=found, wish=wish, by=request.user, now=now, warned=request.POST.get("warned") == "yes"
        )
    except LateNow:
        return ask(request, found, wish)
    except (Taken, AlreadyThen):
        return gone(request, found)
    except WrongMoment:
        return redirect(found)
    return redirect(moved)


def wish_of(request: HttpRequest, consultation: Consultation, doctor: Doctor, slot: Span) -> Wish:
    """The same talk at another time; what it costs is asked anew, because a late move is a new booking."""
    user, now = owner(request), timezone.now()
    insured = insured_of(user, consultation.patient.public_id, now=now)
    if not insured:
        raise Http404
    cover = insured.cover(Service(consultation.service), now=now, for_close_one=bool(consultation.close_one))
    return Wish(doctor, slot, insured.person, cover, declared_of(consultation), user)


def ask(request: HttpRequest, consultation: Consultation, wish: Wish) -> HttpResponse:
    context: dict[str, Any] = {
        "consultation": consultation,
        "time": Time(wish.doctor, instant(wish.slot[0]).astimezone(consultation.insurer.zone)),
        "judged": cancellation_at(consultation, timezone.now()),
        "cover": wish.cover,
    }
    return render(request, "telemed/booking/move.html", context)


def gone(request: HttpRequest, consultation: Consultation) -> HttpResponse:
    messages.error(request, _("This time was just taken. Choose another one"))
    return redirect("telemed:new_time", consultation.public_id)


@never_cache
@require_safe
@login_required
def calendar(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same entry as in the letter."""
    found = consultation_before(request, public_id)
    if found.is_urgent:
        raise Http404
    return HttpResponse(
        appointment(**appointment_of(found, now=timezone.now())),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="doctor.ics"'},
    )
