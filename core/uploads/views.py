"""What a view of an app above returns once it has asked for permission. Nothing here knows who may see a file (U8)."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, gettext_noop

from core import audit, live
from core.models import Upload
from core.uploads.forms import problem_with
from core.uploads.inspection import Kind
from core.uploads.lists import FileList, mark_of
from core.uploads.queries import uploads_of
from core.uploads.rules import MOST_AT_ONCE, Collection, State

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User  # the stubs' name for AUTH_USER_MODEL

TYPES = {Kind.JPG: "image/jpeg", Kind.PNG: "image/png", Kind.PDF: "application/pdf"}
UNKNOWN = "application/octet-stream"  # of an original, whatever its sender says it is
# Whatever a reader's program makes of a file, it runs nothing, asks nobody and frames nowhere.
SHUT_IN = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}  # fmt: skip

View = Callable[..., HttpResponseBase]


# ── Taking and listing ───────────────────────────────────────────────────────
def takes_files(view: View) -> View:
    """Marks a view whose forms may bring files: for it an account's request may be larger (portal.middleware)."""
    view.most_body = MOST_AT_ONCE  # type: ignore[attr-defined]
    return view


def file_received(
    request: HttpRequest,
    *,
    into: Collection,
    by: "User | None",
    shown: Callable[[], FileList],
    guest: UUID | None = None,
) -> HttpResponse:
    """For static/js/files.js, which sends one file a request: the list as it is now, or in words what is wrong (422)."""
    for file in request.FILES.getlist("attachments"):
        if problem := problem_with(file, into=into, by=by, guest=guest, now=timezone.now()):
            return HttpResponse(
                problem, status=HTTPStatus.UNPROCESSABLE_ENTITY, content_type="text/plain; charset=utf-8"
            )
    return list_shown(request, shown())


def list_shown(request: HttpRequest, files: FileList) -> HttpResponse:
    """The list without a page around it."""
    answer = render(request, "components/file_list.html", {"files": files})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def list_watched(request: HttpRequest, collection: Collection) -> HttpResponseBase:
    """A stream that tells when the list is another than the one with the mark `?seen`. For an address under /live/."""
    seen = request.GET.get("seen", "")
    return live.stream(request, collection.topic, lambda: mark_of(uploads_of(collection)) != seen)


# ── Serving ──────────────────────────────────────────────────────────────────
def file_answer(upload: Upload, *, inline: bool = False) -> HttpResponseBase:
    """The clean copy, to be saved. `inline`: a picture to be looked at where it is; browsers show no PDF in a sandbox.

    Raise Http404 before it is accepted.
    """
    if upload.state != State.CLEAN:
        raise Http404
    to_save = not (inline and upload.is_picture)
    return _answer(upload.derivative, TYPES[Kind(upload.kind)], upload.download_name, as_attachment=to_save)


def original_answer(upload: Upload, *, by: "User", reason: str, now: datetime) -> HttpResponseBase:
    """The file as it was sent, which may harm whoever opens it: for a right of its own, always to be saved, and audited.

    Raise Http404 where it is deleted.
    """
    if not upload.original:
        raise Http404
    audit.record(
        gettext_noop("downloaded an original file"), on=upload, by=by, scope=upload.scope, reason=reason,
        sha256=upload.sha256,
    )  # fmt: skip
    return _answer(upload.original, UNKNOWN, upload.name or gettext("file"), as_attachment=True)


def _answer(file: FieldFile, content_type: str, name: str, *, as_attachment: bool) -> HttpResponseBase:
    answer: HttpResponseBase
    if settings.FILES_BY_NGINX:
        answer = HttpResponse(content_type=content_type)
        answer.headers["Content-Disposition"] = content_disposition_header(as_attachment, name) or "attachment"
        answer.headers["X-Accel-Redirect"] = f"/files-of-the-house/{file.field.name}s/{file.name}"
    else:
        answer = FileResponse(file.open("rb"), content_type=content_type, as_attachment=as_attachment, filename=name)
    for header, value in SHUT_IN.items():
        answer.headers[header] = value
    return answer
