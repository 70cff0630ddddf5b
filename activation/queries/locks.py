"""What is spent at the door of an ID."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.rules import name_of_number
from activation.rules import failures_of_id, guesses_of_id
from core import limits
from core.limits import Held
from policies.models import Insurer, Policy
from policies.rules import Door


@dataclass(frozen=True)
class Locks:
    """None: nothing in the present window."""

    today: Held | None  # failures of a day
    lasting: Held | None  # failures since the last second proof
    guesses: Held | None  # at the second proof

    @property
    def of_id(self) -> Held | None:
        """The lock of step 1, the one that holds longer first."""
        return next((held for held in (self.lasting, self.today) if held and held.is_exhausted), None)

    @property
    def is_locked(self) -> bool:
        return self.of_id is not None

    @property
    def no_guesses_left(self) -> bool:
        return self.guesses is not None and self.guesses.is_exhausted


def locks_at(insurer: Insurer, key: str, *, now: datetime) -> Locks:
    """One query."""
    held = limits.held(*failures_of_id(insurer.slug, key), guesses_of_id(insurer.slug, key), now=now)
    return locks_in(held, insurer, [key])


def locks_in(held: Mapping[str, Held], insurer: Insurer, keys: Iterable[str]) -> Locks:
    """Read out of what was asked already: of the key that is closest to its limits."""
    families = [(*failures_of_id(insurer.slug, key), guesses_of_id(insurer.slug, key)) for key in keys]
    found = [[held[name] for name in names if name in held] for names in zip(*families, strict=True)]
    today, lasting, guesses = (max(some, key=lambda one: one.spent, default=None) for some in found)
    return Locks(today, lasting, guesses)


def keys_at_door(policy: Policy) -> list[str]:
    """Whose tries the door of this policy counts: the ID; where a number asks, the one on file as well."""
    by_number = policy.product_version.terms.door == Door.MOBILE and policy.insured.phone
    return [policy.insured_key, *([name_of_number(policy.insured.phone)] if by_number else [])]
