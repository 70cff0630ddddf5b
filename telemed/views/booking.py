"""Booking by the patient (TM-36): kind, speciality, doctor, day and time, what it costs, what troubles you, «Book»."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
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

from accounts.models import User
from accounts.views.mobile import owner
from core.uploads.views import takes_files
from policies.middleware import serve_for
from policies.queries import has_consents
from policies.rules import Service
from telemed.forms.booking import BookingForm, form_for
from telemed.models import Doctor
from telemed.queries.booking import Insured, doctor_named, doctors_for, insured_of, offers_with, specialities_for
from telemed.queries.patients import patients_of
from telemed.queries.public import published_doctor
from telemed.queries.slots import Offer, holder_of, nearest_times, slot_at
from telemed.queries.times import Time, nearest_to, read_key, times_page
from telemed.rules import CONSENTS, Speciality, cancellation
from telemed.rules.slots import held_until, instant
from telemed.services.booking import AlreadyThen, Taken, Wish, book, book_with_files
from telemed.views.entry import to_entry
from telemed.views.patient import serve_for_patients
from telemed.views.unsent import Beside

BOOKABLE = (Service.PLANNED_GP, Service.SPECIALIST, Service.SECOND_OPINION)
NEAREST = "nearest"  # in place of a doctor's slug: whoever is free first


@dataclass(frozen=True)
class Asked:
    """Who asks, for whom, for what."""

    user: User
    insured: Insured
    service: Service
    now: datetime

    @property
    def beside(self) -> Beside:
        return Beside(self.user, self.insured.person)

    @property
    def address(self) -> tuple[UUID, str]:
        return self.insured.person.public_id, self.service.value


View = Callable[..., HttpResponse]


def asked_for(view: View) -> View:
    """Gives `view` an Asked for the person and service of its address. TM-20, TM-21: whoever owes a consent or a mobile
    number is led there first; KIH-17: where the duty doctor sets the hour, the page says so. Three queries."""

    @wraps(view)
    def with_asked(request: HttpRequest, person: UUID, service: str, **more: Any) -> HttpResponse:
        user, now = owner(request), timezone.now()
        insured = insured_of(user, person, now=now) if service in BOOKABLE else None
        if not insured:
            raise Http404
        serve_for(request, insured.person.insurer)
        if not user.phone or not has_consents(
            user, insurer=insured.person.insurer, codes=CONSENTS, person=insured.person
        ):
            return to_entry(request.get_full_path())
        asked = Asked(user, insured, Service(service), now)
        if insured.waits_for_duty_doctor(asked.service, now=now):
            return render(request, "telemed/booking/by_duty_doctor.html", {"asked": asked})
        return view(request, asked, **more)

    return never_cache(login_required(with_asked))


@never_cache
@require_safe
@login_required
def kinds(request: HttpRequest) -> HttpResponse:
    patients = patients_of(request.user, now=timezone.now())
    serve_for_patients(request, patients)
    kinds = [(patient, [patient.covers[service] for service in BOOKABLE]) for patient in patients]
    return render(request, "telemed/booking/kinds.html", {"patients": kinds})


@never_cache
@require_safe
@login_required
def with_doctor(request: HttpRequest, slug: str) -> HttpResponse:
    """TM-29: from a doctor's own page to their times. For whom is asked only where there is a choice."""
    patients = patients_of(request.user, now=timezone.now())
    serve_for_patients(request, patients)
    doctor = published_doctor(slug, insurer=None)
    offers = offers_with(doctor, patients) if doctor else []
    if doctor and len(offers) == 1:
        ((patient, cover),) = offers
        return redirect("telemed:times", patient.person.public_id, cover.service, doctor.speciality, doctor.slug)
    return render(request, "telemed/booking/with_doctor.html", {"doctor": doctor, "offers": offers})


@require_safe
@asked_for
def specialities(request: HttpRequest, asked: Asked) -> HttpResponse:
    found = specialities_for(asked.insured.person.insurer, asked.service)
    return render(request, "telemed/booking/specialities.html", {"asked": asked, "specialities": found})


@require_safe
@asked_for
def doctors(request: HttpRequest, asked: Asked, speciality: str) -> HttpResponse:
    here = doctors_of(asked, speciality)
    zone = asked.insured.person.insurer.zone
    nearest = nearest_times(here, service=asked.service, zone=zone, now=asked.now)
    rows = [(doctor, nearest.get(doctor.pk)) for doctor in here]
    context = {
        "asked": asked, "speciality": Speciality(speciality), "doctors": rows, "nearest": min(nearest.values(), default=None)
    }  # fmt: skip
    return render(request, "telemed/booking/doctors.html", context)


@require_safe
@asked_for
def times(request: HttpRequest, asked: Asked, speciality: str, who: str) -> HttpResponse:
    here = doctors_of(asked, speciality)
    chosen = None if who == NEAREST else here.filter(slug=who).first()
    if who != NEAREST and not chosen:
        raise Http404
    page = times_page(
        here.filter(pk=chosen.pk) if chosen else here, service=asked.service,
        zone=asked.insured.person.insurer.zone, wanted=day_in(request), now=asked.now,
    )  # fmt: skip
    context = {"asked": asked, "speciality": Speciality(speciality), "doctor": chosen, "page": page}
    return render(request, "telemed/booking/times.html", context)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@asked_for
