"""A decision is proposed once its letter was read as the claimant will read it, and approved by somebody else."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims.forms.decision import PayoutForm, RefusalForm
from claims.models import Decision
from claims.queries.desk.case import decision_of
from claims.queries.payout import inputs_of
from claims.rules.derivations import Derivation, FactsDisagree
from claims.rules.events import InsuredEvent
from claims.rules.inputs import NotEnough, derive
from claims.rules.life import Outcome, WrongMoment
from claims.rules.refusals import BASES, Ground, Lack
from claims.rules.wording import clause_in_words, explained
from claims.services.decide import (
    NotProposed,
    approve,
    propose_payout,
    propose_refusal,
    return_decision,
    take_back,
)
from claims.services.decision_letters import Refusal, beforehand, refusal_of
from claims.services.proposals import SamePerson
from claims.views.desk.case import too_late
from claims.views.desk.doors import APPROVER, REVIEWER, Seat, at_desk, back
from core.errors import InputError
from core.form_tokens import sent_once
from policies.forms import ReasonForm

READ = "read"  # the button under the letter: it was read as the claimant will read it


# ── To propose ───────────────────────────────────────────────────────────────
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def proposal(request: HttpRequest, seat: Seat) -> HttpResponseBase:
    """To pay what follows from the facts; or the way to each ground of a refusal."""
    derivation, lacking = _derived(seat)
    form = PayoutForm(request.POST or None)
    page: dict[str, Any] = {
        "seat": seat, "form": form, "derivation": derivation, "lacking": lacking, "grounds": _grounds(seat),
        "steps": list(explained(derivation)) if derivation else [],
    }  # fmt: skip
    if derivation is None or not form.is_valid():
        return render(request, "claims/desk/proposal.html", page)
    given = {"outcome": Outcome(form.cleaned_data["outcome"]), "words": form.cleaned_data["words"]}
    if READ not in request.POST:
        letter = beforehand(seat.claim, **given, derivation=derivation, now=seat.now)
        return render(request, "claims/desk/proposal.html", page | {"letter": letter})
    return _proposed(request, seat, lambda: propose_payout(
        claim=seat.claim, derivation=derivation, by=request.user, now=seat.now, **given
    ))  # fmt: skip


def _derived(seat: Seat) -> tuple[Derivation | None, list[Any]]:
    """Or what stands in its way."""
    try:
        return derive(inputs_of(seat.claim)), []
    except NotEnough as lacking:
        return None, [what.label for what in lacking.missing]
    except FactsDisagree as refused:
        return None, [refused.message]


def _grounds(seat: Seat) -> list[tuple[Ground, str]]:
    """Those that can be about such an event, with their clauses."""
    event = InsuredEvent(seat.claim.event)
    return [(ground, clause_in_words(basis.clause)) for ground, basis in BASES.items() if event in basis.events]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sent_once
@at_desk(acts=REVIEWER)
def refusal(request: HttpRequest, seat: Seat, code: str) -> HttpResponseBase:
    if code not in Ground.values:
        raise Http404
    ground, items = Ground(code), seat.claim.items.order_by("round", "position")
    form = RefusalForm(request.POST or None, ground=ground, items=items, initial={"happened_on": seat.claim.event_on})
    page = {"seat": seat, "form": form, "ground": ground, "clause": clause_in_words(BASES[ground].clause)}
    if not form.is_valid():
        return render(request, "claims/desk/refusal.html", page)
    given = form.cleaned_data
    wanted = Refusal(ground, given["happened_on"], given["evidence"], given["item"])
    if READ not in request.POST:
        letter = beforehand(seat.claim, outcome=Outcome.REFUSED, words=given["words"], refusal=wanted, now=seat.now)
        return render(request, "claims/desk/refusal.html", page | {"letter": letter})
    try:
        return _proposed(request, seat, lambda: propose_refusal(
            claim=seat.claim, refusal=wanted, words=given["words"], by=request.user, now=seat.now
        ))  # fmt: skip
    except NotProposed as refused:
        form.add_error("happened_on" if refused.code == Lack.TERM else "evidence", refused.message)
        return render(request, "claims/desk/refusal.html", page)


def _proposed(request: HttpRequest, seat: Seat, propose: Any) -> HttpResponseBase:
    try:
        decision = propose()
        messages.success(request, _("Proposed. Another person approves it."))
        return redirect("claims:decision", seat.claim.public_id, decision.public_id)
    except WrongMoment:
        too_late(request)
    except NotProposed as refused:
        if refused.code in Lack.values:
            raise
        messages.error(request, refused.message)
    return back(seat)


# ── To approve ───────────────────────────────────────────────────────────────
@never_cache
@require_safe
@at_desk()
def decision(request: HttpRequest, seat: Seat, decision: UUID) -> HttpResponse:
    return page_of(request, seat, found(seat, decision))


@require_POST
@sent_once
@at_desk(acts=APPROVER)
def approval(request: HttpRequest, seat: Seat, decision: UUID) -> HttpResponseBase:
    try:
        done = approve(decision=found(seat, decision), by=request.user, now=seat.now)
        said = (
            _("It waits for the second approval.") if done.is_undecided else _("Approved. The claimant is written to.")
        )
        messages.success(request, said)
    except InputError as refused:
        messages.error(request, refused.message)
    except WrongMoment:
        too_late(request)
    return redirect("claims:decision", seat.claim.public_id, decision)


@require_POST
@sent_once
@at_desk(acts=APPROVER)
def returned(request: HttpRequest, seat: Seat, decision: UUID) -> HttpResponseBase:
    return _ended(request, seat, decision, return_decision, _("Returned with your reason."))


@require_POST
@sent_once
@at_desk(acts=REVIEWER)
def taken_back(request: HttpRequest, seat: Seat, decision: UUID) -> HttpResponseBase:
    return _ended(request, seat, decision, take_back, _("Taken back."))


def _ended(request: HttpRequest, seat: Seat, decision: UUID, act: Any, said: str) -> HttpResponseBase:
    form, one = ReasonForm(request.POST), found(seat, decision)
    if not form.is_valid():
        return page_of(request, seat, one, reason_form=form)
    try:
        act(decision=one, why=form.cleaned_data["reason"], by=request.user, now=seat.now)
        messages.success(request, said)
    except SamePerson as refused:
        messages.error(request, refused.message)
    except WrongMoment:
        too_late(request)
    return back(seat)


# ── Shared ───────────────────────────────────────────────────────────────────
def found(seat: Seat, decision: UUID) -> Decision:
    one = decision_of(seat.claim, decision)
    if one is None:
        raise Http404
    return one


def page_of(request: HttpRequest, seat: Seat, one: Decision, **forms: Any) -> HttpResponse:
    """The same derivation as the claimant's page has; the letter as it will be, or as it was sent."""
    has_signed = seat.user.pk in one.signers
    page = {
        "seat": seat, "decision": one, "steps": list(explained(one.explanation)) if one.explanation else [],
        "derivation": one.explanation, "letter": beforehand_of(one, seat),
        "may_approve": seat.approves and one.is_undecided and not has_signed,
        "may_take_back": seat.reviews and one.is_undecided, "has_signed": has_signed, "reason_form": ReasonForm(),
    }  # fmt: skip
    return render(request, "claims/desk/decision.html", page | forms)


def beforehand_of(one: Decision, seat: Seat) -> Any:
    """Of what waits; what was decided has its letter among those that were sent."""
    if not one.is_undecided:
        return None
    refusal = refusal_of(one) if one.ground else None
    return beforehand(
        one.claim,
        outcome=Outcome(one.outcome),
        words=one.words,
        derivation=one.explanation,
        refusal=refusal,
        now=seat.now,
    )
