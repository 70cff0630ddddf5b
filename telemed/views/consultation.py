"""The one page of a consultation: which part of it is shown is a matter of its state."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from telemed.forms.quality import RatingForm
from telemed.models import Consultation
from telemed.queries.after import after_of
from telemed.queries.payments import paid_back_of
from telemed.queries.section import cancellation_at, earlier_request, has_come_back, is_over
from telemed.queries.talk import Seat
from telemed.queries.waiting import wait_of
from telemed.rules import Side, State
from telemed.rules.slots import held_until
from telemed.services.presence import note_presence
from telemed.services.request import choose_telephone
from telemed.views import files, talk
from telemed.views.patient import consultation_before

Facts = Callable[[HttpRequest, Consultation, datetime], dict[str, Any]]


def wait(request: HttpRequest, consultation: Consultation, now: datetime) -> dict[str, Any]:
    """Who writes without a script stops the refresh."""
    return {
        "wait": wait_of(request.user, consultation.public_id, now=now),
        "is_writing": "write" in request.GET,
        "came_back": has_come_back(consultation),
    }


def booking(request: HttpRequest, consultation: Consultation, now: datetime) -> dict[str, Any]:
    """Until when it may be called off free, and whether that has passed (TM-40); whether its own time has."""
    return {
        "judged": cancellation_at(consultation, now),
        "came_back": has_come_back(consultation),
        "is_over": is_over(consultation, now),
    }


def called_off(request: HttpRequest, consultation: Consultation, now: datetime) -> dict[str, Any]:
    """Perhaps because an earlier request came back into the queue. What was paid for it is owed, or was paid back."""
    return {
        "earlier": earlier_request(consultation) if consultation.is_urgent else None,
        "paid_back": paid_back_of(consultation) if consultation.owed_back else None,
    }


def after(request: HttpRequest, consultation: Consultation, now: datetime) -> dict[str, Any]:
    found = after_of(consultation, now=now)
    given = {"stars": found.rating.stars, "words": found.rating.words} if found.rating else None
    paid_back = paid_back_of(consultation) if consultation.owed_back else None
    return {"after": found, "paid_back": paid_back, "rating_form": RatingForm(initial=given)}


def payment(request: HttpRequest, consultation: Consultation, now: datetime) -> dict[str, Any]:
    """Until when the time of a booking is held for it, and who is called where the insurer names no line of its own."""
    starts_at = consultation.starts_at
    return {
        "held_until": held_until(consultation.asked_at, starts_at) if starts_at else None,
        "organisations": consultation.insurer.medical_organisations.all(),
    }


# The template of each state (telemed/consultation/….html) and what it shows beside the consultation itself.
PARTS: dict[State, tuple[str, Facts]] = {
    State.UNPAID: ("unpaid", payment),
    State.WAITING: ("waiting", wait),
    State.BOOKED: ("booked", booking),
    State.UNANSWERED: ("unanswered", after),
    State.CANCELLED: ("cancelled", called_off),
    State.CANCELLED_LATE: ("cancelled", after),
    State.TALKED: ("after", after),
    State.CONCLUDED: ("after", after),
    State.DISPUTED: ("after", after),
    State.UPHELD: ("after", after),
    State.REJECTED: ("after", after),
    State.ACCEPTED: ("after", after),
    State.NOT_REACHED: ("after", after),
}


@never_cache
@require_safe
@login_required
def consultation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found, now = consultation_before(request, public_id), timezone.now()
    seat = Seat(found, Side.PATIENT, request.user)
    if found.state in talk.PAGES:
        seat = talk.seat_in_time(
            seat
        )  # locks the row; presence, written first, would make two windows wait for each other
    note_presence(consultation=found, now=now)
    found = seat.consultation
    if found.state in talk.PAGES:
        return talk.show(request, seat)
    part, facts = PARTS[State(found.state)]
    context = {
        **talk.facts_of(seat),
        "consultation": found,
        "is_live": settings.LIVE and found.is_before_the_talk,
        **files.facts_of(Seat(found, Side.PATIENT, request.user)),
        **facts(request, found, now),
    }
    return render(request, f"telemed/consultation/{part}.html", context)


@never_cache
@require_safe
@login_required
def place(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The part of the waiting page that changes while nothing is called; 204 when the whole page has changed. Three
    queries, and the presence once a minute."""
    now = timezone.now()
    waiting = wait_of(request.user, public_id, now=now)
    if waiting is None:
        consultation_before(request, public_id)  # not yours is not found
        return HttpResponse(status=204)
    if waiting.owes_presence:
        note_presence(consultation=waiting.consultation, now=now)
    return render(request, "telemed/consultation/place.html", {"wait": waiting})


@require_POST
@login_required
def telephone(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """«Call me», and back to the Internet."""
    found = consultation_before(request, public_id)
    choose_telephone(consultation=found, wanted=request.POST.get("wanted") == "yes")
    return redirect(found)
