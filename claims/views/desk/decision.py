"""A decision is proposed once its letter was read as the claimant will read it, and approved by somebody else."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

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
from claims.rules.life import Outcome
from claims.rules.refusals import BASES, Ground, Lack
from claims.rules.wording import clause_in_words, explained
from claims.services.decide import (
    approve,
    lacking_in,
    propose_payout,
    propose_refusal,
    return_decision,
    take_back,
)
from claims.services.decision_letters import Refusal, beforehand, refusal_of
from claims.views.desk.acts import done
from claims.views.desk.doors import APPROVER, REVIEWER, Seat, at_desk, back
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
    if lacking := lacking_in(seat.claim, wanted):
        said = " ".join(str(lack.label) for lack in lacking)
        form.add_error("happened_on" if lacking[0] == Lack.TERM else "evidence", said)
        return render(request, "claims/desk/refusal.html", page)
    return _proposed(request, seat, lambda: propose_refusal(
        claim=seat.claim, refusal=wanted, words=given["words"], by=request.user, now=seat.now
    ))  # fmt: skip


def _proposed(request: HttpRequest, seat: Seat, propose: Callable[[], Decision]) -> HttpResponseBase:
    made = done(request, propose, _("Proposed. Another person approves it."))
    return redirect("claims:decision", seat.claim.public_id, made.public_id) if made else back(seat)


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
    one = found(seat, decision)
    done(request, lambda: approve(decision=one, by=request.user, now=seat.now), _approved_in_words)
    return redirect("claims:decision", seat.claim.public_id, decision)


def _approved_in_words(decision: Decision) -> str:
    waits = decision.is_undecided
    return _("It waits for the second approval.") if waits else _("Approved. The claimant is written to.")


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
    why = form.cleaned_data["reason"]
    done(request, lambda: act(decision=one, why=why, by=request.user, now=seat.now), said)
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
