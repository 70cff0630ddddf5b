"""What a claim's payout is derived from, as its rows have it now (claims.rules.inputs)."""

from decimal import Decimal

from django.db.models import Sum

from claims.models import BankLetter, Certificate, Claim, Instalment, InstalmentKind, LoanSchedule
from claims.rules import loan
from claims.rules.events import InsuredEvent
from claims.rules.inputs import Inputs
from claims.rules.life import InstalmentState
from claims.rules.payouts import Disability, Limit
from core.money import Money
from policies.models import RenderedConsultation

NOT_OWED = (InstalmentState.CANCELLED, InstalmentState.REPLACED)


def inputs_of(claim: Claim) -> Inputs:
    """Six queries at most. Raise FactsDisagree where what was entered contradicts itself."""
    return Inputs(
        event=InsuredEvent(claim.event),
        event_on=claim.event_on,
        limit=limit_of(claim),
        letter=letter_of(claim),
        disability=disability_of(claim),
        contract_until=claim.policy.cover_ends_on if claim.policy else None,
        schedule=schedule_of(claim),
    )


def limit_of(claim: Claim) -> Limit | None:
    """7.1, 7.12, 7.2. None: the claim is not matched, or no sum insured is on file."""
    policy = claim.policy
    if policy is None or policy.sum_insured is None:
        return None
    currency = claim.insurer.currency
    illness = RenderedConsultation.objects.standing().filter(policy=policy, rendered_on__lt=claim.event_on)
    before = Instalment.objects.filter(claim__policy=policy, kind=InstalmentKind.PAYOUT).exclude(state__in=NOT_OWED)
    return Limit(
        sum_insured=Money(policy.sum_insured, currency),
        illness_paid=Money(illness.aggregate(sum=Sum("amount"))["sum"] or Decimal(0), currency),
        paid_before=Money(before.aggregate(sum=Sum("amount"))["sum"] or Decimal(0), currency),
    )


def letter_of(claim: Claim) -> loan.BankLetter | None:
    row = BankLetter.objects.filter(claim=claim, replaced_at=None).order_by("-pk").first()
    return row.facts if row else None


def disability_of(claim: Claim) -> Disability | None:
    """As the newest certificate has it; what an earlier one pays for is not paid again (7.7)."""
    if claim.event != InsuredEvent.DISABILITY:
        return None
    certificates = list(Certificate.objects.filter(claim=claim, since__isnull=False).order_by("since", "pk"))
    if not certificates:
        return None
    *before, newest = certificates
    ends = [one.until for one in before if one.until]
    pays = bool(ends) and claim.decisions.decided().exists()
    return Disability(
        since=newest.since or claim.event_on, until=newest.until, earlier_until=max(ends) if pays else None
    )


def schedule_of(claim: Claim) -> loan.Schedule | None:
    row = LoanSchedule.objects.filter(claim=claim, replaced_at=None).prefetch_related("repayments").first()
    return row.schedule if row else None
