"""The plan of payments that a decision becomes, and what becomes of the part of it that is not paid yet."""

from datetime import date, datetime
from typing import Any

from claims.models import Claim, Decision, Instalment
from claims.rules.derivations import Derivation
from claims.rules.life import Actor, InstalmentEvent, InstalmentState
from claims.rules.plan import plan
from claims.services.life import move_parts


def plan_instalments(*, decision: Decision, now: datetime) -> list[Instalment]:
    """In the transaction of whoever approved it. What replaces instalments is due when the next of them was."""
    derivation = decision.explanation
    if derivation is None:
        return []
    due_on = _due_instead(decision, now) if decision.replaces else None
    payees = list(decision.claim.payees.current().order_by("pk"))
    return Instalment.objects.bulk_create(
        Instalment(
            claim=decision.claim, decision=decision, payee=payees[one.payee], number=one.number,
            scheduled_on=one.scheduled_on or due_on, amount=one.part.value.amount, currency=one.part.value.currency,
            derivation=Derivation((one.part,)).data,
        )
        for one in plan(derivation, [payee.share for payee in payees])
    )  # fmt: skip


def _due_instead(decision: Decision, now: datetime) -> date:
    today = decision.claim.insurer.today(now)
    unpaid = decision.replaces.instalments.exclude(state=InstalmentState.PAID) if decision.replaces else []
    return max(today, min((one.scheduled_on or today for one in unpaid), default=today))


def replace_unpaid(*, decision: Decision, by: Any, now: datetime) -> None:
    """7.5: what is not paid of `decision` is paid at once instead. Raise WrongMoment while something of it is at the bank."""
    unpaid = decision.instalments.exclude(state=InstalmentState.PAID).select_for_update(of=["self"])
    move_parts(parts=list(unpaid), event=InstalmentEvent.REPLACE, actor=Actor.APPROVER, by=by, now=now)


def cancel_after(*, claim: Claim, day: date, by: Any, now: datetime, reason: str) -> int:
    """7.11: what falls due after `day` is not paid any more. Returns how many. Raise WrongMoment while one of it is at the
    bank."""
    later = claim.instalments.payouts().filter(scheduled_on__gt=day, state__in=CANCELLABLE)
    found = list(later.select_for_update(of=["self"]))
    move_parts(parts=found, event=InstalmentEvent.CANCEL, actor=Actor.APPROVER, by=by, now=now, reason=reason)
    return len(found)


CANCELLABLE = (InstalmentState.PLANNED, InstalmentState.ORDERED, InstalmentState.BOUNCED)
