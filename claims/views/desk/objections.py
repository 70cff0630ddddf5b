"""Objections at the desk: what we answer, the papers for the ombudsman, what others have decided."""

from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from claims.forms.decision import JudgementForm
from claims.models import Objection
from claims.queries.desk.case import judgements_of, objection_of
from claims.rules.life import ObjectionEvent
from claims.services.objections import judge_objection, ready_for_ombudsman
from claims.views.desk.acts import done
from claims.views.desk.doors import APPROVER, REVIEWER, Seat, at_desk, back
from core.form_tokens import sent_once


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=APPROVER)
def objection(request: HttpRequest, seat: Seat, objection: UUID) -> HttpResponseBase:
    """Judged by an approver who took no part in the decision."""
    one = found(seat, objection)
    events = judgements_of(one) if seat.approves and seat.user.pk not in one.decision.signers else []
    form = JudgementForm(request.POST or None, events=events)
    if not form.is_valid():
        page = {"seat": seat, "objection": one, "form": form if events else None}
        return render(request, "claims/desk/objection.html", page)
    given = form.cleaned_data
    event = ObjectionEvent(given["event"])
    act = partial(judge_objection, objection=one, event=event, answer=given["answer"], by=request.user, now=seat.now)
    done(request, act, _("The answer is sent."))
    return back(seat, "objections")


@require_POST
@sent_once
@at_desk(acts=REVIEWER)
def papers_ready(request: HttpRequest, seat: Seat, objection: UUID) -> HttpResponseBase:
    """13.4: the papers for the ombudsman lie in the cabinet."""
    act = partial(ready_for_ombudsman, objection=found(seat, objection), by=request.user, now=seat.now)
    done(request, act, _("The claimant is told that the papers are ready."))
    return back(seat, "objections")


def found(seat: Seat, objection: UUID) -> Objection:
    one = objection_of(seat.claim, objection)
    if one is None:
        raise Http404
    return one
