"""What the product of a claim's contract says."""

from decimal import Decimal

from claims.models import Claim
from core.money import Money


def two_approvers_above(claim: Claim) -> Money:
    """Where no contract is found, of every amount."""
    above = claim.policy.product_version.terms.claims.two_approvers_above if claim.policy else Decimal(0)
    return Money(above, claim.insurer.currency)
