"""Whoever disagrees: the four ways (7.10, 13.3–13.5) as steps, each with what has to be written and the papers for it."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.forms.objection import ObjectionForm
from claims.queries.objections import decision_to_object_to, own_objection, paths
from claims.rules.life import Actor, ObjectionEvent, Way, WrongMoment
from claims.rules.refusals import HOW_TO_OBJECT
from claims.services.objections import file_objection, move_objection
from claims.views.doors import Seat, seated
from core.form_tokens import sent_once

OWN = (ObjectionEvent.LODGE, ObjectionEvent.WITHDRAW)


@never_cache
@require_safe
@seated
def objections(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    decision = decision_to_object_to(seat.claim)
    if decision is None:
        raise Http404
    page = {"seat": seat, "claim": seat.claim, "decision": decision, "paths": paths(seat.claim, decision)}
    page["letter"] = decision.letters.order_by("-pk").first()
    return render(request, "claims/objections.html", page)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@seated
@sent_once
def objection(request: HttpRequest, seat: Seat, way: str) -> HttpResponseBase:
    """To the insurer the objection itself, to the ombudsman the notice that precedes it (13.4); of the others we hear."""
    decision = decision_to_object_to(seat.claim)
    if decision is None or way not in Way.values:
        raise Http404
    form = ObjectionForm(request.POST or None, way=Way(way))
    if not form.is_valid():
        page = {"seat": seat, "claim": seat.claim, "form": form, "way": Way(way), "advice": HOW_TO_OBJECT[Way(way)]}
        return render(request, "claims/objection.html", page)
    try:
        text = form.cleaned_data["text"]
        file_objection(decision=decision, way=Way(way), text=text, by=seat.user, now=timezone.now())
        messages.success(request, _("It is registered."))
    except WrongMoment:
        messages.info(request, _("You are on this way already."))
    return redirect("claims:objections", seat.claim.public_id)


@never_cache
@require_safe
@seated
def pack(request: HttpRequest, seat: Seat, objection: UUID) -> HttpResponseBase:
    """The papers for the ombudsman as one file. Before a worker has made it: the four ways."""
    one = own_objection(seat.claim, objection)
    made = getattr(one, "pack", None)
    if made is None:
        raise Http404
    if made.made_at is None:
        return redirect("claims:objections", seat.claim.public_id)
    name = f"{seat.claim.number_shown}-ombudsman.pdf"
    return FileResponse(made.file.open(), as_attachment=True, filename=name, content_type="application/pdf")


@require_POST
@seated
@sent_once
def objection_step(request: HttpRequest, seat: Seat, objection: UUID, event: str) -> HttpResponseBase:
    """`event`: «I have sent it to the ombudsman», or «I take it back»."""
    one = own_objection(seat.claim, objection)
    if one is None or event not in OWN:
        raise Http404
    one.claim = seat.claim
    try:
        move_objection(
            objection=one, event=ObjectionEvent(event), actor=Actor.CLAIMANT, by=seat.user, now=timezone.now()
        )
        messages.success(request, _("It is noted."))
    except WrongMoment:
        messages.info(request, _("This has changed meanwhile."))
    return redirect("claims:objections", seat.claim.public_id)
