"""What was sent about a claim: as its reader has it, with every try to hand it over; and as PDF."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.models import Letter, Paper
from claims.queries.desk.case import letter_of, suspension_of
from claims.views.desk.doors import Seat, at_desk


@never_cache
@require_safe
@at_desk()
def letter(request: HttpRequest, seat: Seat, letter: UUID) -> HttpResponseBase:
    sent = letter_of(seat.claim, letter)
    if sent is None:
        raise Http404
    return render(request, "claims/desk/letter.html", {"seat": seat, "sent": sent})


@never_cache
@require_safe
@at_desk()
def paper(request: HttpRequest, seat: Seat, letter: UUID) -> HttpResponseBase:
    sent = letter_of(seat.claim, letter)
    if sent is None:
        raise Http404
    return paper_answer(sent.letter)


@never_cache
@require_safe
@at_desk()
def request_paper(request: HttpRequest, seat: Seat, stop: UUID) -> HttpResponseBase:
    """The request to an authority, to be signed and sent."""
    asked = suspension_of(seat.claim, stop)
    if asked is None:
        raise Http404
    return file_of(getattr(asked, "paper", None), _("Request about claim %(number)s"))


def paper_answer(letter: Letter) -> FileResponse:
    return file_of(getattr(letter, "paper", None), _("Letter about claim %(number)s"))


def file_of(paper: Paper | None, name: str) -> FileResponse:
    """To be kept and printed. Raise Http404 while a worker has yet to make it."""
    if paper is None or paper.made_at is None:
        raise Http404
    filename = f"{name % {'number': paper.claim.number_shown}}.pdf"
    return FileResponse(paper.file.open(), as_attachment=True, filename=filename, content_type="application/pdf")
