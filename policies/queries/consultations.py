"""What is left of a sum insured, and what took the rest (NL-7.12b)."""

from dataclasses import dataclass
from decimal import Decimal

from core.money import Money
from policies.models import Policy, RenderedConsultation


@dataclass(frozen=True)
class SumInsured:
    """Original and current, with the ledger between them."""

    original: Money | None  # None: no sum is on file
    taken: Money
    rendered: list[RenderedConsultation]  # the newest first

    @property
    def left(self) -> Money | None:
        """A sum that was corrected to less than was taken leaves nothing, and no debt."""
        if self.original is None:
            return None
        return Money(max(self.original.amount - self.taken.amount, Decimal(0)), self.original.currency)


def sum_insured_of(policy: Policy) -> SumInsured:
    """One query; none where the programme takes nothing from the sum."""
    consultations, currency = policy.product_version.terms.consultations, policy.insurer.currency
    rendered = []
    if consultations and consultations.illness_payment:
        rendered = list(policy.rendered_consultations.select_related("given_back").order_by("-number"))
    for one in rendered:
        one.policy = policy
    original = Money(policy.sum_insured, currency) if policy.sum_insured is not None else None
    return SumInsured(
        original, Money(sum((one.amount for one in rendered if one.stands), Decimal(0)), currency), rendered
    )
