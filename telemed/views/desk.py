"""The doctor's desk, behind the second factor: the day, and one consultation."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.form_tokens import sent_once
from policies.middleware import serve_for
from policies.services.looks import look_at_conclusion
from telemed.forms.desk import AttemptForm, ConclusionForm, DraftForm, GiveBackForm
from telemed.forms.talk import MessageForm
from telemed.gateways.telephone import NotConnected
from telemed.models import Consultation, Draft
from telemed.queries.desk import at_desk, consultation_of_doctor, desk_of, doctors_of, earlier_conclusion
from telemed.queries.phrases import phrases_for
from telemed.queries.talk import Seat
from telemed.rules import AttemptResult, Side, WrongMoment
from telemed.services.attempts import DoctorBusy, TooEarly, dial, record_attempt
from telemed.services.presence import note_at_desk
from telemed.services.queue import put_back
from telemed.views import files, talk


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    doctors = doctors_of(request.user)
    if not doctors:
        raise PermissionDenied
    timezone.activate(doctors[0].organisation.zone)
    note_at_desk(user=request.user, now=timezone.now())
    page = {"desk": desk_of(doctors, now=timezone.now()), "is_live": settings.LIVE}
    return render(request, "telemed/desk/desk.html", page)


@require_safe
def consultation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """After whatever the clock has made of a call or a talk."""
    seat = talk.seat_in_time(Seat(mine(request, public_id), Side.DOCTOR, request.user))
    return page_of(request, seat.consultation)


@require_safe
def earlier(request: HttpRequest, public_id: UUID, earlier_id: UUID) -> HttpResponse:
    """An earlier conclusion of the same patient. The patient reads in the cabinet that it was read."""
    present = mine(request, public_id)
    found = earlier_conclusion(present, earlier_id)
    if not found:
        raise Http404
    look_at_conclusion(
        person=present.patient, doctor=present.attending.full_name, by=request.user, reason=str(present.public_id)
    )
    return render(request, "telemed/desk/earlier.html", {"consultation": present, "conclusion": found})


@require_POST
@sent_once
def attempts(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found, form = mine(request, public_id), AttemptForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, attempt_form=form)
    result = AttemptResult(form.cleaned_data["result"])
    try:
        record_attempt(consultation=found, result=result, by=request.user, now=timezone.now())
    except TooEarly:
        messages.error(request, _("It was too early: attempts count when three minutes lie between them."))
    except DoctorBusy:
        messages.error(request, _("You are with another patient. End that talk first."))
    except WrongMoment:
        messages.error(request, _("Meanwhile something else happened to this consultation."))
    return redirect("telemed:desk_consultation", public_id)


@require_POST
def dialling(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The gateway is asked outside any transaction: it may be slow."""
    found = mine(request, public_id)
    try:
        dial(consultation=found, by=request.user, now=timezone.now())
        messages.info(
            request, _("The gateway is calling: first your telephone rings, then the patient’s. What happened?")
        )
    except NotConnected:
        messages.error(
            request, _("The gateway did not call, and nothing counts. Call from your own telephone, or try once more.")
        )
    except TooEarly:
        messages.error(request, _("It was too early: attempts count when three minutes lie between them."))
    except (DoctorBusy, WrongMoment):
        messages.error(request, _("Meanwhile something else happened to this consultation."))
    return redirect("telemed:desk_consultation", public_id)


@require_POST
@sent_once
def give_back_consultation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A failure on our side never counts."""
    found, form = mine(request, public_id), GiveBackForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, give_back_form=form)
    try:
        put_back(consultation=found, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
        messages.success(request, _("Given back. Nothing counts against the patient."))
    except WrongMoment:
        messages.error(request, _("Meanwhile something else happened to this consultation."))
    return redirect("telemed:desk")


# ── Shared ───────────────────────────────────────────────────────────────────
def mine(request: HttpRequest, public_id: UUID) -> Consultation:
    """Another doctor's, or one that was closed for too long, is not found."""
    found = consultation_of_doctor(request.user, public_id, now=timezone.now())
    if not found:
        raise Http404
    serve_for(request, found.insurer)
    note_at_desk(user=request.user, now=timezone.now())
    return found


def page_of(request: HttpRequest, found: Consultation, **forms: Any) -> HttpResponse:
    """The page of a consultation; a form among `forms` that has errors stands in the place of its empty one."""
    phrases = phrases_for(request.user, found.language)
    seat = Seat(found, Side.DOCTOR, request.user)
    of_talk = talk.facts_of(seat) | files.facts_of(seat)
    page = at_desk(found, now=timezone.now())
    empty = ConclusionForm if page.may_send else DraftForm
    context = of_talk | {
        "page": page,
        "consultation": found,
        "form": empty(instance=page.draft or Draft()),
        "attempt_form": AttemptForm(),
        "give_back_form": GiveBackForm(),
        "phrases": phrases,
    }
    if chosen := said(request, phrases):
        context["message_form"] = MessageForm(initial={"text": chosen})
    return talk.with_devices(render(request, "telemed/desk/consultation.html", context | forms))


def said(request: HttpRequest, phrases: list[str]) -> str:
    """The quick phrase that goes into the box of a message; without a script the page is asked for with its number."""
    number = request.GET.get("phrase", "")
    return phrases[int(number)] if number.isascii() and number.isdigit() and int(number) < len(phrases) else ""
