"""What a claimant is paid: each payment with its day, why it is so much, and what a delay costs; the accounts it goes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from claims.models import AccountRequest, BaseRate, Claim, Instalment, Payee
from claims.models.payments import InstalmentKind
from claims.queries.payments.late import last_days_of
from claims.rules.derivations import Derivation, FactsDisagree
from claims.rules.life import UNPAID, InstalmentState
from claims.rules.penalty import Rate, penalty
from claims.rules.wording import Explained, explained
from core.money import Money


@dataclass(frozen=True)
class Sums:
    """Of one claim. `coming`: what is planned, at the bank, or came back from it."""

    paid: Money
    coming: Money


def sums_of(claim: Claim) -> Sums | None:
    """None where nothing was decided to be paid. One query."""
    rows = list(claim.instalments.values_list("state", "amount"))
    if not rows:
        return None
    paid = sum((amount for state, amount in rows if state == InstalmentState.PAID), Decimal(0))
    coming = sum((amount for state, amount in rows if state in UNPAID), Decimal(0))
    return Sums(Money(paid, claim.insurer.currency), Money(coming, claim.insurer.currency))


@dataclass(frozen=True)
class Payment:
    """`last`: the last day in time; None while the clock stands. `delay`: what it costs, of what is not paid by today; None
    where it is not late, or no rate is on file for the day."""

    instalment: Instalment
    last: date | None
    days_late: int
    delay: Derivation | None

    @property
    def is_unpaid(self) -> bool:
        return self.instalment.state in UNPAID

    @property
    def steps(self) -> list[Explained]:
        return list(explained(self.instalment.explanation))

    @property
    def delay_steps(self) -> list[Explained]:
        return list(explained(self.delay)) if self.delay else []


def payments_of(claim: Claim, *, today: date) -> list[Payment]:
    """In the order in which they were decided. Eleven queries at most."""
    joined = ("payee", "decision__review", "penalty")
    rows = list(claim.instalments.select_related(*joined).order_by("decision__number", "kind", "number", "pk"))
    last = last_days_of(claim, rows) if rows else {}
    rates = [one.rate for one in BaseRate.objects.current()]
    return [_payment(one, last[one.pk], rates, today) for one in rows]


def _payment(instalment: Instalment, last: date | None, rates: Sequence[Rate], today: date) -> Payment:
    """A penalty has no last day of its own (11.2(4)); what is not to be paid any more is not late."""
    runs = instalment.state in (*UNPAID, InstalmentState.PAID) and instalment.kind == InstalmentKind.PAYOUT
    if last is None or not runs:
        return Payment(instalment, None, 0, None)
    on = instalment.paid_on or today
    days_late = max((on - last).days, 0)
    return Payment(instalment, last, days_late, _cost(instalment, last, on, rates) if days_late else None)


def _cost(instalment: Instalment, last: date, on: date, rates: Sequence[Rate]) -> Derivation | None:
    try:
        return penalty(amount=instalment.money, pay_by=last, paid_on=on, rates=rates)
    except FactsDisagree:
        return None


# ── Accounts ─────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Account:
    """`request`: the newest wish for another one. `may_change`: something is still to be paid there."""

    payee: Payee
    request: AccountRequest | None
    may_change: bool


def accounts_of(claim: Claim) -> list[Account]:
    """Three queries."""
    payees = list(claim.payees.current())
    owed = set(claim.instalments.filter(state__in=UNPAID).values_list("payee", flat=True))
    newest = {one.payee_id: one for one in claim.account_requests.order_by("pk")}
    return [Account(payee, newest.get(payee.pk), payee.pk in owed) for payee in payees]


def account_of(claim: Claim, payee: UUID) -> Account | None:
    return next((one for one in accounts_of(claim) if one.payee.public_id == payee), None)
