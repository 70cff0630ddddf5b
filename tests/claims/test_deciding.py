"""One proposes, another approves, of a large amount two others; the letter says all that the rules want in it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from claims.models import Claim, Decision, Instalment, LetterPaper, Objection
from claims.queries.payout import inputs_of
from claims.rules.inputs import Missing, NotEnough, derive, missing
from claims.rules.letters import LetterKind
from claims.rules.life import Actor, DecisionState, ObjectionEvent, ObjectionState, Outcome, State, Way, WrongMoment
from claims.rules.refusals import BASES, HOW_TO_OBJECT, Ground, Lack
from claims.services.decide import (
    NotProposed,
    approve,
    propose_refusal,
    return_decision,
    take_back,
)
from claims.services.decision_letters import Refusal, beforehand
from claims.services.objections import (
    OwnDecision,
    file_objection,
    judge_objection,
    move_objection,
    ready_for_ombudsman,
)
from claims.services.papers import make_next_paper
from claims.services.proposals import SamePerson
from core.money import Money
from notices.models import Notice
from policies.models import ProductVersion
from tests.claims.desk import (
    a_case,
    bank_letter,
    proposed_payout,
    proposed_refusal,
    refused,
    reviewed,
)
from tests.claims.factories import NOW, asel, bakyt, both, nurlan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A_DAY = timedelta(days=1)


@pytest.fixture
def claim() -> Claim:
    return reviewed(a_case())


def above(limit: int) -> None:
    """Of which payouts two people approve."""
    for version in ProductVersion.objects.all():
        content = version.content | {
            "claims": {"events": ["death", "disability"], "two_approvers_above": f"{limit}.00"}
        }
        newer = ProductVersion.objects.create(
            product=version.product, number=version.number + 1, digest=f"d{version.pk}", content=content
        )
        Claim.objects.get().policy.__class__.objects.update(product_version=newer)


# ── To pay ───────────────────────────────────────────────────────────────────
def test_a_payout_follows_from_the_facts_and_is_paid_by_the_schedule(claim: Claim) -> None:
    """7.4: ten instalments of 50,000; the derivation is stored with the decision."""
    decision = proposed_payout(claim, bakyt(claim.insurer))
    assert decision.money == Money(Decimal(500_000), "KZT")
    assert not Instalment.objects.exists()
    approve(decision=decision, by=asel(claim.insurer), now=NOW)
    claim.refresh_from_db()
    assert claim.state == State.APPROVED
    assert claim.reviews.get().outcome == Outcome.APPROVED
    assert sum(one.amount for one in Instalment.objects.all()) == 500_000
    stored = Decision.objects.get().explanation
    assert stored == derive(inputs_of(claim)) or stored.amount == decision.money


def test_the_letter_of_a_payout_has_each_step_with_its_clause_and_the_four_ways(claim: Claim) -> None:
    approve(decision=proposed_payout(claim, bakyt(claim.insurer)), by=asel(claim.insurer), now=NOW)
    letter = claim.letters.get()
    assert (letter.kind, letter.language) == (LetterKind.APPROVED, "ru")
    words = letter.body.replace("\N{NO-BREAK SPACE}", " ")
    for part in ("500 000 ₸", "п. 7.4", "п. 7.2", "п. 13.3", "п. 13.4", "п. 13.5"):
        assert part in words, part
    assert Notice.objects.get(kind="claim_letter").to == "aigul@example.kz"


def test_a_part_says_why_it_is_not_all(claim: Claim) -> None:
    user = bakyt(claim.insurer)
    with pytest.raises(IntegrityError), transaction.atomic():
        proposed_payout(claim, user, Outcome.PARTLY)
    decision = proposed_payout(claim, user, Outcome.PARTLY, words="Сумма ограничена договором")
    approve(decision=decision, by=asel(claim.insurer), now=NOW)
    assert "Сумма ограничена договором" in claim.letters.get().body


def test_without_the_facts_nothing_can_be_proposed() -> None:
    claim = a_case()
    assert missing(inputs_of(claim)) == (Missing.CERTIFICATE, Missing.SCHEDULE)
    with pytest.raises(NotEnough):
        proposed_payout(claim, bakyt(claim.insurer))


def test_a_death_is_paid_by_the_banks_letter() -> None:
    """7.3."""
    claim = a_case(event="death")
    bank_letter(claim, 2_480_000)
    assert derive(inputs_of(claim)).amount == Money(Decimal(1_000_000), "KZT")


# ── Two people, three people ─────────────────────────────────────────────────
def test_nobody_approves_what_they_proposed(claim: Claim) -> None:
    user = both(claim.insurer)
    decision = proposed_payout(claim, user)
    with pytest.raises(SamePerson):
        approve(decision=decision, by=user, now=NOW)
    assert Decision.objects.get().state == DecisionState.PROPOSED


def test_the_database_refuses_it_too(claim: Claim) -> None:
    """The control: without the service's question the constraint stands."""
    decision = proposed_payout(claim, bakyt(claim.insurer))
    with pytest.raises(IntegrityError, match="decision_of_different_people"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(approved_by=decision.proposed_by)


@pytest.mark.parametrize(("limit", "approvals"), [(500_000, 1), (499_999, 2)])
def test_above_the_products_amount_two_people_approve(claim: Claim, limit: int, approvals: int) -> None:
    above(limit)
    claim = Claim.objects.select_related("policy__product_version", "insurer").get()
    decision = proposed_payout(claim, bakyt(claim.insurer))
    first = asel(claim.insurer)
    approve(decision=decision, by=first, now=NOW)
    assert Decision.objects.get().is_undecided is (approvals == 2)
    if approvals == 2:
        assert not claim.letters.exists()
        with pytest.raises(SamePerson):
            approve(decision=decision, by=first, now=NOW)
        approve(decision=decision, by=nurlan(claim.insurer), now=NOW)
    assert Decision.objects.get().state == DecisionState.APPROVED
    assert claim.letters.count() == 1


def test_one_decision_waits_at_a_time_and_is_returned_or_taken_back(claim: Claim) -> None:
    user, approver = bakyt(claim.insurer), asel(claim.insurer)
    first = proposed_refusal(claim, user)
    with pytest.raises(NotProposed):
        proposed_payout(claim, user)
    return_decision(decision=first, why="Нет заключения", by=approver, now=NOW)
    second = proposed_payout(claim, user)
    take_back(decision=second, why="Опечатка", by=user, now=NOW)
    states = list(Decision.objects.order_by("number").values_list("state", "ended_why"))
    assert states == [(DecisionState.RETURNED, "Нет заключения"), (DecisionState.TAKEN_BACK, "Опечатка")]
    with pytest.raises(WrongMoment):
        approve(decision=second, by=approver, now=NOW)
    claim.refresh_from_db()
    assert claim.state == State.REVIEW


# ── To refuse ────────────────────────────────────────────────────────────────
def test_a_refusal_names_ground_clause_evidence_and_the_four_ways(claim: Claim) -> None:
    """7.10."""
    decision = refused(claim)
    claim.refresh_from_db()
    letter = claim.letters.get()
    assert (claim.state, decision.clause, letter.kind) == (
        State.REFUSED,
        BASES[Ground.EX_07].clause,
        LetterKind.REFUSED,
    )
    assert "Заключение экспертизы № 12" in letter.body
    assert "п. 8.1" in letter.body
    assert letter.body.count("– ") == len(HOW_TO_OBJECT) == 4
    assert not Instalment.objects.exists()


@pytest.mark.parametrize(
    ("ground", "evidence", "with_item", "lack"),
    [
        (Ground.EX_07, "  ", True, Lack.EVIDENCE),
        (Ground.EX_07, "Заключение", False, Lack.DOCUMENT),
        (Ground.EX_15, "Болезнь", True, Lack.EVENT),  # of a death
        (Ground.EX_13, "Заключение", True, None),
    ],
)
def test_a_refusal_without_one_of_them_cannot_be_saved(
    claim: Claim, ground: Ground, evidence: str, with_item: bool, lack: Lack | None
) -> None:
    item = claim.items.get(code="I4") if with_item else None
    refusal = Refusal(ground, claim.event_on, evidence, item)
    if lack is None:
        assert propose_refusal(claim=claim, refusal=refusal, words="", by=bakyt(claim.insurer), now=NOW)
        return
    with pytest.raises(NotProposed) as raised:
        propose_refusal(claim=claim, refusal=refusal, words="", by=bakyt(claim.insurer), now=NOW)
    assert raised.value.code == lack
    assert not Decision.objects.exists()


@pytest.mark.parametrize("field", ["ground", "clause", "evidence"])
def test_nor_can_it_past_the_service(claim: Claim, field: str) -> None:
    decision = proposed_refusal(claim, bakyt(claim.insurer))
    with pytest.raises(IntegrityError, match="decision_to_refuse_has_its_ground"), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(**{field: ""})


def test_the_letter_beforehand_is_the_letter_that_is_sent(claim: Claim) -> None:
    refusal = Refusal(Ground.EX_07, claim.event_on, "Заключение экспертизы № 12", claim.items.get(code="I4"))
    before = beforehand(claim, outcome=Outcome.REFUSED, words="", refusal=refusal, now=NOW)
    assert not Notice.objects.exists()
    refused(claim)
    letter = claim.letters.get()
    assert (letter.subject, letter.body) == (before.subject, before.body)


@pytest.mark.parametrize(("language", "word"), [("kk", "бас тарт"), ("ru", "отказ")])
def test_it_is_read_in_the_claimants_language(claim: Claim, language: str, word: str) -> None:
    Claim.objects.update(language=language)
    refused(Claim.objects.get())
    assert word in claim.letters.get().subject.lower() + claim.letters.get().body.lower()


def test_a_worker_makes_the_letter_a_pdf(claim: Claim, originals: object) -> None:
    refused(claim)
    assert make_next_paper(now=NOW)
    assert not make_next_paper(now=NOW)
    paper = LetterPaper.objects.get()
    assert paper.file.open().read().startswith(b"%PDF")
    assert (paper.facts, paper.made_at) == ({}, NOW)


# ── Objections ───────────────────────────────────────────────────────────────
def object_to(claim: Claim, way: Way = Way.INSURER) -> Objection:
    decision = claim.decisions.get()
    return file_objection(decision=decision, way=way, text="Не согласна", by=claim.claimant, now=NOW)


def test_an_objection_to_the_insurer_has_a_term_and_opens_the_review_anew(claim: Claim) -> None:
    refused(claim)
    objection = object_to(claim)
    claim.refresh_from_db()
    assert (claim.is_open, claim.next_kind, claim.next_on) == (True, "objection", date(2026, 12, 11))
    judge_objection(
        objection=objection, event=ObjectionEvent.UPHOLD, answer="Вы правы", by=nurlan(claim.insurer), now=NOW
    )
    claim.refresh_from_db()
    assert (claim.state, claim.reviews.count(), claim.next_kind) == (State.REVIEW, 2, "decision")
    assert "Вы правы" in claim.letters.latest("pk").body
    assert proposed_payout(claim, bakyt(claim.insurer, "new@example.kz")).number == 2


def test_denied_it_leaves_the_other_ways(claim: Claim) -> None:
    refused(claim)
    objection = object_to(claim)
    judge_objection(objection=objection, event=ObjectionEvent.DENY, answer="Нет", by=nurlan(claim.insurer), now=NOW)
    claim.refresh_from_db()
    assert (claim.state, claim.is_open) == (State.REFUSED, False)
    assert "омбудсман" in claim.letters.latest("pk").body.lower()
    assert object_to(claim, Way.COURT).state == ObjectionState.LODGED


def test_whoever_decided_does_not_judge_the_objection(claim: Claim) -> None:
    approver = asel(claim.insurer)
    refused(claim, approver=approver)
    objection = object_to(claim)
    with pytest.raises(OwnDecision):
        judge_objection(objection=objection, event=ObjectionEvent.DENY, answer="Нет", by=approver, now=NOW)


def test_one_way_is_taken_once_at_a_time(claim: Claim) -> None:
    refused(claim)
    objection = object_to(claim)
    with pytest.raises(WrongMoment):
        object_to(claim)
    move_objection(objection=objection, event=ObjectionEvent.WITHDRAW, actor=Actor.CLAIMANT, by=claim.claimant, now=NOW)
    assert object_to(claim)


def test_the_papers_for_the_ombudsman_take_three_working_days_at_most(claim: Claim) -> None:
    """13.4."""
    decision = refused(claim)
    objection = object_to(claim, Way.OMBUDSMAN)
    claim.refresh_from_db()
    assert (claim.next_kind, claim.next_on) == ("ombudsman", date(2026, 11, 25))
    ready_for_ombudsman(objection=objection, by=decision.proposed_by, now=NOW)
    claim.refresh_from_db()
    assert (objection.__class__.objects.get().state, claim.is_open) == (ObjectionState.READY, False)
    assert claim.letters.latest("pk").kind == LetterKind.OMBUDSMAN_READY
    move_objection(objection=objection, event=ObjectionEvent.LODGE, actor=Actor.CLAIMANT, by=claim.claimant, now=NOW)
    assert objection.__class__.objects.get().state == ObjectionState.LODGED


def test_what_is_not_decided_cannot_be_objected_to(claim: Claim) -> None:
    decision = proposed_refusal(claim, bakyt(claim.insurer))
    with pytest.raises(WrongMoment):
        file_objection(decision=decision, way=Way.INSURER, text="…", by=claim.claimant, now=NOW)
