"""The page of a case: what is happening, what is needed, by when, who looked. And its letters, and the case as a file."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from claims.forms.case import ExpectedForm, KnowledgeForm, WithdrawalForm
from claims.queries.cases import case_of, mark_of
from claims.queries.papers import letter_of
from claims.rules.life import CLAIM_LIFE, Event, State, WrongMoment
from claims.services.export import exported
from claims.services.knowledge import record_knowledge
from claims.services.withdrawal import restore_claim, withdraw_claim
from claims.views.doors import Seat, freshly, seated
from core import live
from core.errors import InputError
from core.form_tokens import sent_once

NOT_NOW = _("This cannot be done any more: the claim has moved on meanwhile")


@never_cache
@require_safe
@seated
def case(request: HttpRequest, seat: Seat) -> HttpResponse:
    """`expected`: on which day the claimant supposes that the last document comes; the dates follow."""
    form = ExpectedForm(request.GET if "expected_0" in request.GET else None)
    expected_on = form.cleaned_data["expected"] if form.is_valid() else None
    found = case_of(seat.claim, now=timezone.now(), expected_on=expected_on)
    acts = CLAIM_LIFE.open_to(seat.actor, State(seat.claim.state))
    page = {
        "seat": seat, "case": found, "claim": seat.claim, "form": form, "is_live": settings.LIVE,
        "mark": mark_of(seat.claim), "may_withdraw": Event.WITHDRAW in acts, "may_restore": Event.RESTORE in acts,
    }  # fmt: skip
    return render(request, "claims/case.html", page)


@require_safe
@seated
def news(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """`seen`: how the case stood when the page was drawn."""
    seen = request.GET.get("seen", "")
    return live.stream(request, str(seat.claim.public_id), lambda: mark_of(seat.claim) != seen)


# ── Letters ──────────────────────────────────────────────────────────────────
@never_cache
@require_safe
@seated
def letter(request: HttpRequest, seat: Seat, letter: UUID) -> HttpResponse:
    """As its reader had it, with the proof that it left."""
    found = letter_of(seat.claim, letter)
    if found is None:
        raise Http404
    page = {"seat": seat, "claim": seat.claim, "letter": found.letter, "proof": found.proof, "paper": found.paper}
    return render(request, "claims/letter.html", page)


@never_cache
@require_safe
@seated
def paper(request: HttpRequest, seat: Seat, letter: UUID) -> HttpResponseBase:
    """The letter as PDF. Before a worker has made it: the letter."""
    found = letter_of(seat.claim, letter)
    if found is None:
        raise Http404
    if found.paper is None or not found.paper.file:
        return redirect("claims:letter", seat.claim.public_id, letter)
    name = f"{seat.claim.number_shown}-{found.letter.kind}.pdf"
    return FileResponse(found.paper.file.open(), as_attachment=True, filename=name, content_type="application/pdf")


# ── What the claimant does ───────────────────────────────────────────────────
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@seated
@sent_once
def knowledge(request: HttpRequest, seat: Seat) -> HttpResponse:
    """8.2(3): «you knew earlier»."""
    form = KnowledgeForm(request.POST or None)
    if form.is_valid():
        try:
            record_knowledge(claim=seat.claim, **form.cleaned_data, by=seat.user, now=timezone.now())
        except InputError as problem:
            form.add_error("known_on", problem.message)
        else:
            messages.success(request, _("It is noted. Whoever reviews the claim reads it first."))
            return redirect(seat.claim)
    return render(request, "claims/knowledge.html", {"form": form, "claim": seat.claim})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@seated
@sent_once
def withdrawal(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The claim is withdrawn; or, by the same page afterwards, taken up again."""
    form, now = WithdrawalForm(request.POST or None), timezone.now()
    is_restored = seat.claim.state == State.SET_ASIDE
    if form.is_valid():
        try:
            if is_restored:
                restore_claim(claim=seat.claim, by=seat.user, now=now)
            else:
                withdraw_claim(claim=seat.claim, reason=form.cleaned_data["reason"], by=seat.user, now=now)
        except WrongMoment:
            messages.error(request, NOT_NOW)
        return redirect(seat.claim)
    page = {"form": form, "claim": seat.claim, "is_restored": is_restored}
    return render(request, "claims/withdrawal.html", page)


@never_cache
@require_safe
@seated
@freshly
def export(request: HttpRequest, seat: Seat) -> FileResponse:
    """Everything of one's own case, as a file."""
    content = exported(claim=seat.claim, by=seat.user, now=timezone.now())
    name = f"{seat.claim.number_shown}.zip"
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/zip")
