"""The loan behind a claim as it is known now."""

from claims.models import BankLetter, Claim, LoanSchedule


def schedule_in_force(claim: Claim) -> LoanSchedule | None:
    """With its repayments: two queries."""
    return claim.loan_schedules.filter(replaced_at=None).prefetch_related("repayments").first()


def letter_in_force(claim: Claim) -> BankLetter | None:
    return claim.bank_letters.filter(replaced_at=None).first()
