"""A claim's state moves by its table alone, each move leaves a step, and the stored hand of the clock follows the facts."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.models import NEVER, Check, Claim, Extension, Instalment, Item, Step, Suspension
from claims.queries.facts import facts_of, facts_of_many
from claims.queries.timeline import timeline_of
from claims.rules.facts import Cause, Payment, ReviewKind
from claims.rules.life import Actor, Event, ItemEvent, ItemState, State, WrongMoment
from claims.rules.terms import TermKind
from claims.rules.timeline import Urgency
from claims.services.clock import wind
from claims.services.life import locked, move, move_part
from claims.services.openings import note_opening
from tests.claims.factories import (
    NOW,
    TODAY,
    a_certificate,
    a_checklist,
    a_claim,
    a_decision,
    a_guests_claim,
    a_payee,
    a_review,
    asel,
    bakyt,
)
from tests.claims.factories import an_insured as an_insured_person
from tests.people import aigul

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim() -> Claim:
    user = aigul()
    return a_claim(user, an_insured_person(user))


def test_a_move_writes_the_state_and_one_step(claim: Claim) -> None:
    step = move(claim=claim, event=Event.DELIVER, actor=Actor.CLAIMANT, by=claim.claimant, now=NOW, pages=2)
    claim.refresh_from_db()
    assert claim.state == step.state == State.CHECKING
    assert (step.at, step.on, step.detail) == (NOW, TODAY, {"pages": 2})


def test_a_way_that_the_table_does_not_have_changes_nothing(claim: Claim) -> None:
    with pytest.raises(WrongMoment):
        move(claim=claim, event=Event.PAY, actor=Actor.CASHIER, by=None, now=NOW)
    with pytest.raises(PermissionDenied):
        move(claim=claim, event=Event.DELIVER, actor=Actor.CASHIER, by=None, now=NOW)
    claim.refresh_from_db()
    assert claim.state == State.NOTIFIED
    assert not Step.objects.exists()


def test_what_is_set_aside_has_its_day_until_it_is_taken_up_again(claim: Claim) -> None:
    move(claim=claim, event=Event.WITHDRAW, actor=Actor.CLAIMANT, by=claim.claimant, now=NOW)
    assert claim.ended_on == TODAY
    move(claim=claim, event=Event.RESTORE, actor=Actor.CLAIMANT, by=claim.claimant, now=NOW)
    assert claim.ended_on is None


def test_a_document_moves_by_its_own_table_in_the_same_history(claim: Claim) -> None:
    item = a_checklist(claim)[0]
    step = move_part(part=item, event=ItemEvent.UPLOAD, actor=Actor.LENDER, by=None, now=NOW)
    assert (step.item, step.claim, step.state) == (item, claim, ItemState.UPLOADED)
    with pytest.raises(WrongMoment):
        move_part(part=Item.objects.get(pk=item.pk), event=ItemEvent.REQUIRE, actor=Actor.REVIEWER, by=None, now=NOW)


def test_the_hand_follows_the_facts(claim: Claim) -> None:
    wind(claim, now=NOW)
    assert (claim.is_open, claim.next_kind, claim.next_on) == (True, "", NEVER)  # the claimant's turn
    move(claim=claim, event=Event.DELIVER, actor=Actor.CLAIMANT, by=claim.claimant, now=NOW)
    Check.objects.create(claim=claim, since=TODAY, latest=TODAY)
    wind(claim, now=NOW)
    claim.refresh_from_db()
    assert (claim.next_kind, claim.next_on) == (TermKind.CHECK, date(2026, 11, 27))  # a Saturday and five working days
    assert timeline_of(claim, today=date(2026, 11, 26)).urgency == Urgency.TOMORROW


def test_what_was_withdrawn_leaves_the_queue(claim: Claim) -> None:
    move(claim=claim, event=Event.WITHDRAW, actor=Actor.CLAIMANT, by=claim.claimant, now=NOW)
    wind(claim, now=NOW)
    assert not Claim.objects.queue().exists()


def test_facts_are_what_the_rows_say(claim: Claim) -> None:
    reviewer, approver = bakyt(claim.insurer), asel(claim.insurer)
    review = a_review(claim)
    a_certificate(claim)
    Check.objects.create(claim=claim, since=TODAY, latest=TODAY, answered_on=TODAY)
    Suspension.objects.create(
        review=review,
        cause=Cause.AUTHORITY,
        authority="Полиция",
        question="?",
        why="протокол",
        since=TODAY,
        by=reviewer,
    )
    Extension.objects.create(review=review, told_on=TODAY, until=TODAY + timedelta(days=30), why="…", by=reviewer)
    decision = a_decision(review, reviewer, outcome="approved", amount=2, derivation={"x": 1}, ground="", clause="")
    planned = {"claim": claim, "decision": decision, "payee": a_payee(claim), "amount": 1, "currency": "KZT"}
    Instalment.objects.create(number=1, scheduled_on=TODAY, state="paid", paid_on=TODAY, **planned)
    Instalment.objects.create(number=2, state="cancelled", **planned)
    facts = facts_of(claim)
    assert approver
    (read,) = facts.reviews
    assert (read.kind, read.suspensions[0].why, read.extensions[0].told_on) == (ReviewKind.FIRST, "протокол", TODAY)
    assert read.payments == (Payment(TODAY, TODAY),)
    assert (facts.checks[0].answered_on, facts.certificates[0].given_on) == (TODAY, TODAY)


def test_a_thousand_claims_cost_as_many_statements_as_one(claim: Claim) -> None:
    a_review(claim)
    with CaptureQueriesContext(
        connection,
    ) as one:
        facts_of(claim)
    others = [a_guests_claim() for _ in range(5)]
    for other in others:
        a_review(other)
    with CaptureQueriesContext(connection) as many:
        found = facts_of_many([claim, *others])
    assert len(many) == len(one)
    assert len(found) == 6


def test_an_opening_is_noted_once_a_day_for_each_reason(claim: Claim) -> None:
    reviewer = bakyt(claim.insurer)
    for reason in ("очередь", "очередь", "звонок"):
        note_opening(claim=claim, by=reviewer, role=Actor.REVIEWER, reason=reason, now=NOW)
    assert [one.reason for one in claim.openings.all()] == ["очередь", "звонок"]


def test_a_locked_claim_is_the_newest(claim: Claim) -> None:
    Claim.objects.filter(pk=claim.pk).update(place="Алматы")
    with transaction.atomic():
        assert locked(claim).place == "Алматы"
