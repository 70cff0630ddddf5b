"""What comes while and after money is paid: a delay and its penalty, a lump sum instead of instalments, the end of a disability,
a re-certification, an examination."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.models import User
from claims.models import BaseRate, Claim, Examination, Instalment, Letter, Penalty, Recertification, Stop
from claims.queries.payments.late import last_day_of
from claims.queries.timeline import timeline_of
from claims.rules.derivations import FactsDisagree
from claims.rules.examinations import Finding
from claims.rules.life import Actor, State, WrongMoment
from claims.rules.terms import TermKind
from claims.services.decide import approve
from claims.services.examinations import NotYet, ask_for_examination, record_examination
from claims.services.penalties import approve_penalty, keep_rate, propose_penalty, return_penalty
from claims.services.proposals import SamePerson
from claims.services.recertify import ask_next, receive_recertification
from claims.services.replacing import NotReplaced, propose_lump_sum
from claims.services.stopping import NotStopped, approve_stop, propose_stop
from core.calendar import WorkingCalendar, add_calendar_days
from tests.claims.factories import NOW, a_certificate, a_checklist, asel, bakyt
from tests.claims.paying import answers, decided, hers, monthly, ordered, payer, state_of, states, the_order
from tests.factories import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

LATE_BY = 10


@pytest.fixture
def noon() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def late(noon: Any) -> Claim:
    """A million, to be paid ten days ago; ordered, and not answered yet."""
    claim = decided(since=add_calendar_days(TODAY, -90))
    last = last_day_of(Instalment.objects.get(claim=claim))
    assert last
    noon.move_to(datetime.combine(last + timedelta(days=LATE_BY), NOW.timetz()))
    ordered(claim, until=claim.insurer.today(now()), now=now())
    return claim


def now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def today(claim: Claim) -> date:
    return claim.insurer.today(now())


def a_rate(since: date = date(2020, 1, 1), percent: str = "12") -> BaseRate:
    return keep_rate(since=since, percent=Decimal(percent), source="НБРК", by=None, now=NOW)


# ── A delay ──────────────────────────────────────────────────────────────────
def test_v11_is_proposed_as_soon_as_the_bank_says_when_it_paid(late: Claim) -> None:
    a_rate()
    answers(late, (the_order(late), "paid"), on=today(late), now=now())
    penalty = Penalty.objects.get()
    assert (penalty.amount, penalty.state, penalty.proposed_by) == (Decimal("3287.67"), "proposed", payer(late))
    assert [f"{step.gives}" for step in penalty.explanation.steps] == ["days_late", "penalty"]


def test_paid_on_the_last_day_costs_nothing(late: Claim) -> None:
    a_rate()
    answers(late, (the_order(late), "paid"), on=today(late) - timedelta(days=LATE_BY), now=now())
    assert not Penalty.objects.exists()


def test_the_rate_is_that_of_the_day_of_payment(late: Claim) -> None:
    a_rate()
    a_rate(today(late), "24")
    answers(late, (the_order(late), "paid"), on=today(late), now=now())
    assert Penalty.objects.get().amount == Decimal("6575.34")


def test_a_later_row_of_the_same_day_corrects_a_rate(late: Claim) -> None:
    a_rate(percent="99")
    a_rate(percent="12")
    answers(late, (the_order(late), "paid"), on=today(late), now=now())
    assert Penalty.objects.get().amount == Decimal("3287.67")


def test_without_a_rate_it_is_proposed_later(late: Claim) -> None:
    answers(late, (the_order(late), "paid"), on=today(late), now=now())
    paid = Instalment.objects.get()
    with pytest.raises(FactsDisagree):
        propose_penalty(instalment=paid, by=payer(late), now=now())
    a_rate()
    assert propose_penalty(instalment=paid, by=payer(late), now=now())
    with pytest.raises(WrongMoment):
        propose_penalty(instalment=paid, by=payer(late), now=now())


def test_another_person_approves_and_it_is_paid_like_any_other(late: Claim) -> None:
    a_rate()
    answers(late, (the_order(late), "paid"), on=today(late), now=now())
    penalty = Penalty.objects.get()
    with pytest.raises(SamePerson):
        approve_penalty(penalty=penalty, by=payer(late), now=now())
    to_pay = approve_penalty(penalty=penalty, by=asel(late.insurer), now=now())
    assert (to_pay.kind, to_pay.amount, to_pay.late) == ("penalty", Decimal("3287.67"), penalty.late)
    file = ordered(late, until=today(late), now=now())
    answers(late, (file.orders.get(), "paid"), on=today(late), mark="penalty", now=now())
    assert [state for state, *_rest in states(late)] == ["paid", "paid"]
    assert state_of(late) == State.PAID
    assert Penalty.objects.count() == 1  # of a penalty there is none
    assert "3 287,67" in Letter.objects.get(kind="penalty").body.replace("\xa0", " ")


def test_the_database_wants_two_people(late: Claim) -> None:
    a_rate()
    answers(late, (the_order(late), "paid"), on=today(late), now=now())
    penalty = Penalty.objects.get()
    with pytest.raises(IntegrityError, match="penalty_of_different_people"), transaction.atomic():
        Penalty.objects.filter(pk=penalty.pk).update(state="approved", approved_by=penalty.proposed_by, approved_at=NOW)


def test_what_is_returned_is_proposed_anew(late: Claim) -> None:
    a_rate()
    answers(late, (the_order(late), "paid"), on=today(late), now=now())
    return_penalty(penalty=Penalty.objects.get(), why="Проверьте дату", by=asel(late.insurer), now=now())
    assert propose_penalty(instalment=Instalment.objects.get(), by=payer(late), now=now())


def test_a_payment_that_comes_back_takes_its_proposal_along(late: Claim) -> None:
    a_rate()
    answers(late, (the_order(late), "paid"), on=today(late), now=now())
    answers(late, (the_order(late), "returned"), on=today(late), mark="2", now=now())
    assert Penalty.objects.get().state == "taken_back"


# ── At once instead of by instalments ────────────────────────────────────────
@pytest.fixture
def paying() -> Claim:
    """Three instalments, the first of them paid."""
    claim = decided(monthly(3))
    ordered(claim)
    answers(claim, (the_order(claim), "paid"))
    return claim


def test_the_rest_is_paid_at_once_when_another_person_agrees(paying: Claim) -> None:
    decision = propose_lump_sum(claim=paying, by=bakyt(paying.insurer), now=NOW)
    assert decision.amount == Decimal(100_000)
    approve(decision=decision, by=asel(paying.insurer), now=NOW)
    assert [(state, amount) for state, amount, _day in states(paying)] == [
        ("paid", Decimal(50_000)), ("planned", Decimal(100_000)), ("replaced", Decimal(50_000)), ("replaced", Decimal(50_000)),
    ]  # fmt: skip
    assert state_of(paying) == State.PAYING
    ordered(paying, until=TODAY + timedelta(days=40))
    answers(paying, (Instalment.objects.get(state="ordered").orders.get(), "paid"), mark="2")
    assert state_of(paying) == State.PAID
    assert Letter.objects.filter(kind="replaced").count() == 1


def test_it_is_due_when_the_next_instalment_was(paying: Claim) -> None:
    next_day = Instalment.objects.filter(state="planned").earliest("scheduled_on").scheduled_on
    decision = propose_lump_sum(claim=paying, by=bakyt(paying.insurer), now=NOW)
    approve(decision=decision, by=asel(paying.insurer), now=NOW)
    assert decision.instalments.get().scheduled_on == next_day


def test_not_while_a_payment_is_at_the_bank(paying: Claim) -> None:
    ordered(paying, until=TODAY + timedelta(days=40))
    with pytest.raises(NotReplaced):
        propose_lump_sum(claim=paying, by=bakyt(paying.insurer), now=NOW)


def test_a_proposal_that_is_not_what_is_left_any_more_is_not_approved(paying: Claim) -> None:
    decision = propose_lump_sum(claim=paying, by=bakyt(paying.insurer), now=NOW)
    ordered(paying, until=TODAY + timedelta(days=40))
    answers(paying, (the_order(paying, 2), "paid"), mark="2")
    with pytest.raises(NotReplaced):
        approve(decision=decision, by=asel(paying.insurer), now=NOW)
    decision.refresh_from_db()
    assert decision.state == "proposed"


def test_what_is_paid_at_once_is_not_replaced() -> None:
    with pytest.raises(WrongMoment):
        propose_lump_sum(claim=decided(), by=None, now=NOW)


# ── The disability ceased ────────────────────────────────────────────────────
def test_payouts_stop_with_three_notices(paying: Claim) -> None:
    stop = propose_stop(claim=paying, ceased_on=TODAY, evidence="Справка МСЭ", by=bakyt(paying.insurer), now=NOW)
    with pytest.raises(SamePerson):
        approve_stop(stop=stop, by=User.objects.get(email="bakyt@example.kz"), now=NOW)
    approve_stop(stop=stop, by=asel(paying.insurer), now=NOW)
    assert [state for state, *_rest in states(paying)] == ["paid", "cancelled", "cancelled"]
    assert state_of(paying) == State.STOPPED
    assert Letter.objects.filter(kind="stopped").count() == 3


def test_what_fell_due_before_is_still_paid() -> None:
    claim = decided(monthly(3))
    stop = propose_stop(claim=claim, ceased_on=TODAY, evidence="Справка", by=bakyt(claim.insurer), now=NOW)
    approve_stop(stop=stop, by=asel(claim.insurer), now=NOW)
    assert [state for state, *_rest in states(claim)] == ["planned", "cancelled", "cancelled"]
    assert ordered(claim).count == 1


def test_not_in_the_future_and_not_twice(paying: Claim) -> None:
    reviewer = bakyt(paying.insurer)
    with pytest.raises(NotStopped):
        propose_stop(claim=paying, ceased_on=TODAY + timedelta(days=1), evidence="…", by=reviewer, now=NOW)
    propose_stop(claim=paying, ceased_on=TODAY, evidence="…", by=reviewer, now=NOW)
    with pytest.raises(WrongMoment):
        propose_stop(claim=paying, ceased_on=TODAY, evidence="…", by=reviewer, now=NOW)
    assert Stop.objects.count() == 1


# ── Certified anew ───────────────────────────────────────────────────────────
@pytest.fixture
def ending() -> Claim:
    """The established term ends in three weeks."""
    claim = hers()
    a_checklist(claim)
    a_certificate(claim, until=TODAY + timedelta(days=21))
    claim = decided(monthly(2), claim=claim)
    ordered(claim)
    answers(claim, (the_order(claim), "paid"))
    return claim


def test_a_term_that_ends_soon_is_told_once(ending: Claim) -> None:
    assert ask_next(now=NOW)
    assert not ask_next(now=NOW)
    asked = Recertification.objects.get()
    assert (asked.told_on, asked.term_until) == (TODAY, TODAY + timedelta(days=21))
    assert ending.items.latest("round").code == "I3"
    assert Letter.objects.filter(kind="recertify").count() == 1


@pytest.mark.parametrize(("days", "is_told"), [(30, True), (31, False)])
def test_thirty_days_before(days: int, is_told: bool) -> None:
    claim = hers()
    a_checklist(claim)
    a_certificate(claim, until=TODAY + timedelta(days=days))
    claim = decided(monthly(2), claim=claim)
    ordered(claim)
    assert ask_next(now=NOW) is is_told


def certified(claim: Claim, *, until: date | None = None) -> Recertification:
    return receive_recertification(
        claim=claim,
        certified_on=TODAY,
        since=TODAY,
        until=until,
        group=2,
        actor=Actor.CLAIMANT,
        by=claim.claimant,
        now=NOW,
    )


def test_a_new_certificate_begins_ten_working_days_and_what_was_decided_is_paid_meanwhile(ending: Claim) -> None:
    received = certified(ending, until=TODAY + timedelta(days=365))
    assert state_of(ending) == State.REVIEW
    ending.refresh_from_db()
    running = timeline_of(ending, today=TODAY).nearest
    due = WorkingCalendar("KZ").add_working_days(TODAY, 10)
    assert running
    assert (running.deadline.kind, running.deadline.due) == (TermKind.RECERTIFICATION, due)
    assert received.review
    assert ordered(ending, until=TODAY + timedelta(days=40)).count == 1


def test_it_is_received_once(ending: Claim) -> None:
    certified(ending)
    with pytest.raises(WrongMoment):
        certified(ending)


def test_a_death_is_not_certified_anew() -> None:
    with pytest.raises(WrongMoment):
        certified(decided())


# ── Examined ─────────────────────────────────────────────────────────────────
def record(examination: Examination, day: date, finding: Finding = Finding.CONTINUES, **facts: Any) -> Examination:
    return record_examination(
        claim=examination.claim, examination=examination, done_on=day, finding=finding, result="Подтверждена",
        **({"ceased_on": None, "by": User.objects.get(email="bakyt@example.kz"), "now": NOW + (day - TODAY)} | facts),
    )  # fmt: skip


def test_once_a_year_and_no_day_earlier(paying: Claim) -> None:
    reviewer, day = bakyt(paying.insurer), TODAY + timedelta(days=14)
    first = ask_for_examination(claim=paying, institution="Поликлиника № 1", planned_on=day, by=reviewer, now=NOW)
    with pytest.raises(NotYet):
        ask_for_examination(claim=paying, institution="…", planned_on=day + timedelta(days=364), by=reviewer, now=NOW)
    record(first, day)
    ask_for_examination(claim=paying, institution="…", planned_on=day + timedelta(days=365), by=reviewer, now=NOW)
    assert Examination.objects.count() == Letter.objects.filter(kind="examination").count() == 2


def test_not_today_and_not_of_a_claim_that_pays_nothing(paying: Claim) -> None:
    with pytest.raises(NotYet):
        ask_for_examination(claim=paying, institution="…", planned_on=TODAY, by=bakyt(paying.insurer), now=NOW)
    Claim.objects.update(state=State.REFUSED)
    with pytest.raises(WrongMoment):
        ask_for_examination(claim=paying, institution="…", planned_on=TODAY, by=None, now=NOW)


@pytest.fixture
def examination(paying: Claim) -> Examination:
    """Asked for two weeks from now."""
    return ask_for_examination(
        claim=paying,
        institution="Поликлиника № 1",
        planned_on=TODAY + timedelta(days=14),
        by=bakyt(paying.insurer),
        now=NOW,
    )


def test_a_disability_that_continues_is_told_and_stops_nothing(paying: Claim, examination: Examination) -> None:
    record(examination, TODAY + timedelta(days=14))
    assert "Подтверждена" in Letter.objects.get(kind="examined").body
    assert (state_of(paying), Stop.objects.count()) == (State.PAYING, 0)


def test_one_that_ceased_proposes_the_end_that_another_person_approves(paying: Claim, examination: Examination) -> None:
    day = TODAY + timedelta(days=14)
    record(examination, day, Finding.CEASED, ceased_on=day)
    stop = Stop.objects.get()
    assert (stop.state, stop.ceased_on, stop.evidence, state_of(paying)) == (
        "proposed",
        day,
        "Подтверждена",
        State.PAYING,
    )
    approve_stop(stop=stop, by=asel(paying.insurer), now=NOW + timedelta(days=14))
    assert (state_of(paying), Letter.objects.filter(kind="stopped").count()) == (State.STOPPED, 3)


def test_a_result_is_recorded_once_and_of_a_day_that_has_come(paying: Claim, examination: Examination) -> None:
    day = TODAY + timedelta(days=14)
    for wrong in (TODAY - timedelta(days=1), day + timedelta(days=1)):
        with pytest.raises(NotYet):
            record(examination, wrong, now=NOW + timedelta(days=14))
    record(examination, day)
    with pytest.raises(WrongMoment):
        record(examination, day)


def test_where_an_end_waits_already_there_is_no_second(paying: Claim, examination: Examination) -> None:
    propose_stop(claim=paying, ceased_on=TODAY, evidence="Справка", by=examination.by, now=NOW)
    day = TODAY + timedelta(days=14)
    record(examination, day, Finding.CEASED, ceased_on=day)
    assert Stop.objects.get().ceased_on == TODAY
