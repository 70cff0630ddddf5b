"""What a decision to pay becomes: so much, to each beneficiary, on each day (7.4, 7.9)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from claims.rules.derivations import Derivation, Step
from claims.rules.shares import divide
from core.money import Money


@dataclass(frozen=True)
class Planned:
    """One beneficiary's part of what is paid at one time. `payee` is their place among the shares."""

    number: int  # 1, 2 … of the decision, the same for all beneficiaries
    payee: int
    scheduled_on: date | None  # the loan's day; None: at once
    part: Step[Money]


def plan(derivation: Derivation, shares: Sequence[Fraction]) -> Iterator[Planned]:
    """Together exactly the derivation's amount. A part that rounding leaves nothing of is not paid.

    Raise ShareNotAccepted.
    """
    for number, (scheduled_on, amount) in enumerate(_times(derivation), 1):
        for payee, part in enumerate(divide(amount, shares)):
            if part.value.amount:
                yield Planned(number, payee, scheduled_on, part)


def _times(derivation: Derivation) -> Iterable[tuple[date | None, Money]]:
    if derivation.instalments:
        return [(one.due_on, one.amount) for one in derivation.instalments]
    return [(None, derivation.amount)]
