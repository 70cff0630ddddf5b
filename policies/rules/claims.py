"""What a product says of claims under its policies."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

EVENTS = ("death", "disability")  # as claims.rules.events calls them


@dataclass(frozen=True)
class ClaimTerms:
    """`events`: which insured events the contract has (3.1); none: nothing is claimed under it here.

    `two_approvers_above`: of a larger payout, in the insurer's currency, two people approve the decision.
    """

    events: tuple[str, ...] = ()
    two_approvers_above: Decimal = Decimal(0)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "ClaimTerms":
        """Raise ValueError where a published file misspells a term, KeyError where one is missing."""
        if unknown := set(data) - {"events", "two_approvers_above"}:
            raise ValueError(f"no such terms of claims: {', '.join(sorted(unknown))}")
        if unknown := set(data["events"]) - set(EVENTS):
            raise ValueError(f"no such insured events: {', '.join(sorted(unknown))}")
        return cls(tuple(data["events"]), Decimal(data["two_approvers_above"]))
