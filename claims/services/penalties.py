"""11.2(4): a payment that was late gets its penalty proposed as soon as the bank says when it was paid. Another person approves,
and it is paid like any other."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from claims.models import BaseRate, Instalment, Penalty
from claims.models.payments import InstalmentKind
from claims.queries.payments.late import penalty_of
from claims.rules.derivations import FactsDisagree
from claims.rules.letters import LetterKind
from claims.rules.life import UNDECIDED, Actor, DecisionEvent, DecisionState, InstalmentState, WrongMoment
from claims.rules.people import Part
from claims.services.letters import write_letter
from claims.services.life import locked, note_step
from claims.services.payment_letters import facts_of_penalty
from claims.services.proposals import settle
from core import audit


def propose_if_late(*, instalment: Instalment, by: Any, now: datetime) -> Penalty | None:
    """In the transaction that confirmed it, under the lock of its claim. Without a rate on file somebody proposes it later."""
    with suppress(FactsDisagree):
        return _propose(instalment, by, now)
    return None


@transaction.atomic
def propose_penalty(*, instalment: Instalment, by: Any, now: datetime) -> Penalty | None:
    """None: it was not late. Raise FactsDisagree without a rate on file, WrongMoment where it is not paid or has its penalty."""
    claim = locked(instalment.claim)
    instalment = Instalment.objects.get(pk=instalment.pk)
    instalment.claim = claim
    if instalment.state != InstalmentState.PAID or instalment.penalties.filter(state__in=HOLDS).exists():
        raise WrongMoment("a penalty of a payment that is not paid, or has one")
    return _propose(instalment, by, now)


HOLDS = (*UNDECIDED, DecisionState.APPROVED)


def _propose(instalment: Instalment, by: Any, now: datetime) -> Penalty | None:
    derivation = penalty_of(instalment)
    if instalment.kind == InstalmentKind.PENALTY or derivation is None or not derivation.amount.amount:
        return None
    proposed = Penalty.objects.create(
        claim=instalment.claim, late=instalment, amount=derivation.amount.amount, currency=derivation.amount.currency,
        derivation=derivation.data, proposed_by=by, proposed_at=now,
    )  # fmt: skip
    _audit(gettext_noop("proposed a penalty for a late payment"), proposed, by)
    return proposed


@transaction.atomic
def approve_penalty(*, penalty: Penalty, by: Any, now: datetime) -> Instalment:
    """Raise SamePerson; WrongMoment: somebody was first."""
    claim = locked(penalty.claim)
    penalty = settle(penalty, DecisionEvent.APPROVE, by=by, now=now)
    late, today = penalty.late, claim.insurer.today(now)
    to_pay = Instalment.objects.create(
        claim=claim, decision=late.decision, payee=late.payee, kind=InstalmentKind.PENALTY, number=late.number,
        scheduled_on=today, pay_by=today, amount=penalty.amount, currency=penalty.currency, derivation=penalty.derivation,
        late=late,
    )  # fmt: skip
    note_step(
        claim=claim, part=Part.INSTALMENT, of=to_pay, event="penalty", actor=Actor.APPROVER, by=by, now=now, on=today,
        detail={"amount": f"{penalty.amount}"},
    )  # fmt: skip
    _audit(gettext_noop("approved a penalty for a late payment"), penalty, by)
    write_letter(claim=claim, kind=LetterKind.PENALTY, now=now, by=by, **facts_of_penalty(penalty))
    return to_pay


@transaction.atomic
def return_penalty(*, penalty: Penalty, why: str, by: Any, now: datetime) -> Penalty:
    """Raise SamePerson, WrongMoment."""
    locked(penalty.claim)
    returned = settle(penalty, DecisionEvent.RETURN, by=by, now=now, why=why)
    _audit(gettext_noop("returned a penalty for a late payment"), returned, by, reason=why)
    return returned


def take_back_unapproved(*, instalment: Instalment, by: Any, now: datetime) -> None:
    """The payment came back, so its delay lasts: the penalty is counted anew once it is paid."""
    for penalty in instalment.penalties.filter(state__in=UNDECIDED):
        settle(penalty, DecisionEvent.TAKE_BACK, by=by, now=now)
        _audit(gettext_noop("took back a penalty: the payment came back"), penalty, by)


# ── The rate ─────────────────────────────────────────────────────────────────
@transaction.atomic
def keep_rate(*, since: Any, percent: Any, source: str, by: Any, now: datetime) -> BaseRate:
    """Penalties that were approved keep the rate they were counted with."""
    rate = BaseRate.objects.create(since=since, percent=percent, source=source, by=by, at=now)
    audit.record(
        gettext_noop("entered a rate of the National Bank"), on=rate, by=by, reason=source, since=f"{since}",
        percent=f"{percent}",
    )  # fmt: skip
    return rate


def _audit(verb: str, penalty: Penalty, by: Any, reason: str = "") -> None:
    scope = penalty.claim.insurer.slug
    audit.record(verb, on=penalty, by=by, scope=scope, reason=reason, amount=f"{penalty.amount}")
