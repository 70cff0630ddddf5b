"""What the door's pages show."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from activation.models import Activation, Reminder
from activation.rules import OPEN_STATES, Opening, State, opening
from core.ruler import Ruler, day_ruler
from notices.queries import was_refused
from policies.models import Person, Policy, Product
from policies.rules import ContractKind, Role, is_outgrown

LETTERS = ("confirm_address", "account_known", "set_password")  # an address with an account gets no other answer


def opening_of(policy: Policy) -> Opening | None:
    """When this policy's activation opens, by the version of the product that it was issued under.

    None: it is open at once, for its cover waits instead (KIH-06).
    """
    terms = policy.product_version.terms
    if not terms.waiting_days:
        return None
    return opening(
        signed_on=policy.signed_on,
        cover_starts_on=policy.cover_starts_on,
        kind=ContractKind(policy.contract_kind),
        waiting_days=terms.waiting_days,
    )


def letter_was_refused(activation: Activation) -> bool:
    """By the mail server of the address that the person gave. One query."""
    return was_refused(activation.email, kinds=LETTERS)


def activation_with_policy(public_id: str) -> Activation | None:
    """One query, the account included."""
    rows = Activation.objects.select_related("policy__insurer", "policy__product_version__product", "user")
    return rows.filter(public_id=public_id).first()


def active_one(policy: Policy, *, now: datetime) -> Activation | None:
    """By which the policy is in somebody's cabinet; one that a child has outgrown binds nobody. One query."""
    finished = policy.activations.finished().first()
    return None if finished and has_outgrown(policy, finished, now=now) else finished


def has_outgrown(policy: Policy, activation: Activation, *, now: datetime) -> bool:
    return activation.state == State.FINISHED and is_outgrown(
        activation.kind, policy.insured.birth_date, today=policy.insurer.today(now)
    )


def is_pending(activation: Activation) -> bool:
    """Read again, not remembered."""
    return Activation.objects.filter(pk=activation.pk, state=State.PENDING).exists()


def policies_without_a_code(product: Product) -> QuerySet[Policy]:
    """Those of a programme that nobody has activated and that have no code yet, in the order of their numbers."""
    taken = Activation.objects.finished().filter(policy=OuterRef("pk"))
    rows = Policy.objects.filter(product_version__product=product, activation_code=None).exclude(Exists(taken))
    return rows.order_by("insured_key")


def finished_for(user: User, person: Person) -> list[Activation]:
    """By which activations this account has this person. One query."""
    insures = {"policy__parties__role": Role.INSURED, "policy__parties__person": person}  # one party is both
    finished = Activation.objects.finished().filter(user=user, **insures)
    return list(finished.select_related("policy__insurer"))


def accounts_of(person: Person) -> list[User]:
    """That see the person, or that an activation has begun for. One query."""
    insures = Q(activations__policy__parties__role=Role.INSURED, activations__policy__parties__person=person)
    begun = insures & Q(activations__state__in=OPEN_STATES)
    sees = Q(accesses__person=person, accesses__until=None)
    return list(User.objects.filter(sees | begun).distinct().order_by("pk"))


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
    """No query where the policy came with its product version. Of a policy that has a waiting period."""
    opens = opening_of(policy)
    if opens is None:
        raise ValueError(f"{policy} waits for nothing")
    return WaitingPage(
        opens_on=opens.opens_on,
        signed_on=opens.signed_on,
        waiting_days=opens.waiting_days,
        days_left=(opens.opens_on - today).days,
        ruler=day_ruler(opens.signed_on, opens.opens_on, today) if opens.signed_on else None,
        is_corporate=policy.contract_kind == ContractKind.CORPORATE,
    )