def appointment(request: HttpRequest, asked: Asked) -> HttpResponse:
    """What it costs, what troubles you, «Book». POST: six queries, of which one books (docs/adr/0034);
    three more where files lie beside the form."""
    wanted = read_key(request.POST.get("slot") or request.GET.get("slot", ""))
    if not wanted:
        messages.error(request, _("Choose a time first"))
        return redirect("telemed:specialities", *asked.address)
    found = slot_at(*wanted, insurer=asked.insured.person.insurer, service=asked.service, now=asked.now)
    if not found:
        return taken(request, asked, doctor_of(asked, wanted[0]), wanted[1])
    if found.is_held:
        return held(request, asked, found)
    form = form_of(request, asked, [time_of(asked, found)])
    if form.is_valid() and has_seen_the_price(request, asked, form):
        return booked(request, asked, form, found) or taken(request, asked, found.doctor, wanted[1])
    return show(request, asked, form, found)


def held(request: HttpRequest, asked: Asked, found: Offer) -> HttpResponse:
    """By the same person where the form was sent twice, or where they came back by the browser's button."""
    holder = holder_of(found)
    if holder and holder.asked_by_id == asked.user.pk:
        return redirect(holder)
    return taken(request, asked, found.doctor, instant(found.slot[0]))


def booked(request: HttpRequest, asked: Asked, form: BookingForm, found: Offer) -> HttpResponse | None:
    """None: somebody was quicker."""
    insured, now = asked.insured, asked.now
    cover = insured.cover(asked.service, now=now, for_close_one=form.is_for_close_one())
    wish = Wish(found.doctor, found.slot, insured.person, cover, form.declared, asked.user)
    if not insured.may_book_more:
        form.add_error(None, _("As many talks are booked as can be at once. Cancel one of them, or call us"))
        return show(request, asked, form, found)
    try:
        if brings_files(request):
            return redirect(book_with_files(wish=wish, files=asked.beside.files, by=asked.user, now=now))
        return redirect(book(wish=wish, by=asked.user, now=now))
    except AlreadyThen as already:
        form.add_error(None, _("There is another talk at this time already"))
        return show(request, asked, form, found, already=already.consultation)
    except Taken:
        return None


def taken(request: HttpRequest, asked: Asked, doctor: Doctor, at: datetime) -> HttpResponse:
    """Nothing typed is lost: the same form, with the times around the one that is gone."""
    around = nearest_to(
        at, doctor, doctors_of(asked, doctor.speciality), service=asked.service,
        zone=asked.insured.person.insurer.zone, now=asked.now,
    )  # fmt: skip
    return show(request, asked, form_of(request, asked, around), None, around=around)


def show(
    request: HttpRequest, asked: Asked, form: BookingForm, found: Offer | None, **more: Any
) -> HttpResponse:  # fmt: skip
    context: dict[str, Any] = {
        "asked": asked, "form": form, "phone": asked.user.phone,
        "cover": asked.insured.cover(asked.service, now=asked.now, for_close_one=form.is_for_close_one()),
        "files": asked.beside.shown(), **more,
    }  # fmt: skip
    if found:
        starts_at = instant(found.slot[0])
        context |= {
            "time": time_of(asked, found), "judged": cancellation(starts_at, now=asked.now),
            "held_until": held_until(asked.now, starts_at),
        }  # fmt: skip
    return render(request, "telemed/booking/booking.html", context)


def has_seen_the_price(request: HttpRequest, asked: Asked, form: BookingForm) -> bool:
    """The one that is asked for now."""
    price = asked.insured.cover(asked.service, now=asked.now, for_close_one=form.is_for_close_one()).price
    if price is not None and request.POST.get("price") == f"{price.amount:.2f}":
        return True
    form.add_error(None, _("The price has changed since. Look at it, then book"))
    return False


def form_of(request: HttpRequest, asked: Asked, times: list[Time]) -> BookingForm:
    words = [(time.key, time.in_words if len(times) > 1 else "") for time in times]
    form, insured = form_for(asked.service), asked.insured
    facts: dict[str, Any] = {
        "patient": insured.person, "relatives_included": insured.relatives_included, "times": words,
        "initial": {"slot": words[0][0] if len(words) == 1 else "", "language": request.LANGUAGE_CODE},
    }  # fmt: skip
    if asked.beside.is_taken_away(request):
        return form(**facts | {"initial": facts["initial"] | form.typed(request.POST)})
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return asked.beside.taken_from(form(*sent, **facts))


def brings_files(request: HttpRequest) -> bool:
    """With the form, or before it: then the list that came with the form names them."""
    return bool(request.FILES) or "received" in request.POST


def time_of(asked: Asked, found: Offer) -> Time:
    return Time(found.doctor, instant(found.slot[0]).astimezone(asked.insured.person.insurer.zone))


def doctor_of(asked: Asked, slug: str) -> Doctor:
    doctor = doctor_named(asked.insured.person.insurer, slug)
    if not doctor:
        raise Http404
    return doctor


def doctors_of(asked: Asked, speciality: str) -> Any:
    if speciality not in Speciality:
        raise Http404
    return doctors_for(asked.insured.person.insurer, asked.service, Speciality(speciality))


def day_in(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None
