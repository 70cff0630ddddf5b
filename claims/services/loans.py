"""The loan behind a claim as reviewers enter it: its repayment schedule, and what the bank's letter says (2.4, 7.3–7.6)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from claims.models import BankLetter, Claim, Item, LoanSchedule, Repayment
from claims.models.loans import Source
from claims.rules import loan
from claims.services.life import locked
from core import audit


@transaction.atomic
def enter_schedule(
    *, claim: Claim, schedule: loan.Schedule, by: Any, now: datetime, source: Source = Source.TYPED, file_name: str = "",
    sha256: str = "", contract_number: str = "", lender: str = "",
) -> LoanSchedule:  # fmt: skip
    """It takes the place of an earlier one. The same as that one changes nothing."""
    claim = locked(claim)
    earlier = claim.loan_schedules.filter(replaced_at=None).prefetch_related("repayments").first()
    named = {"contract_number": contract_number, "lender": lender}
    if earlier and earlier.schedule == schedule and all(getattr(earlier, name) == told for name, told in named.items()):
        return earlier
    claim.loan_schedules.filter(replaced_at=None).update(replaced_at=now)
    entered = LoanSchedule.objects.create(
        claim=claim, source=source, file_name=file_name[-100:], sha256=sha256, currency=schedule.total.currency,
        entered_by=by, entered_at=now, **named,
    )  # fmt: skip
    Repayment.objects.bulk_create(
        Repayment(schedule=entered, due_on=one.due_on, principal=one.principal.amount) for one in schedule.repayments
    )
    _audit(gettext_noop("entered a repayment schedule"), claim, by, total=str(schedule.total.amount), source=source)
    return entered


@transaction.atomic
def enter_bank_letter(
    *, claim: Claim, letter: loan.BankLetter, item: Item | None, by: Any, now: datetime
) -> BankLetter:
    """It takes the place of an earlier one."""
    claim = locked(claim)
    claim.bank_letters.filter(replaced_at=None).update(replaced_at=now)
    entered = BankLetter.objects.create(
        claim=claim, item=item, as_of=letter.as_of, debt=letter.debt.amount, not_principal=letter.not_principal.amount,
        currency=letter.debt.currency, entered_by=by, entered_at=now,
    )  # fmt: skip
    _audit(gettext_noop("entered the bank’s letter"), claim, by, principal=str(letter.principal.amount))
    return entered


def _audit(verb: str, claim: Claim, by: Any, **detail: Any) -> None:
    audit.record(verb, on=claim, by=by, scope=claim.insurer.slug, **detail)
