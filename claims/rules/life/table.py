"""What every life here has: a table of ways, and for each event those who may bring it about."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Actor(TextChoices):
    """On whose behalf something happens to a claim (requirements.md, section 8)."""

    CLAIMANT = (
        "claimant",
        _("claimant"),
    )  # whoever's case it is: insured, policyholder, beneficiary, heir, their guardian
    LENDER = "lender", _("lender")  # by its own link, for its own letter only
    REVIEWER = "reviewer", _("claims reviewer")
    APPROVER = "approver", _("approver")  # never the one who proposed: a constraint of the database
    CASHIER = "cashier", _("payment officer")
    SYSTEM = "system", _("system")  # a worker, or the answer of the bank


class WrongMoment(Exception):
    """This cannot happen in the present state."""


S = TypeVar("S", bound=TextChoices)
E = TypeVar("E", bound=TextChoices)


@dataclass(frozen=True)
class Life(Generic[S, E]):
    """`ways`: from which state which event leads where. `by`: who may bring an event about, in whatever state."""

    starts: tuple[S, ...]
    ends: tuple[S, ...]  # here a life may rest for good, though it may go on
    ways: Mapping[tuple[S, E], S]
    by: Mapping[E, Set[Actor]]

    def after(self, state: S, event: E) -> S:
        """Raise WrongMoment."""
        try:
            return self.ways[state, event]
        except KeyError:
            raise WrongMoment(f"{event} of what is {state}") from None

    def may(self, actor: Actor, event: E) -> bool:
        return actor in self.by[event]

    def open_to(self, actor: Actor, state: S) -> tuple[E, ...]:
        """What this one may do now: the buttons of a page."""
        return tuple(event for was, event in self.ways if was == state and self.may(actor, event))
