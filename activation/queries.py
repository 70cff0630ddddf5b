"""What the door's pages show, and what an operator reads about one ID."""

from dataclasses import dataclass
from datetime import date

from activation.models import Activation, Reminder
from activation.rules import Opening, opening
from core.ruler import Ruler, day_ruler
from policies.models import Policy
from policies.rules import ContractKind


def opening_of(policy: Policy) -> Opening:
    """When this policy's activation opens, by the version of the product that it was issued under."""
    return opening(
        signed_on=policy.signed_on,
        cover_starts_on=policy.cover_starts_on,
        kind=ContractKind(policy.contract_kind),
        waiting_days=policy.product_version.terms.waiting_days,
    )


def activation_with_policy(public_id: str) -> Activation | None:
    """One query, the account included."""
    rows = Activation.objects.select_related("policy__insurer", "policy__product_version__product", "user")
    return rows.filter(public_id=public_id).first()


def reminder_of(policy: Policy) -> Reminder | None:
    return Reminder.objects.filter(policy=policy).first()


@dataclass(frozen=True)
class WaitingPage:
    opens_on: date
    signed_on: date | None
    waiting_days: int
    days_left: int
    ruler: Ruler | None
    is_corporate: bool


def waiting_page(policy: Policy, *, today: date) -> WaitingPage:
    """No query where the policy came with its product version."""
    opens = opening_of(policy)
    return WaitingPage(
        opens_on=opens.opens_on,
        signed_on=opens.signed_on,
        waiting_days=opens.waiting_days,
        days_left=(opens.opens_on - today).days,
        ruler=day_ruler(opens.signed_on, opens.opens_on, today) if opens.signed_on else None,
        is_corporate=policy.contract_kind == ContractKind.CORPORATE,
    )
