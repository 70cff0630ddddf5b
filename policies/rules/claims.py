"""What a product says of claims under its policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class ClaimTerms:
    """`two_approvers_above`: of a larger payout, in the insurer's currency, two people approve the decision."""

    two_approvers_above: Decimal = Decimal(0)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "ClaimTerms":
        """Raise ValueError where a published file misspells a term."""
        if unknown := set(data) - {"two_approvers_above"}:
            raise ValueError(f"no such terms of claims: {', '.join(sorted(unknown))}")
        return cls(Decimal(data["two_approvers_above"]))
