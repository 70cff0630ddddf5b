"""Files of a consultation, at either side: a list with their states, one file more, a file. TM-33: each is a message."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.uploads.forms import take_files
from core.uploads.lists import FileList, file_list
from core.uploads.queries import upload_of
from core.uploads.rules import State
from core.uploads.views import file_answer, file_received, list_shown, list_watched, takes_files
from telemed.forms.talk import FilesForm
from telemed.queries.talk import Seat
from telemed.rules import OPEN_TO_MESSAGES, Side, WrongMoment
from telemed.services.files import say_files
from telemed.views.doors import back, page_of, seated

ENDED = 422  # what static/js/files.js shows as it stands


# ── The part of a page (telemed/parts/files.html) ────────────────────────────
def facts_of(seat: Seat) -> dict[str, Any]:
    return {
        "files": shown_at(seat),
        "files_form": FilesForm() if is_open(seat) else None,
        "new_files": address_at(seat, "new_files"),
    }


def shown_at(seat: Seat) -> FileList:
    return file_list(
        seat.consultation.files, address=address_at(seat, "files"), stream=address_at(seat, "live_files"),
        file=lambda one: address_at(seat, "file", one),
    )  # fmt: skip


def address_at(seat: Seat, name: str, *more: Any) -> str:
    """Of the patient's side, or of the doctor's."""
    side = "desk_" if seat.side == Side.DOCTOR else ""
    return reverse(f"telemed:{side}{name}", args=[seat.consultation.public_id, *more])


def is_open(seat: Seat) -> bool:
    return seat.consultation.state in OPEN_TO_MESSAGES


# ── One more ─────────────────────────────────────────────────────────────────
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@seated
def files(request: HttpRequest, seat: Seat) -> HttpResponse:
    """For static/js/files.js: the list; by POST one file more."""
    if request.method != "POST":
        return list_shown(request, shown_at(seat))
    try:
        return received(request, seat)
    except WrongMoment:
        return HttpResponse(ended(), status=ENDED, content_type="text/plain; charset=utf-8")


def received(request: HttpRequest, seat: Seat) -> HttpResponse:
    def said_and_shown() -> FileList:
        say_files(consultation=seat.consultation, now=timezone.now())
        return shown_at(seat)

    if not is_open(seat):
        raise WrongMoment
    return file_received(request, into=seat.consultation.files, by=seat.user, shown=said_and_shown)


@takes_files
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@seated
def new_files(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The form alone, for browsers without a script."""
    form = FilesForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid() and are_sent(form, seat):
        return back(seat)
    return render(request, "telemed/consultation/new_files.html", {"seat": seat, "form": form, "back": page_of(seat)})


def are_sent(form: FilesForm, seat: Seat) -> bool:
    """False: the form says of which file it is not so, and why."""
    now = timezone.now()
    try:
        if not is_open(seat):
            raise WrongMoment
        take_files(form, into=seat.consultation.files, by=seat.user, now=now)
        say_files(consultation=seat.consultation, now=now)
    except WrongMoment:
        form.add_error(None, ended())
    return form.is_valid()


def ended() -> str:
    return _("The consultation has ended; no more files reach the doctor here.")


# ── Read ─────────────────────────────────────────────────────────────────────
@never_cache
@require_safe
@seated
def file(request: HttpRequest, seat: Seat, file: UUID) -> HttpResponseBase:
    """Pictures where they are: a doctor in a talk does not sort downloads. Before the check is over: the list, which says
    how it stands."""
    upload = upload_of(seat.consultation.files, file)
    if upload is None:
        raise Http404
    if upload.state != State.CLEAN:
        return redirect(f"{page_of(seat)}#files")
    return file_answer(upload, inline=True)


@require_safe
@seated
def live(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    return list_watched(request, seat.consultation.files)
