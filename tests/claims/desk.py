"""A reviewer's day: claims as far as a story needs them, in one line each."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.test import Client

from accounts.models import User
from claims.models import Application, BankLetter, Claim, Decision, Item, LoanSchedule, Repayment, Source
from claims.queries.payout import inputs_of
from claims.rules.inputs import derive
from claims.rules.life import ItemState, Outcome, State
from claims.rules.refusals import Ground
from claims.services.decide import approve, propose_payout, propose_refusal
from claims.services.decision_letters import Refusal
from claims.services.openings import note_opening
from tests.claims.factories import (
    DIED_ON,
    NOW,
    a_certificate,
    a_checklist,
    a_claim,
    a_payee,
    a_review,
    an_insured,
    asel,
    bakyt,
)
from tests.factories import TODAY
from tests.people import aigul, staff_browser

GROUND = Ground.EX_07


def a_case(user: User | None = None, **facts: Any) -> Claim:
    """Aigul's disability, told in the cabinet, with its checklist; the sum insured is a million."""
    user = user or aigul()
    policy = an_insured(user)
    policy.sum_insured, policy.cover_ends_on = Decimal(1_000_000), TODAY + timedelta(days=1000)
    policy.save()
    claim = a_claim(user, policy, **facts)
    a_checklist(claim)
    return claim


def delivered(claim: Claim) -> Claim:
    """Everything came and waits for an answer, the application too."""
    Item.objects.filter(claim=claim).update(state=ItemState.UPLOADED)
    applied(claim)
    Claim.objects.filter(pk=claim.pk).update(state=State.CHECKING)
    claim.checks.create(since=TODAY, latest=TODAY)
    claim.refresh_from_db()
    return claim


def applied(claim: Claim) -> None:
    Application.objects.create(claim=claim, address="Астана, пр. Абая, 1", phones=["+77012345678"], sent_at=NOW)
    a_payee(claim)


def reviewed(claim: Claim, **facts: Any) -> Claim:
    """Everything is there, the review began today, and what a payout is derived from is entered: ten times 50,000."""
    applied(claim)
    Item.objects.filter(claim=claim).update(state=ItemState.ACCEPTED, received_on=TODAY)
    a_review(claim, **facts)
    a_certificate(claim, item=claim.items.get(code="I3"))
    loan_of(claim)
    return claim


def loan_of(claim: Claim, times: int = 10) -> None:
    by = claim.claimant or aigul()
    schedule = LoanSchedule.objects.create(
        claim=claim, source=Source.TYPED, currency="KZT", entered_by=by, contract_number="К-1", lender="Банк"
    )
    Repayment.objects.bulk_create(
        Repayment(schedule=schedule, due_on=DIED_ON + timedelta(days=30 * number), principal=Decimal(50_000))
        for number in range(times)
    )


def bank_letter(claim: Claim, debt: int, as_of: date = DIED_ON) -> BankLetter:
    by = claim.claimant or aigul()
    return BankLetter.objects.create(claim=claim, as_of=as_of, debt=Decimal(debt), currency="KZT", entered_by=by)


def refused(claim: Claim, *, reviewer: User | None = None, approver: User | None = None) -> Decision:
    """Proposed by one, approved by another."""
    decision = proposed_refusal(claim, reviewer or bakyt(claim.insurer))
    return approve(decision=decision, by=approver or asel(claim.insurer), now=NOW)


def proposed_refusal(claim: Claim, by: User) -> Decision:
    refusal = Refusal(GROUND, claim.event_on, "Заключение экспертизы № 12", claim.items.get(code="I4"))
    return propose_refusal(claim=claim, refusal=refusal, words="", by=by, now=NOW)


def proposed_payout(claim: Claim, by: User, outcome: Outcome = Outcome.APPROVED, words: str = "") -> Decision:
    derivation = derive(inputs_of(claim))
    return propose_payout(claim=claim, outcome=outcome, derivation=derivation, words=words, by=by, now=NOW)


# ── At the desk ──────────────────────────────────────────────────────────────
def opens(claim: Claim, user: User) -> Client:
    """The browser of a member of staff who has said what for the file is opened; pages are in English."""
    note_opening(claim=claim, by=user, role=None, reason="review", now=NOW)
    return english(staff_browser(user))


def english(browser: Client) -> Client:
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def at(claim: Claim, room: str = "") -> str:
    return f"/claims/desk/{claim.public_id}/{room}"


def page(browser: Client, address: str, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")
