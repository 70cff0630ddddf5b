"""What a decision to pay becomes: payments to each beneficiary (claims.rules.plan)."""

from datetime import datetime

from claims.models import Decision, Instalment
from claims.rules.derivations import Derivation
from claims.rules.plan import plan


def plan_instalments(*, decision: Decision, now: datetime) -> list[Instalment]:
    """In the transaction that approves it. Raise ShareNotAccepted."""
    explanation, payees = decision.explanation, list(decision.claim.payees.current())
    if explanation is None:
        return []
    return Instalment.objects.bulk_create(
        Instalment(
            claim=decision.claim, decision=decision, payee=payees[one.payee], number=one.number,
            scheduled_on=one.scheduled_on, amount=one.part.value.amount, currency=one.part.value.currency,
            derivation=Derivation((one.part,)).data,
        )
        for one in plan(explanation, [payee.share for payee in payees])
    )  # fmt: skip
