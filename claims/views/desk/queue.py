"""The queue, and whose claim it is: taking, handing over, absences."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from claims.forms.desk import AbsenceForm, HandOverForm, NumberForm, OpeningForm
from claims.queries.desk.case import claim_numbered
from claims.queries.desk.queue import Wanted, queue_page
from claims.queries.staff import READS, absence_numbered, absences_ahead, insurers_reviewed_by, reviewers_of
from claims.rules.life import OPEN_STATES, State
from claims.rules.numbers import parse_number
from claims.rules.queue import Place, Shelf
from claims.services.take import TakenAlready, end_absence, hand_over, note_absence, take_claim
from claims.views.desk.doors import EITHER, REVIEWER, Seat, at_desk, back, insurers_read, open_file, seat_of
from core.form_tokens import sent_once
from policies.models import Insurer
from policies.views.doors import staffed

LISTED = (*OPEN_STATES, State.REFUSED, State.PAID)  # what may stand in the queue: an objection keeps the last two there


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """By POST a number is looked for: it stands in no address."""
    insurers, form = insurers_read(request), NumberForm(request.POST or None)
    if form.is_valid():
        return _numbered(request, insurers, form)
    wanted = _wanted(request, insurers)
    page = queue_page(wanted, user=request.user, now=timezone.now())
    context = {"page": page, "form": form, "wanted": wanted, "following": _query(wanted, after=page.following)}
    return render(request, "claims/desk/queue.html", context | _choices(wanted, insurers))


def _numbered(request: HttpRequest, insurers: list[Insurer], form: NumberForm) -> HttpResponse:
    number = parse_number(form.cleaned_data["number"])
    found = claim_numbered({one.pk for one in insurers}, number) if number is not None else None
    if found is None:
        messages.error(request, _("There is no claim of this number. Compare each digit with the letter."))
        return redirect("claims:queue")
    return redirect("claims:desk_case", found.public_id)


def _wanted(request: HttpRequest, insurers: list[Insurer]) -> Wanted:
    """What the address names and no link offers is not asked for."""
    given = request.GET
    shelf = next((one for one in Shelf if one == given.get("shelf")), Shelf.OPEN)
    state = next((one for one in LISTED if one == given.get("state")), None)
    chosen = [one for one in insurers if one.slug == given.get("insurer")] or insurers
    return Wanted(chosen, shelf, state, Place.read(given.get("after", "")))


def _query(wanted: Wanted, *, after: str = "", **other: str) -> str:
    insurer = wanted.insurers[0].slug if len(wanted.insurers) == 1 else ""
    chosen = {"shelf": wanted.shelf.value, "state": wanted.state or "", "insurer": insurer, "after": after} | other
    return "?" + urlencode({name: value for name, value in chosen.items() if value})


def _choices(wanted: Wanted, insurers: list[Insurer]) -> dict[str, Any]:
    """Links to the other shelves, states and insurers."""
    states: list[tuple[str, Any]] = [("", _("in any state")), *((one.value, one.label) for one in LISTED)]
    several: list[tuple[str, Any]] = [("", _("all insurers")), *((one.slug, one.name) for one in insurers)]
    chosen = wanted.insurers[0].slug if len(wanted.insurers) == 1 else ""
    return {
        "shelves": [_link(one.label, _query(wanted, shelf=one.value), one == wanted.shelf) for one in Shelf],
        "states": [_link(label, _query(wanted, state=code), code == (wanted.state or "")) for code, label in states],
        "insurers": (
            [_link(name, _query(wanted, insurer=slug), slug == chosen) for slug, name in several]
            if len(insurers) > 1
            else []
        ),
    }


def _link(label: Any, href: str, current: bool) -> dict[str, Any]:
    return {"label": label, "href": href, "current": current}


# ── Whose it is ──────────────────────────────────────────────────────────────
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What for a file is opened. `next`: the page of it that was asked for."""
    seat, form = seat_of(request, public_id), OpeningForm(request.POST or None)
    if not form.is_valid():
        return render(request, "claims/desk/opening.html", {"seat": seat, "form": form})
    open_file(seat, form.reason)
    wanted = request.GET.get("next", "")
    return redirect(wanted if wanted.startswith(seat.page) else seat.page)


@require_POST
@sent_once
def take(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """To whom a claim belongs, to them it opens without a question."""
    seat = seat_of(request, public_id)
    if not seat.reviews:
        raise PermissionDenied
    try:
        take_claim(claim=seat.claim, by=request.user, now=seat.now)
        messages.success(request, _("The claim is yours."))
    except TakenAlready as refused:
        messages.error(request, refused.message)
        return redirect("claims:queue")
    return redirect(seat.page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=EITHER)
def handover(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    form = HandOverForm(request.POST or None, colleagues=reviewers_of([seat.claim.insurer_id]))
    if not form.is_valid():
        return render(request, "claims/desk/handover.html", {"seat": seat, "form": form})
    given = form.cleaned_data
    hand_over(claim=seat.claim, to=given["to"], by=request.user, reason=given["reason"], now=seat.now)
    messages.success(request, _("Handed over."))
    return back(seat)


# ── Absences ─────────────────────────────────────────────────────────────────
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
def absences(request: HttpRequest) -> HttpResponse:
    """Reviewers note them, for each other too: whoever fell ill does not do it."""
    keys = staffed(request, READS)
    acts = insurers_reviewed_by(request.user)
    mine = {one.pk for one in acts}
    form = AbsenceForm(request.POST or None, colleagues=reviewers_of(mine), insurers=acts)
    if request.method == "POST" and not mine:
        raise PermissionDenied
    if form.is_valid():
        note_absence(**form.cleaned_data, by=request.user)
        messages.success(request, _("Noted. Meanwhile these claims are offered to colleagues."))
        return redirect("claims:absences")
    context = {"absences": absences_ahead(keys, timezone.localdate()), "form": form if mine else None}
    return render(request, "claims/desk/absences.html", context)


@require_POST
def absence_end(request: HttpRequest, number: int) -> HttpResponse:
    found = absence_numbered(staffed(request, list(REVIEWER)), number)
    if found is None:
        raise Http404
    end_absence(absence=found, by=request.user, today=found.insurer.today(timezone.now()))
    messages.success(request, _("The absence has ended."))
    return redirect("claims:absences")
