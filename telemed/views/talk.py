"""The call and the talk, from both sides: the pages, what is pressed on them, what is said."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.form_tokens import sent_once
from telemed.forms.talk import AnswerForm, ChannelForm, MessageForm
from telemed.queries.talk import Seat, seat_of, talk_of
from telemed.rules import Channel, State, WrongMoment
from telemed.services import talk as services
from telemed.views import files
from telemed.views.doors import back, page_of, seated

PAGES = {State.CALLING: "telemed/consultation/calling.html", State.TALKING: "telemed/consultation/talking.html"}
WITH_DEVICES = "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()"


# ── Pages ────────────────────────────────────────────────────────────────────
def show(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The patient's page while the doctor calls or talks (the page of a consultation hands over to it)."""
    facts = facts_of(seat) | files.facts_of(seat)
    return with_devices(render(request, PAGES[State(seat.consultation.state)], facts))


def facts_of(seat: Seat) -> dict[str, Any]:
    """What the templates of a talk need, at either side."""
    return {"talk": talk_of(seat, now=timezone.now()), "message_form": MessageForm(), "is_live": settings.LIVE}


def seat_in_time(seat: Seat) -> Seat:
    """After whatever the clock has made of the consultation: nobody waits for the next beat."""
    now = timezone.now()
    services.keep_time(consultation=seat.consultation, now=now)
    return seat_of(seat.user, seat.consultation.public_id, seat.side, now=now) or seat


def with_devices(page: HttpResponse) -> HttpResponse:
    page.headers["Permissions-Policy"] = WITH_DEVICES
    return page


# ── The patient presses ──────────────────────────────────────────────────────
@require_POST
@seated
def answer(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = AnswerForm(request.POST)
    if form.is_valid():
        channel = Channel(form.cleaned_data["channel"])
        try:
            if not services.answer(consultation=seat.consultation, channel=channel, by=seat.user, now=timezone.now()):
                messages.info(request, too_late())
        except WrongMoment:
            messages.info(request, too_late())
    return back(seat)


def too_late() -> str:
    return _("The doctor’s call has ended. The doctor will call you by telephone; nothing is lost yet.")


@require_POST
@seated
@sent_once
def extension(request: HttpRequest, seat: Seat) -> HttpResponse:
    try:
        services.extend(consultation=seat.consultation, by=seat.user, now=timezone.now())
    except (services.NoMoreMinutes, WrongMoment):
        messages.info(request, _("The call cannot be held any longer."))
    return back(seat)


# ── Both press ───────────────────────────────────────────────────────────────
@require_POST
@seated
def channel(request: HttpRequest, seat: Seat) -> HttpResponse:
    form = ChannelForm(request.POST)
    if form.is_valid():
        chosen = Channel(form.cleaned_data["channel"])
        try:
            services.change_channel(consultation=seat.consultation, channel=chosen, by=seat.user, now=timezone.now())
        except WrongMoment:
            messages.info(request, _("The talk has ended."))
    return back(seat)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@seated
def message(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The form alone: where what was written stays while it cannot be sent."""
    form = MessageForm(request.POST or None)
    if form.is_valid() and is_said(form, seat):
        return back(seat)
    return render(request, "telemed/consultation/message.html", {"seat": seat, "form": form, "back": page_of(seat)})


def is_said(form: MessageForm, seat: Seat) -> bool:
    facts = form.cleaned_data
    try:
        services.say(
            consultation=seat.consultation, side=seat.side, by=seat.user, text=facts["text"], key=facts["key"],
            now=timezone.now(),
        )  # fmt: skip
    except services.TooMany:
        form.add_error(None, _("You write faster than anybody reads. Wait a minute and send it again."))
    except WrongMoment:
        form.add_error(None, _("The consultation has ended; no more messages reach the doctor here."))
    return form.is_valid()


# ── The doctor presses ───────────────────────────────────────────────────────
@require_POST
@seated
def call(request: HttpRequest, seat: Seat) -> HttpResponse:
    try:
        services.call(consultation=seat.consultation, doctor=seat.doctor, now=timezone.now())
    except services.DoctorBusy:
        messages.error(request, _("You are calling or talking to somebody else. End that first."))
    except services.TooSoon:
        messages.error(
            request, _("The talk is booked for a later time. The patient expects your call then, not before.")
        )
    except services.TimeIsOver:
        messages.error(request, _("The booked time is over. The patient chooses another one, free of charge."))
    except (services.NotTheirs, WrongMoment):
        messages.error(request, _("This consultation cannot be called now."))
    return back(seat)


@require_POST
@seated
def miss(request: HttpRequest, seat: Seat) -> HttpResponse:
    try:
        services.miss(consultation=seat.consultation, by=seat.user, now=timezone.now())
    except services.StillRings:
        messages.info(request, _("The window is still open: the patient may yet answer."))
    except WrongMoment:
        messages.info(request, _("The call has ended already."))
    return back(seat)


@require_POST
@seated
def telephone_answer(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The patient asked to be called, and has picked up."""
    try:
        services.answer_by_telephone(consultation=seat.consultation, by=seat.user, now=timezone.now())
    except WrongMoment:
        messages.info(request, _("The call has ended already."))
    return back(seat)


@require_POST
@seated
def end(request: HttpRequest, seat: Seat) -> HttpResponse:
    try:
        services.end(consultation=seat.consultation, by=seat.user, now=timezone.now())
    except WrongMoment:
        messages.info(request, _("The talk has ended already."))
    return back(seat)
