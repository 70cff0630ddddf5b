"""Claims that are decided, and a bank that answers."""

import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from claims.models import BankAnswer, Claim, Decision, Instalment, Payee, PaymentFile, PaymentOrder
from claims.rules.bank_orders import number_of
from claims.rules.derivations import Derivation
from claims.rules.life import Actor, Event, State
from claims.rules.loan import Repayment, Schedule
from claims.rules.payouts import Disability, death, fixed_term
from claims.services.bank_answers import take_answer
from claims.services.clock import wind
from claims.services.instalments import plan_instalments
from claims.services.life import move
from claims.services.payment_files import make_payment_file
from tests.claims.factories import DIED_ON, NOW, a_claim, a_decision, a_payee, a_review, an_insured, asel, bakyt, zhanar
from tests.claims.loans import letter, limit, tenge
from tests.factories import TODAY
from tests.people import a_person, aigul

IBANS = ("KZ86125KZT5004100100", "KZ256017131000029119", "KZ743190000000344567")
SOON = NOW + timedelta(days=1)


def at_once(amount: int = 1_000_000) -> Derivation:
    return death(died_on=DIED_ON, letter=letter(DIED_ON, amount), limit=limit(5_000_000))


def monthly(months: int = 3, *, first: date = TODAY - timedelta(days=5), principal: int = 50_000) -> Derivation:
    """So much every thirty days."""
    days = [first + timedelta(days=30 * month) for month in range(months)]
    schedule = Schedule(tuple(Repayment(day, tenge(principal)) for day in days))
    disability = Disability(first, days[-1])
    return fixed_term(disability=disability, contract_until=days[-1], schedule=schedule, limit=limit(5_000_000))


def decided(
    derivation: Derivation | None = None,
    *,
    shares: Sequence[tuple[int, int]] = ((1, 1),),
    since: date = TODAY,
    **facts: Any,
) -> Claim:
    """Aigul's, unless another claim is told; to be paid, planned by the services that a decision calls."""
    claim = facts.pop("claim", None) or hers(**facts)
    derivation = derivation or at_once()
    review = a_review(claim, since=since, outcome="approved", decided_on=TODAY)
    for place, (numerator, denominator) in enumerate(shares):
        name = f"Получатель {place + 1}"
        a_payee(claim, name=name, numerator=numerator, denominator=denominator, iban=IBANS[place])
    decision = approved(review, derivation)
    move(claim=claim, event=Event.APPROVE, actor=Actor.APPROVER, by=decision.approved_by, now=NOW)
    plan_instalments(decision=decision, now=NOW)
    wind(claim, now=NOW)
    return claim


def approved(review: Any, derivation: Derivation, **facts: Any) -> Decision:
    number = f"{review.pk}.{review.claim.decisions.count()}"
    return a_decision(
        review, a_person(f"proposer{number}@example.kz", is_staff=True), outcome="approved", state="approved", ground="",
        clause="", evidence="", amount=derivation.amount.amount, derivation=derivation.data, decided_on=TODAY,
        approved_by=a_person(f"approver{number}@example.kz", is_staff=True), approved_at=NOW, **facts,
    )  # fmt: skip


def hers(**facts: Any) -> Claim:
    user = aigul()
    return a_claim(user, an_insured(user), **facts)


def ordered(claim: Claim, *, by: Any = None, until: date = TODAY, now: datetime = NOW) -> PaymentFile:
    file = make_payment_file(insurer=claim.insurer, until=until, by=by or payer(claim), now=now)
    assert file
    return file


def payer(claim: Claim) -> Any:
    from accounts.models import User

    return User.objects.filter(email="zhanar@example.kz").first() or zhanar(claim.insurer)


def answers(
    claim: Claim, *rows: tuple[PaymentOrder, str], on: date = TODAY, reason: str = "Счёт закрыт", mark: str = "",
    now: datetime = NOW, by: Any = None,
) -> BankAnswer:  # fmt: skip
    """The bank's file, a row for each of these words. `mark` makes its bytes another file's."""
    lines = [f"number;outcome;date;amount;reason;{mark}"]
    lines += [f"{number_of(order.number)};{said};{on};{order.amount};{reason}" for order, said in rows]
    file = io.BytesIO("\n".join(lines).encode())
    return take_answer(insurer=claim.insurer, file=file, name="answer.csv", by=by or payer(claim), now=now)


def effects(answer: BankAnswer) -> list[str]:
    return list(answer.lines.values_list("effect", flat=True))


def states(claim: Claim) -> list[tuple[str, Decimal, date | None]]:
    rows = Instalment.objects.filter(claim=claim).order_by("kind", "number", "pk")
    return list(rows.values_list("state", "amount", "paid_on"))


def state_of(claim: Claim) -> State:
    return State(Claim.objects.values_list("state", flat=True).get(pk=claim.pk))


def the_order(claim: Claim, number: int = 1) -> PaymentOrder:
    return PaymentOrder.objects.filter(instalment__claim=claim, instalment__number=number).latest("pk")


def change_payee(payee: Payee, iban: str) -> Payee:
    """As somebody who gives another account."""
    from claims.services.accounts import change_account

    return change_account(payee=payee, iban=iban, by=None, now=NOW)


__all__ = ["asel", "bakyt"]
