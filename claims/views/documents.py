"""A document of the checklist: its pages, sent one by one or with the form, and taken back before somebody has answered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.forms.documents import PagesForm
from claims.models import Item
from claims.queries.documents import has_waiting, item_of, pages_of
from claims.queries.recertifying import is_certificate_anew
from claims.rules.life import ITEM_LIFE, TAKES, ItemEvent, ItemState, WrongMoment
from claims.services.delivery import deliver_pages, take_back
from claims.views.case import NOT_NOW
from claims.views.doors import Seat, seated
from core.models import Upload
from core.uploads.forms import take_files
from core.uploads.lists import FileList, file_list
from core.uploads.queries import upload_of
from core.uploads.rules import WrongMoment as FileWrongMoment
from core.uploads.services import withdraw_upload
from core.uploads.views import file_answer, file_received, list_shown, list_watched, takes_files


@takes_files
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@seated
def document(request: HttpRequest, seat: Seat, item: UUID) -> HttpResponse:
    """The form takes what the script has sent already, and whatever came with the form itself."""
    found = item_at(seat, item)
    if is_certificate_anew(seat.claim, found):
        return redirect("claims:recertification", seat.claim.public_id)
    form = PagesForm(*((request.POST, request.FILES) if request.method == "POST" else ()), sent=has_waiting(found))
    if form.is_valid() and is_delivered(request, seat, found, form):
        return redirect(seat.claim)
    page = {
        "claim": seat.claim, "item": found, "form": form, "files": shown(seat, found), "pages": pages_of(found),
        "is_open": takes(seat, found),
    }  # fmt: skip
    return render(request, "claims/document.html", page)


def is_delivered(request: HttpRequest, seat: Seat, item: Item, form: PagesForm) -> bool:
    """False: the form says of which file it is not so, and why."""
    now, typed = timezone.now(), form.cleaned_data
    if not takes(seat, item):
        form.add_error(None, NOT_NOW)
        return False
    take_files(form, into=item.files, by=seat.user, guest=seat.guest, now=now)
    if not form.is_valid():
        return False
    try:
        count = deliver_pages(
            item=item, language=typed["language"], is_translation=typed["is_translation"], actor=seat.actor, by=seat.user,
            now=now,
        )  # fmt: skip
    except WrongMoment:
        form.add_error(None, NOT_NOW)
        return False
    if count:
        messages.success(request, _("“%(document)s” is with us.") % {"document": item.name})
    return True


# ── The list of files ────────────────────────────────────────────────────────
@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@seated
def files(request: HttpRequest, seat: Seat, item: UUID) -> HttpResponse:
    """For static/js/files.js: the list; by POST one file more, which waits for the form."""
    found = item_at(seat, item)
    if request.method == "POST" and takes(seat, found):
        return file_received(
            request, into=found.files, by=seat.user, guest=seat.guest, shown=lambda: shown(seat, found)
        )
    return list_shown(request, shown(seat, found))


@never_cache
@require_safe
@seated
def file(request: HttpRequest, seat: Seat, item: UUID, file: UUID) -> HttpResponseBase:
    return file_answer(upload_at(seat, item, file)[1], inline=True)


@require_POST
@seated
def removal(request: HttpRequest, seat: Seat, item: UUID, file: UUID) -> HttpResponse:
    """Not sent yet, or sent and not answered about."""
    found, upload = upload_at(seat, item, file)
    now = timezone.now()
    try:
        if upload.kept_at:
            take_back(upload=upload, item=found, actor=seat.actor, by=seat.user, now=now)
        else:
            withdraw_upload(upload=upload, by=seat.user, now=now)
    except (WrongMoment, FileWrongMoment):
        messages.error(request, NOT_NOW)
    return redirect("claims:document", seat.claim.public_id, item)


@require_safe
@seated
def news(request: HttpRequest, seat: Seat, item: UUID) -> HttpResponseBase:
    return list_watched(request, item_at(seat, item).files)


def shown(seat: Seat, item: Item) -> FileList:
    def address(name: str, *more: Any) -> str:
        return reverse(f"claims:{name}", args=[seat.claim.public_id, item.public_id, *more])

    return file_list(
        item.files, address=address("document_files"), stream=address("live_document"),
        file=lambda one: address("document_file", one), removal=lambda one: address("document_removal", one),
    )  # fmt: skip


# ── What stands behind an address ────────────────────────────────────────────
def item_at(seat: Seat, public_id: UUID) -> Item:
    found = item_of(seat.claim, public_id)
    if found is None:
        raise Http404
    return found


def upload_at(seat: Seat, item: UUID, file: UUID) -> tuple[Item, Upload]:
    found = item_at(seat, item)
    upload = upload_of(found.files, file)
    if upload is None:
        raise Http404
    return found, upload


def takes(seat: Seat, item: Item) -> bool:
    """Whether something may be sent for this document now: for the form of its own page, or of a re-certification's."""
    is_expected = seat.claim.state in TAKES or is_certificate_anew(seat.claim, item)
    return is_expected and (ItemState(item.state), ItemEvent.UPLOAD) in ITEM_LIFE.ways
