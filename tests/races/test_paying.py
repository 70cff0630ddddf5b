"""Money leaves once: of forty answers of the bank one confirms, of two files for the bank one has the payment."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from claims.models import AnswerLine, BankAnswer, Claim, Instalment, Letter, PaymentFile, PaymentOrder, Step
from claims.models.payments import Effect
from claims.rules.bank_orders import OrderState
from claims.rules.life import InstalmentState, State
from claims.services import bank_answers, payment_files
from claims.services.payment_files import make_payment_file
from policies.models import Insurer
from tests.claims.factories import NOW
from tests.claims.paying import answers, decided, ordered, payer
from tests.factories import TODAY
from tests.policies.conftest import originals
from tests.races.crowd import CROWD, all_at_once, while_waiting

__all__ = ["originals"]  # the fixture: where documents lie
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
SHARES = [(1, 3)] * 3  # of one decision: three payments, three orders


@pytest.fixture
def planned(originals: Path) -> Claim:
    """Three payments that are due, and an officer who pays."""
    claim = decided(shares=SHARES)
    payer(claim)
    return claim


@pytest.fixture
def claim(planned: Claim) -> Claim:
    """At the bank."""
    ordered(planned)
    return planned


def says_paid(claim: Claim, number: int = 0, mark: str = "") -> BankAnswer:
    """The bank's file about all orders, which begins with another one for each number, and has its first row twice."""
    orders = list(PaymentOrder.objects.filter(instalment__claim=claim).order_by("pk"))
    turned = orders[number % 3 :] + orders[: number % 3]
    rows = [(order, "paid") for order in (*turned, turned[0])]
    return answers(claim, *rows, mark=mark, by=payer(claim))


def is_paid_once(claim: Claim) -> None:
    assert Instalment.objects.filter(claim=claim, state=InstalmentState.PAID).count() == 3
    assert PaymentOrder.objects.filter(state=OrderState.CONFIRMED).count() == 3
    assert Step.objects.filter(event="confirm").count() == 3
    assert Step.objects.filter(event="settle").count() == 1
    assert Letter.objects.filter(kind="paid").count() == 1
    assert Claim.objects.get().state == State.PAID


# ── The bank's answer ────────────────────────────────────────────────────────
@pytest.mark.long
def test_the_same_answer_forty_times_at_once_pays_once(claim: Claim) -> None:
    found = all_at_once(lambda _number: says_paid(claim).pk)
    assert len(set(found)) == 1
    assert Counter(AnswerLine.objects.values_list("effect", flat=True)) == {Effect.PAID: 3, Effect.REPEATED: 1}
    is_paid_once(claim)


def test_forty_files_with_the_same_rows_in_other_orders_pay_once(claim: Claim) -> None:
    found = all_at_once(lambda number: says_paid(claim, number, mark=f"{number}").pk)
    assert len(set(found)) == CROWD
    effects = Counter(AnswerLine.objects.values_list("effect", flat=True))
    assert effects == {Effect.PAID: 3, Effect.REPEATED: 4 * CROWD - 3}
    is_paid_once(claim)


@pytest.mark.long
def test_without_the_locks_several_files_pay(claim: Claim, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: each reads its orders before any other has written."""
    monkeypatch.setattr(bank_answers, "_held_orders", orders_as_read)
    with nobody_waits_for(bank_answers, monkeypatch):
        all_at_once(lambda number: or_its_error(lambda: says_paid(claim, number, mark=f"{number}")))
    assert Step.objects.filter(event="confirm").count() > 3
    assert Letter.objects.filter(kind="paid").count() > 1


def orders_as_read(insurer: Insurer, keys: Any) -> dict[int, PaymentOrder]:
    rows = PaymentOrder.objects.filter(file__insurer=insurer, number__in=keys).order_by("pk")
    return {
        one.number: one for one in rows.select_related("instalment__claim__insurer", "instalment__decision", "file")
    }


# ── The file for the bank ────────────────────────────────────────────────────
@pytest.mark.long
def test_of_forty_who_make_a_file_at_once_one_has_the_payments(planned: Claim) -> None:
    found = all_at_once(lambda _number: a_file(planned))
    assert sorted(found, key=str) == [3] + [None] * (CROWD - 1)
    assert PaymentOrder.objects.count() == 3
    assert Step.objects.filter(event="order").count() == 3


def test_a_second_file_waits_for_the_first_and_finds_nothing(planned: Claim) -> None:
    found: list[int | None] = []
    while_waiting(lambda: found.append(a_file(planned)), first=lambda: found.append(a_file(planned)))
    assert found == [3, None]


@pytest.mark.long
def test_without_the_lock_the_constraint_refuses_the_second_file(
    planned: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control of the lock."""
    monkeypatch.setattr(payment_files, "_held", payments_as_read)
    with nobody_waits_for(payment_files, monkeypatch):
        found = all_at_once(lambda _number: or_its_error(lambda: a_file(planned)))
    assert "IntegrityError" in found
    assert PaymentOrder.objects.count() == 3


@pytest.mark.long
def test_without_lock_and_constraint_a_payment_is_in_several_files(
    planned: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control of both."""
    monkeypatch.setattr(payment_files, "_held", payments_as_read)
    with nobody_waits_for(payment_files, monkeypatch), without_the_constraints():
        all_at_once(lambda _number: or_its_error(lambda: a_file(planned)))
        assert PaymentOrder.objects.count() > 3
        assert PaymentFile.objects.count() > 1


def a_file(claim: Claim) -> int | None:
    """How many orders are in it."""
    file = make_payment_file(insurer=claim.insurer, until=TODAY, by=payer(claim), now=NOW)
    return file.count if file else None


def payments_as_read(insurer: Insurer, until: Any, again: Any) -> list[Instalment]:
    wanted = payment_files.payable([insurer.pk], until=until, again=again)
    return list(wanted.select_related("claim__insurer", "payee"))


# ── Without the guards ───────────────────────────────────────────────────────
def or_its_error(act: Any) -> Any:
    try:
        return act()
    except Exception as error:
        return type(error).__name__


@contextmanager
def nobody_waits_for(room: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The insurer's row is read and not locked."""
    with monkeypatch.context() as here:
        here.setattr(room, "Insurer", Unlocked)
        yield


class Unlocked:
    objects: Any = None

    @classmethod
    def select_for_update(cls, **_how: Any) -> Any:
        return Insurer.objects.all()


Unlocked.objects = Unlocked


@contextmanager
def without_the_constraints() -> Iterator[None]:
    """Of one living order a payment, and of the numbers of files."""
    owner = connections["owner"]
    once = [
        (model, one)
        for model in (PaymentOrder, PaymentFile)
        for one in model._meta.constraints
        if one.name in ("payment_order_one_at_a_time", "payment_file_number")
    ]
    with owner.schema_editor() as editor:
        for model, one in once:
            editor.remove_constraint(model, one)
    yield
    with owner.cursor() as cursor:
        cursor.execute("TRUNCATE claims_paymentfile CASCADE")
    with owner.schema_editor() as editor:
        for model, one in once:
            editor.add_constraint(model, one)
