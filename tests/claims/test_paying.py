"""From an approved decision to money on an account: the plan, the file for the bank, its answers in any order, and again."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction

from claims.models import Instalment, Letter, PaymentOrder, Step, Suspension
from claims.models.payments import Effect
from claims.rules.bank_orders import OrderState
from claims.rules.clock import NEVER
from claims.rules.life import State, WrongMoment
from claims.services.accounts import change_account
from claims.services.payment_files import make_payment_file, recall_order
from core.calendar import WorkingCalendar
from core.models import AuditEvent
from tests.claims.factories import NOW, bakyt
from tests.claims.paying import (
    IBANS,
    answers,
    at_once,
    decided,
    effects,
    monthly,
    ordered,
    payer,
    state_of,
    states,
    the_order,
)
from tests.factories import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

KZ = WorkingCalendar("KZ")
LAST_DAY = KZ.add_working_days(KZ.add_working_days(TODAY, 15), 15)


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


# ── The plan ─────────────────────────────────────────────────────────────────
def test_a_sum_is_planned_for_each_beneficiary_and_the_last_receives_what_rounding_leaves() -> None:
    claim = decided(at_once(100_000), shares=[(1, 3)] * 3)
    assert [amount for _state, amount, _day in states(claim)] == [Decimal("33333.33")] * 2 + [Decimal("33333.34")]


def test_each_is_to_be_paid_by_the_end_of_the_term_or_on_its_own_later_day() -> None:
    claim = decided(monthly(3))
    days = list(Instalment.objects.filter(claim=claim).values_list("pay_by", flat=True))
    third = TODAY - timedelta(days=5) + timedelta(days=60)
    assert days == [LAST_DAY, LAST_DAY, max(third, LAST_DAY)]


# ── The file ─────────────────────────────────────────────────────────────────
def test_a_file_takes_what_is_due_with_the_account_of_that_moment() -> None:
    claim = decided(monthly(3))
    file = ordered(claim, until=TODAY)
    order = PaymentOrder.objects.get()
    assert (file.number, file.count, file.total) == (1, 1, Decimal(50_000))
    assert (order.iban, order.amount, order.pay_on, order.state) == (IBANS[0], Decimal(50_000), TODAY, OrderState.SENT)
    assert claim.number_shown in order.purpose
    assert [state for state, *_rest in states(claim)] == ["ordered", "planned", "planned"]
    assert state_of(claim) == State.PAYING


def test_what_is_ordered_is_not_ordered_again() -> None:
    claim = decided()
    ordered(claim)
    assert make_payment_file(insurer=claim.insurer, until=TODAY, by=payer(claim), now=NOW) is None


def test_the_database_keeps_one_living_order_a_payment() -> None:
    claim = decided()
    ordered(claim)
    order = PaymentOrder.objects.get()
    order.pk, order._state.adding, order.number = None, True, order.number + 1
    order.public_id = Instalment().public_id
    with pytest.raises(IntegrityError, match="payment_order_one_at_a_time"), transaction.atomic():
        order.save(force_insert=True)


def test_while_a_criminal_case_lasts_nothing_is_ordered() -> None:
    claim = decided()
    review = claim.reviews.get()
    stop = Suspension.objects.create(
        review=review, cause="criminal_case", authority="Полиция", why="…", since=TODAY, by=bakyt(claim.insurer)
    )
    assert make_payment_file(insurer=claim.insurer, until=TODAY, by=payer(claim), now=NOW) is None
    stop.until = TODAY
    stop.save()
    assert ordered(claim).count == 1


def test_what_the_bank_has_not_had_is_taken_back_and_ordered_again() -> None:
    claim = decided()
    ordered(claim)
    recall_order(order=the_order(claim), reason="Не тот файл", by=payer(claim), now=NOW)
    assert states(claim)[0][0] == "planned"
    assert not PaymentOrder.objects.for_the_bank().exists()
    ordered(claim)
    assert [one.state for one in PaymentOrder.objects.all()] == ["recalled", "sent"]


def test_what_the_bank_has_answered_is_not_taken_back() -> None:
    claim = decided()
    ordered(claim)
    answers(claim, (the_order(claim), "paid"))
    with pytest.raises(WrongMoment):
        recall_order(order=the_order(claim), reason="…", by=payer(claim), now=NOW)


# ── The answers ──────────────────────────────────────────────────────────────
def test_a_confirmation_pays_settles_and_is_told() -> None:
    claim = decided()
    ordered(claim)
    assert effects(answers(claim, (the_order(claim), "paid"))) == [Effect.PAID]
    assert states(claim) == [("paid", Decimal(1_000_000), TODAY)]
    assert state_of(claim) == State.PAID
    claim.refresh_from_db()
    assert (claim.is_open, claim.next_on) == (False, NEVER)
    letter = Letter.objects.get(kind="paid")
    assert "1 000 000" in letter.body.replace("\xa0", " ")


def test_the_same_file_again_is_the_same_answer() -> None:
    claim = decided()
    ordered(claim)
    first = answers(claim, (the_order(claim), "paid"))
    assert answers(claim, (the_order(claim), "paid")) == first
    assert Step.objects.filter(event="confirm").count() == Letter.objects.filter(kind="paid").count() == 1


def test_a_doubled_row_and_another_file_about_it_change_nothing() -> None:
    claim = decided()
    ordered(claim)
    order = the_order(claim)
    assert effects(answers(claim, (order, "paid"), (order, "paid"))) == [Effect.PAID, Effect.REPEATED]
    assert effects(answers(claim, (order, "paid"), mark="again")) == [Effect.REPEATED]
    assert Step.objects.filter(event="confirm").count() == 1


@pytest.mark.parametrize("words", [("paid", "returned"), ("returned", "paid")])
@pytest.mark.parametrize("files", [1, 2])
def test_paid_and_sent_back_ends_alike_in_whatever_order_it_comes(words: tuple[str, str], files: int) -> None:
    claim = decided()
    ordered(claim)
    order = the_order(claim)
    if files == 1:
        answers(claim, *((order, word) for word in words))
    else:
        for word in words:
            answers(claim, (order, word), mark=word)
    order.refresh_from_db()
    assert (order.state, order.reason) == (OrderState.BOUNCED, "Счёт закрыт")
    assert states(claim) == [("bounced", Decimal(1_000_000), None)]
    assert state_of(claim) == State.PAYING
    assert Letter.objects.filter(kind="came_back").count() == 1


def test_what_came_back_waits_for_another_account_or_for_a_person() -> None:
    claim = decided()
    ordered(claim)
    answers(claim, (the_order(claim), "returned"))
    assert make_payment_file(insurer=claim.insurer, until=TODAY, by=payer(claim), now=NOW) is None
    again = Instalment.objects.values_list("public_id", flat=True)
    file = make_payment_file(insurer=claim.insurer, until=TODAY, by=payer(claim), now=NOW, again=list(again))
    assert file
    assert the_order(claim).iban == IBANS[0]


def test_another_account_is_ordered_to_by_itself() -> None:
    claim = decided()
    ordered(claim)
    old = the_order(claim)
    change_account(payee=claim.payees.get(), iban=IBANS[1], by=None, now=NOW)
    answers(claim, (old, "returned"))
    ordered(claim)
    assert (the_order(claim).iban, old.iban) == (IBANS[1], IBANS[0])


def test_an_account_changed_between_order_and_answer_changes_nothing_of_the_order() -> None:
    claim = decided()
    ordered(claim)
    change_account(payee=claim.payees.get(), iban=IBANS[1], by=None, now=NOW)
    answers(claim, (the_order(claim), "paid"))
    assert the_order(claim).iban == IBANS[0]
    assert states(claim)[0][0] == "paid"


def test_an_answer_about_an_older_order_changes_nothing() -> None:
    claim = decided()
    ordered(claim)
    old = the_order(claim)
    answers(claim, (old, "returned"))
    change_account(payee=claim.payees.get(), iban=IBANS[1], by=None, now=NOW)
    ordered(claim)
    assert effects(answers(claim, (old, "paid"), mark="late")) == [Effect.OUTDATED]
    assert states(claim)[0][0] == "ordered"


def test_what_was_taken_back_and_paid_by_the_bank_is_said_loudly() -> None:
    claim = decided()
    ordered(claim)
    order = the_order(claim)
    recall_order(order=order, reason="…", by=payer(claim), now=NOW)
    assert effects(answers(claim, (order, "paid"))) == [Effect.CONTRADICTS]


def test_another_amount_or_another_insurers_order_is_never_confirmed() -> None:
    claim = decided()
    ordered(claim)
    order = the_order(claim)
    order.amount += 1
    assert effects(answers(claim, (order, "paid"))) == [Effect.OTHER_AMOUNT]
    order.number += 1
    assert effects(answers(claim, (order, "paid"))) == [Effect.UNKNOWN]
    assert states(claim)[0][0] == "ordered"


def test_of_instalments_the_claim_is_settled_by_the_last() -> None:
    claim = decided(monthly(2))
    ordered(claim)
    answers(claim, (the_order(claim, 1), "paid"))
    assert state_of(claim) == State.PAYING
    ordered(claim, until=TODAY + timedelta(days=60))
    answers(claim, (the_order(claim, 2), "paid"), mark="2")
    assert state_of(claim) == State.PAID


def test_a_payment_that_comes_back_days_later_opens_the_claim_again() -> None:
    claim = decided()
    ordered(claim)
    answers(claim, (the_order(claim), "paid"))
    answers(claim, (the_order(claim), "returned"), mark="later")
    assert state_of(claim) == State.PAYING
    claim.refresh_from_db()
    assert (claim.is_open, claim.next_on) == (True, LAST_DAY)


def test_what_is_done_stands_in_the_trail() -> None:
    claim = decided()
    ordered(claim)
    answers(claim, (the_order(claim), "paid"))
    verbs = list(AuditEvent.objects.filter(actor=payer(claim)).values_list("verb", flat=True))
    assert verbs == ["made a payment file", "took an answer of the bank"]
