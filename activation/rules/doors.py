"""When a door opens, what an attempt at it may learn, and what convinces us. Values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.calendar import add_calendar_days
from policies.rules import AccessKind, AccessScope, ContractKind, is_adult


@dataclass(frozen=True)
class Opening:
    """From which day activation is possible, and how that day was found."""

    opens_on: date
    signed_on: date | None  # None: the register had no signing date
    waiting_days: int

    def is_open(self, today: date) -> bool:
        return today >= self.opens_on


def opening(
    *,
    signed_on: date | None,
    cover_starts_on: date | None,
    kind: ContractKind,
    waiting_days: Mapping[ContractKind, int],
) -> Opening:
    """NSK-03, NSK-04: calendar days from signing, the N-th day after it is the first open one (vector V15).

    The printed cover start never moves this day; it opens activation only where a register has no signing date. A
    policy of a waiting period has one of the two (policies.rules.register_columns); ValueError where it has not.
    """
    if signed_on is None and cover_starts_on is None:
        raise ValueError("neither a signing date nor a cover start: nobody knows when activation opens")
    if signed_on is None:
        return Opening(cover_starts_on, None, 0)  # type: ignore[arg-type]  # just looked at
    days = waiting_days[kind]
    return Opening(add_calendar_days(signed_on, days), signed_on, days)


class Verdict(TextChoices):
    """What an attempt at step 1 leads to. LOCKED, REFUSED and ALREADY_ACTIVE look the same from outside."""

    LOCKED = "locked", _("not compared: too many attempts")
    ASKED_MORE = "asked_more", _("not compared: everybody is asked for a proof at once")
    REFUSED = "refused", _("the details do not match")
    ALREADY_ACTIVE = "already_active", _("already active")
    WAITING = "waiting", _("waiting period")
    PROVE = "prove", _("a second proof is needed")
    OPEN = "open", _("may go on")

    @property
    def is_neutral(self) -> bool:
        """NSK-21, NSK-22: one answer, so that a stranger learns nothing."""
        return self == Verdict.LOCKED or self.is_failure

    @property
    def was_compared(self) -> bool:
        return self not in (Verdict.LOCKED, Verdict.ASKED_MORE)

    @property
    def is_failure(self) -> bool:
        """Compared, and no way on: this is what the limits count."""
        return self in (Verdict.REFUSED, Verdict.ALREADY_ACTIVE)


def judge(
    *,
    opens: Opening | None,
    is_active: bool,
    has_contact: bool,
    was_undone: bool,
    proof: "Proof",
    today: date,
    is_outgrown: bool = False,
) -> Verdict:
    """The facts match; what now? No `opens`: this door has no waiting period.

    `was_undone`: somebody wrong had this policy, so facts alone do not convince, as where there is a contact to ask.
    `is_outgrown`: its guardian's time is over, so it may be activated anew, but whoever raised the child knows the facts.
    """
    if is_active and not is_outgrown:
        return Verdict.ALREADY_ACTIVE
    if opens and not opens.is_open(today):
        return Verdict.WAITING
    return Verdict.PROVE if proof == Proof.FACTS and (has_contact or was_undone or is_outgrown) else Verdict.OPEN


class Proof(TextChoices):
    """What convinced us that the right person is there."""

    FACTS = "facts", _("the details of the first page alone")
    ACTIVATION_CODE = "activation_code", _("the activation code of the policy")
    CONTACT_CODE = "contact_code", _("a code sent to the contact on file")
    CONTRACT_NUMBER = "contract_number", _("the contract or card number")
    OPERATOR_CODE = "operator_code", _("an operator’s one-time code")
    NATIONAL_ID = "national_id", _("the IIN from a national sign-in")


def scope_for(proof: Proof, *, without_contact: AccessScope) -> AccessScope:
    """The facts of a door only find the record: what they open without more is the product's setting (decisions.md)."""
    return without_contact if proof == Proof.FACTS else AccessScope.FULL


def usual_kind(birth_date: date, *, today: date) -> AccessKind:
    """A minor's policy is activated by a parent, until somebody says otherwise."""
    return AccessKind.SELF if is_adult(birth_date, today=today) else AccessKind.GUARDIAN


def possible_kinds(birth_date: date, *, today: date, is_somebody_else: bool = False) -> list[AccessKind]:
    """Nobody is guardian of an adult. An account that is one person already (`is_somebody_else`) is no second one."""
    if is_adult(birth_date, today=today):
        kinds = [AccessKind.SELF, AccessKind.REPRESENTATIVE]
    else:
        kinds = [AccessKind.GUARDIAN, AccessKind.SELF]
    return [kind for kind in kinds if kind != AccessKind.SELF or not is_somebody_else]
