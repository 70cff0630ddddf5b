"""The life of two claims under one contract, on rows, under any order of acts: only documented transitions, each in the history;
what is promised stays within the sum insured and adds up to the tiyn; a stop of the clock never brings a term nearer; a delay
costs more each day."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import integers, sampled_from

from claims.models import BaseRate, Claim, Decision, Instalment, Item, Objection, PaymentOrder, Step, Stop, Suspension
from claims.queries.facts import calendar_of, facts_of
from claims.queries.payments.late import last_day_of, penalty_of
from claims.queries.payout import NOT_OWED, inputs_of
from claims.rules.events import InsuredEvent
from claims.rules.inputs import NotEnough, derive
from claims.rules.life import (
    AWAITED,
    CLAIM_LIFE,
    DECISION_LIFE,
    INSTALMENT_LIFE,
    ITEM_LIFE,
    OBJECTION_LIFE,
    Actor,
    ItemState,
    Life,
    ObjectionEvent,
    Outcome,
    State,
    Way,
    WrongMoment,
)
from claims.rules.refusals import Ground
from claims.rules.terms import decision_of, payment_term
from claims.services.accounts import change_account
from claims.services.checking import answer_documents
from claims.services.decide import approve, propose_payout, propose_refusal, return_decision, take_back
from claims.services.decision_letters import Refusal
from claims.services.delivery import note_delivery
from claims.services.documents import accept_item, ask_anew
from claims.services.extending import extend_review
from claims.services.life import locked
from claims.services.objections import file_objection, judge_objection
from claims.services.payment_files import make_payment_file, recall_order
from claims.services.penalties import approve_penalty
from claims.services.recertify import receive_recertification
from claims.services.replacing import propose_lump_sum
from claims.services.setting_aside import set_aside, take_up_again
from claims.services.stopping import approve_stop, propose_stop
from claims.services.suspending import ask_authority, note_criminal_case, record_answer
from claims.services.withdrawal import restore_claim, withdraw_claim
from core.errors import InputError
from tests.claims.desk import a_case, applied, bank_letter, loan_of
from tests.claims.factories import DIED_ON, NOW, a_certificate, a_checklist, a_claim, asel, bakyt, nurlan, zhanar
from tests.claims.paying import IBANS, answers
from tests.factories import TODAY

SUM_INSURED = Decimal(310_000)  # the disability alone would be paid 500,000, the death 250,000
CLAIMS = integers(0, 1)
LIVES: dict[type[Any], Life[Any, Any]] = {
    Item: ITEM_LIFE, Decision: DECISION_LIFE, Instalment: INSTALMENT_LIFE, Objection: OBJECTION_LIFE,
}  # fmt: skip
Terms = dict[tuple[int, int, str], date]  # of which claim, of which review, which: the last day that was known


class TwoClaims(RuleBasedStateMachine):
    """A disability by instalments, and a death that the bank's letter counts. What comes too early or too late is refused by
    its service, and nothing has happened then."""

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()  # each life begins in an empty one
        self.world.__enter__()
        self.now = NOW
        self.claims = two_claims()
        insurer = self.claims[0].insurer
        self.reviewer, self.payer = bakyt(insurer), zhanar(insurer)
        self.approvers = [asel(insurer), nurlan(insurer)]
        self.stranger = asel(insurer, "third@example.kz")  # to the decisions
        BaseRate.objects.create(since=TODAY - timedelta(days=900), percent=Decimal("16.5"), source="…")
        self.known: Terms = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    def claim(self, which: int) -> Claim:
        return Claim.objects.select_related("insurer", "policy").get(pk=self.claims[which].pk)

    @property
    def today(self) -> date:
        return self.claims[0].insurer.today(self.now)

    def by(self, who: Any) -> dict[str, Any]:
        return {"by": who, "now": self.now}

    # ── Documents ────────────────────────────────────────────────────────────
    @rule(which=CLAIMS, many=integers(1, 9))
    def papers_come(self, which: int, many: int) -> None:
        claim = self.claim(which)
        for item in claim.items.filter(state__in=AWAITED)[:many]:
            attempt(accept_item, item=item, received_on=self.today, **self.by(self.reviewer))
        attempt(self.note, claim)

    @rule(which=CLAIMS)
    def everything_comes_and_is_answered(self, which: int) -> None:
        """What most histories begin with."""
        self.papers_come(which, 9)
        self.answer(which)

    @rule(which=CLAIMS)
    def answer(self, which: int) -> None:
        attempt(answer_documents, claim=self.claim(which), **self.by(self.reviewer))

    @rule(which=CLAIMS)
    def one_is_asked_anew(self, which: int) -> None:
        for item in self.claim(which).items.filter(state=ItemState.UPLOADED)[:1]:
            attempt(ask_anew, item=item, why="…", **self.by(self.reviewer))

    def note(self, claim: Claim) -> None:
        """As paper brought to the desk is noted."""
        with transaction.atomic():
            note_delivery(claim=locked(claim), actor=Actor.REVIEWER, what="…", **self.by(self.reviewer))

    # ── The clock ────────────────────────────────────────────────────────────
    @rule(which=CLAIMS, criminal=sampled_from([False, False, True]))
    def the_clock_stops(self, which: int, criminal: bool) -> None:
        told = {"claim": self.claim(which), "authority": "Полиция", "why": "…", **self.by(self.reviewer)}
        if criminal:
            attempt(note_criminal_case, **told)
        else:
            attempt(ask_authority, question="…", language="ru", **told)

    @rule(which=CLAIMS)
    def an_answer_comes(self, which: int) -> None:
        for one in Suspension.objects.filter(review__claim=self.claims[which], until=None)[:1]:
            attempt(record_answer, suspension=one, answer="…", **self.by(self.reviewer))

    @rule(which=CLAIMS, days=integers(1, 60))
    def the_review_is_extended(self, which: int, days: int) -> None:
        until = self.today + timedelta(days=days)
        attempt(extend_review, claim=self.claim(which), until=until, why="…", **self.by(self.reviewer))

    @rule(days=sampled_from([1, 3, 20, 70]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    # ── Decisions ────────────────────────────────────────────────────────────
    @rule(which=CLAIMS)
    def a_payout_is_proposed(self, which: int) -> None:
        claim = self.claim(which)
        with suppress(NotEnough):
            derivation = derive(inputs_of(claim))
            attempt(propose_payout,
                claim=claim, outcome=Outcome.APPROVED, derivation=derivation, words="", **self.by(self.reviewer)
            )  # fmt: skip

    @rule(which=CLAIMS)
    def a_refusal_is_proposed(self, which: int) -> None:
        claim = self.claim(which)
        refusal = Refusal(Ground.EX_07, claim.event_on, "Заключение", claim.items.first())
        attempt(propose_refusal, claim=claim, refusal=refusal, words="", **self.by(self.reviewer))

    @rule(which=CLAIMS, who=integers(0, 1))
    def is_approved(self, which: int, who: int) -> None:
        for one in Decision.objects.undecided().filter(claim=self.claims[which]):
            attempt(approve, decision=one, **self.by(self.approvers[who]))

    @rule(which=CLAIMS, act=sampled_from([return_decision, take_back]))
    def is_not_approved(self, which: int, act: Callable[..., Decision]) -> None:
        for one in Decision.objects.undecided().filter(claim=self.claims[which]):
            attempt(act, decision=one, why="…", **self.by(self.approvers[0]))

    @rule(which=CLAIMS, event=sampled_from([ObjectionEvent.UPHOLD, ObjectionEvent.DENY]))
    def an_objection_is_judged(self, which: int, event: ObjectionEvent) -> None:
        for one in Decision.objects.decided().filter(claim=self.claims[which]).order_by("-number")[:1]:
            attempt(file_objection, decision=one, way=Way.INSURER, text="…", **self.by(None))
        for objection in Objection.objects.filter(claim=self.claims[which], answered_on=None):
            attempt(
                lambda one=objection: judge_objection(objection=one, event=event, answer="…", **self.by(self.stranger))
            )

    # ── Payments ─────────────────────────────────────────────────────────────
    @rule()
    def a_file_is_made(self) -> None:
        make_payment_file(insurer=self.claims[0].insurer, until=self.today, **self.by(self.payer))

    @rule(which=integers(0, 9), said=sampled_from(["paid", "paid", "returned"]))
    def the_bank_answers(self, which: int, said: str) -> None:
        orders = list(PaymentOrder.objects.select_related("instalment__claim__insurer"))
        if orders:
            order = orders[which % len(orders)]
            claim = order.instalment.claim
            answers(claim, (order, said), on=self.today, mark=f"{self.now}{said}", **self.by(self.payer))

    @rule(which=integers(0, 9))
    def an_order_is_taken_back(self, which: int) -> None:
        for order in PaymentOrder.objects.all()[which : which + 1]:
            attempt(recall_order, order=order, reason="…", **self.by(self.payer))

    @rule(which=CLAIMS, iban=sampled_from(IBANS))
    def another_account_is_told(self, which: int, iban: str) -> None:
        for payee in self.claims[which].payees.current():
            attempt(change_account, payee=payee, iban=iban, **self.by(None))

    @rule()
    def a_penalty_is_approved(self) -> None:
        for claim in self.claims:
            for one in claim.penalties.filter(state="proposed"):
                attempt(approve_penalty, penalty=one, **self.by(self.approvers[0]))

    @rule()
    def the_rest_at_once(self) -> None:
        attempt(propose_lump_sum, claim=self.claim(0), **self.by(self.reviewer))

    @rule()
    def the_payouts_end(self) -> None:
        attempt(propose_stop,
            claim=self.claim(0), ceased_on=self.today, evidence="…", **self.by(self.reviewer)
        )  # fmt: skip
        for stop in Stop.objects.waiting():
            attempt(approve_stop, stop=stop, **self.by(self.approvers[0]))

    @rule(days=sampled_from([100, None]))
    def a_new_certificate_comes(self, days: int | None) -> None:
        last = self.claims[0].certificates.exclude(until=None).last()
        assert last
        assert last.until
        since: date = last.until + timedelta(days=1)
        attempt(receive_recertification,
            claim=self.claim(0), certified_on=self.today, since=since, until=since + timedelta(days=days) if days else None,
            group=2, actor=Actor.REVIEWER, **self.by(self.reviewer),
        )  # fmt: skip

    # ── Aside ────────────────────────────────────────────────────────────────
    @rule(which=CLAIMS)
    def is_withdrawn(self, which: int) -> None:
        attempt(withdraw_claim, claim=self.claim(which), reason="…", **self.by(None))

    @rule(which=CLAIMS)
    def is_set_aside(self, which: int) -> None:
        attempt(set_aside, claim=self.claim(which), reason="…", **self.by(self.reviewer))

    @rule(which=CLAIMS, act=sampled_from([restore_claim, take_up_again]))
    def is_taken_up_again(self, which: int, act: Callable[..., Any]) -> None:
        attempt(act, claim=self.claim(which), **self.by(self.reviewer))

    # ── What holds always ────────────────────────────────────────────────────
    @invariant()
    def each_state_is_where_the_steps_lead(self) -> None:
        led: dict[tuple[str, int], list[Step]] = defaultdict(list)
        for step in Step.objects.order_by("pk"):
            led[step.part, getattr(step, f"{step.part}_id")].append(step)
        for claim in Claim.objects.all():
            follows(CLAIM_LIFE, claim.state, led["claim", claim.pk])
        for model, life in LIVES.items():
            for row in model.objects.all():
                follows(life, row.state, led[model._meta.model_name, row.pk])

    @invariant()
    def what_is_promised_stays_within_the_sum_insured(self) -> None:
        owed = Instalment.objects.payouts().exclude(state__in=NOT_OWED).aggregate(sum=Sum("amount"))["sum"]
        assert (owed or 0) <= SUM_INSURED

    @invariant()
    def the_plan_of_a_decision_makes_its_amount_to_the_tiyn(self) -> None:
        for one in Decision.objects.decided():
            planned = one.instalments.payouts().aggregate(sum=Sum("amount"))["sum"]
            assert (planned or 0) == one.amount

    @invariant()
    def no_term_comes_nearer(self) -> None:
        """Whatever stopped the clock or lengthened the review, and when it went on."""
        for key, due in terms_of(self.claims).items():
            assert due >= self.known.get(key, due)
            self.known[key] = due

    @invariant()
    def a_delay_costs_more_each_day(self) -> None:
        for one in (
            Instalment.objects.payouts().filter(state="ordered").select_related("claim__insurer", "decision__review")
        ):
            if last := last_day_of(one):
                costs = [penalty_of(one, paid_on=last + timedelta(days=late)) for late in (0, 1, 2, 30)]
                amounts = [cost.amount.amount for cost in costs if cost]
                assert amounts[0] == 0
                assert all(earlier < later for earlier, later in pairwise(amounts))


def two_claims() -> list[Claim]:
    disability = a_case()
    policy = disability.policy
    assert policy
    assert disability.claimant
    policy.sum_insured = SUM_INSURED
    policy.save()
    death = a_claim(disability.claimant, policy, event=InsuredEvent.DEATH)
    a_checklist(death)
    for claim in (disability, death):
        applied(claim)
    a_certificate(disability, item=disability.items.get(code="I3"))
    loan_of(disability)
    bank_letter(death, 250_000, DIED_ON)
    return [disability, death]


def attempt(act: Callable[..., Any], *given: Any, **facts: Any) -> None:
    """A refusal leaves nothing behind."""
    with suppress(WrongMoment, InputError), transaction.atomic():
        act(*given, **facts)


def follows(life: Life[Any, Any], state: str, steps: list[Step]) -> None:
    """From one of its beginnings by documented ways; an event that is no way (the notice, a proposal) changes nothing."""
    events = type(next(iter(life.ways))[1])
    at = type(life.starts[0])(steps[0].state if steps and steps[0].event not in events.values else life.starts[0])
    for step in steps:
        if step.event in events.values:
            at = life.after(at, events(step.event))
        assert step.state == at
    assert state == at


def terms_of(claims: list[Claim]) -> Terms:
    """Of each review the last day of the decision and that of the payment, where the clock runs."""
    found: Terms = {}
    calendar = calendar_of(claims[0].insurer)
    for claim in claims:
        for number, review in enumerate(facts_of(Claim.objects.get(pk=claim.pk)).reviews):
            pays = payment_term(review, calendar)
            for what, due in (("decision", decision_of(review, calendar).due), ("payment", pays and pays.due)):
                if due:
                    found[claim.pk, number, what] = due
    return found


@pytest.mark.django_db
def test_whatever_happens_in_whichever_order_the_promises_hold() -> None:
    run_state_machine_as_test(
        TwoClaims, settings=settings(max_examples=2, stateful_step_count=15, deadline=None, phases=[Phase.generate])
    )


@pytest.mark.long
@pytest.mark.django_db
def test_the_same_for_long() -> None:
    run_state_machine_as_test(
        TwoClaims, settings=settings(max_examples=120, stateful_step_count=60, deadline=None, phases=[Phase.generate])
    )


@pytest.mark.django_db
def test_the_histories_reach_payments() -> None:
    """The machine's own acts, in the order that a reviewer would choose: to the last payment."""
    life = TwoClaims()
    try:
        life.everything_comes_and_is_answered(1)
        life.a_payout_is_proposed(1)
        for who in (0, 1):
            life.is_approved(1, who)
        life.a_file_is_made()
        life.the_bank_answers(0, "paid")
        assert life.claim(1).state == State.PAID
    finally:
        life.teardown()
