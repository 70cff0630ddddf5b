"""What was sent about a claim: as its reader has it, with every try to hand it over; and as PDF."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.models import Letter
from claims.queries.desk.case import letter_of
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


def paper_answer(letter: Letter) -> FileResponse:
    """To be kept and printed. Raise Http404 while a worker has yet to make it."""
    made = getattr(letter, "paper", None)
    if made is None or made.made_at is None:
        raise Http404
    name = _("Letter about claim %(number)s") % {"number": letter.claim.number_shown}
    return FileResponse(made.file.open(), as_attachment=True, filename=f"{name}.pdf", content_type="application/pdf")
