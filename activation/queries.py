"""What the door's pages show, and what an operator reads about one ID."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import FactorLoss, User
from accounts.queries import account_known, factor_loss_of, has_second_step, is_confirmed
from activation.models import Activation, ProofCode, Reminder, Step
from activation.rules import (
    HOUR,
    LINK,
    OPEN_STATES,
    Act,
    Factor,
    Opening,
    Proof,
    Situation,
    State,
    Verdict,
    acts_now,
    attempts_at,
    breaker_is_open,
    failures_at,
    failures_of_id,
    guesses_of_id,
    opening,
    situation,
)
from core import limits
from core.limits import Held
from core.models import AuditEvent
from core.ruler import Ruler, day_ruler
from notices.models import Notice
from notices.queries import messages_to, was_refused
from policies.models import Access, Insurer, Party, Person, Policy, Product
from policies.rules import ContractKind, Role

MOST_LINES = 100  # of each list on an operator's page: an attack leaves thousands of steps
MESSAGES = {
    "confirm_address": _("letter with the link"),
    "set_password": _("letter with the login and the link to choose a password"),
    "account_known": _("letter: this address has an account, sign in"),
    "policy_activated": _("letter: the policy is activated"),
    "activated_notice_to_contact": _("notice of the activation to the contact on file"),
    "activation_opens": _("reminder of the opening day"),
    "activation_undone": _("notice that the activation is undone"),
    "proof_code": _("code for the second proof"),
    "phone_code": _("code by SMS"),
}


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
    """By the mail server of the address that the person gave; an address with an account gets no other answer. One query."""
    return was_refused(activation.email, kinds=("confirm_address", "account_known"))


def activation_with_policy(public_id: str) -> Activation | None:
    """One query, the account included."""
    rows = Activation.objects.select_related("policy__insurer", "policy__product_version__product", "user")
    return rows.filter(public_id=public_id).first()


def is_pending(activation: Activation) -> bool:
    """Read again, not remembered."""
    return Activation.objects.filter(pk=activation.pk, state=State.PENDING).exists()


def policies_without_a_code(product: Product) -> QuerySet[Policy]:
    """Those of a programme that nobody has activated and that have no code yet, in the order of their numbers."""
    taken = Activation.objects.finished().filter(policy=OuterRef("pk"))
    rows = Policy.objects.filter(product_version__product=product, activation_code=None).exclude(Exists(taken))
    return rows.order_by("insured_key")


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


@dataclass(frozen=True)
class Locks:
    """What is spent at the door of one ID. None: nothing in the present window."""

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
    names = (*reversed(failures_of_id(insurer.slug, key)), guesses_of_id(insurer.slug, key))
    held = limits.held(*names, now=now)
    lasting, today, guesses = (held.get(name) for name in names)
    return Locks(today, lasting, guesses)


KNOCKS = [*Verdict.values, Step.Kind.NOT_PROVED]  # steps that change nothing: a guesser leaves thousands


def last_change(policy: Policy, *, not_by: Any) -> int:
    """Number of the newest step of somebody else that changed something at this policy's door; 0: none. One query."""
    steps = Step.objects.filter(policy=policy).exclude(kind__in=KNOCKS).exclude(by=not_by)
    return steps.aggregate(number=Max("pk"))["number"] or 0


def steps_at(insurer: Insurer, key: str) -> list[Step]:
    """What happened at the door of an ID, the newest first: by the ID, for a locked one is not compared. One query."""
    rows = Step.objects.filter(insurer=insurer, insured_key=key).select_related("by")
    return list(rows.order_by("-at", "-pk")[:MOST_LINES])


def doors_tried(insurers: QuerySet[Insurer], key: str) -> list[Insurer]:
    """Those of `insurers` at which this ID was tried although nobody has it. One query."""
    tried = Exists(Step.objects.filter(insurer=OuterRef("pk"), insured_key=key))
    return list(insurers.filter(tried).exclude(policies__insured_key=key))


@dataclass(frozen=True)
class FilePage:
    """Everything an operator sees of one insured person's file."""

    policy: Policy
    now: datetime
    today: date
    opens: Opening | None  # None: at once
    locks: Locks
    activation: Activation | None  # the latest
    was_undone: bool
    address_is_proved: bool
    address_is_known: bool  # somebody's account has proved it: the letter says to sign in there
    accesses: list[Access]
    others: list[Party]
    code: ProofCode | None  # an operator's, alive
    reminder_is_asked: bool
    steps: list[Step]
    messages: list[tuple[str, Notice]]
    also_lost: list[Policy]  # of the same person and account: access is to the person, not to one policy
    trail: list[AuditEvent]
    factor: Factor
    factor_loss: FactorLoss | None

    @property
    def person(self) -> Person:
        return self.policy.insured

    @property
    def has_contact(self) -> bool:
        return bool(self.person.phone or self.person.email)

    @property
    def email(self) -> str:
        """What the caller signs in with, which may have changed since; before it is proved, where the letter went."""
        if not self.activation:
            return ""
        user = self.activation.user
        return user.email if user and self.address_is_proved else self.activation.email

    @property
    def situation(self) -> Situation:
        state = State(self.activation.state) if self.activation else None
        return situation(
            state=state,
            door=self.policy.product_version.terms.door,
            opens=self.opens,
            is_locked=self.locks.is_locked,
            has_contact=self.has_contact,
            was_undone=self.was_undone,
            today=self.today,
        )

    @property
    def acts(self) -> list[Act]:
        return acts_now(
            self.situation,
            is_locked=self.locks.is_locked,
            has_iin=bool(self.person.iin),
            has_contacts=self.has_contact or self.activation is not None,
            factor=self.factor,
        )

    @property
    def locked_at(self) -> datetime | None:
        """When the last try was spent. None while nothing is locked."""
        failures = (step.at for step in self.steps if step.kind in (Verdict.REFUSED, Verdict.ALREADY_ACTIVE))
        return next(failures, None) if self.locks.is_locked else None

    @property
    def latest_change(self) -> Step | None:
        """Who did what last: what an operator reads whose act came too late."""
        return next((step for step in self.steps if step.kind not in KNOCKS), None)

    @property
    def may_be_the_network(self) -> bool:
        """Refused without comparing within the hour that a source's limit lasts, though the ID itself is open."""
        refused = self.steps and self.steps[0].kind == Verdict.LOCKED
        return bool(refused and not self.locks.is_locked and self.now - self.steps[0].at < HOUR)

    @property
    def link_until(self) -> datetime | None:
        return self.activation.letter_at + LINK if self.activation else None


def file_page(policy: Policy, *, now: datetime) -> FilePage:
    """`policy` comes from policies.queries.policy_with_insured. Seventeen queries at most, however long the story."""
    insurer, person = policy.insurer, policy.insured
    activations = list(policy.activations.select_related("user").order_by("-pk")[:MOST_LINES])
    latest = activations[0] if activations else None
    accesses = list(Access.objects.filter(person=person).select_related("user").order_by("-pk")[:MOST_LINES])
    addresses = {activation.email for activation in activations} | {access.user.email for access in accesses}
    return FilePage(
        policy=policy,
        now=now,
        today=insurer.today(now),
        opens=opening_of(policy),
        locks=locks_at(insurer, policy.insured_key, now=now),
        activation=latest,
        was_undone=any(activation.state == State.UNDONE for activation in activations),
        address_is_proved=bool(latest and latest.user and is_confirmed(latest.user)),
        address_is_known=bool(latest and account_known(latest.email)),
        accesses=accesses,
        others=list(policy.parties.exclude(role=Role.INSURED).select_related("person", "organisation").order_by("pk")),
        code=policy.proof_codes.filter(proof=Proof.OPERATOR_CODE, used_at=None, expires_at__gt=now).first(),
        reminder_is_asked=reminder_of(policy) is not None,
        steps=steps_at(insurer, policy.insured_key),
        messages=_messages({*addresses, person.phone, person.email}),
        also_lost=_also_lost(latest, person) if latest else [],
        trail=_trail(policy, accesses),
        **_second_step(latest),
    )


def _second_step(latest: Activation | None) -> dict[str, Any]:
    """Of the account that has the policy; two queries where one has it."""
    nothing = {"factor": Factor.NONE, "factor_loss": None}
    if latest is None or latest.state != State.FINISHED or latest.user is None or latest.user.is_staff:
        return nothing
    if loss := factor_loss_of(latest.user):
        is_asked = loss.state == FactorLoss.State.ASKED
        return {"factor": Factor.SAID_LOST if is_asked else Factor.ON_ITS_WAY, "factor_loss": loss}
    return nothing | {"factor": Factor.SET_UP} if has_second_step(latest.user) else nothing


def _messages(recipients: set[str]) -> list[tuple[str, Notice]]:
    found = messages_to(recipients, kinds=MESSAGES, most=MOST_LINES)
    return [(str(MESSAGES[notice.kind]), notice) for notice in found]


def _also_lost(activation: Activation, person: Person) -> list[Policy]:
    others = finished_for(activation.user, person) if activation.user else []
    return [other.policy for other in others if other.policy_id != activation.policy_id]


def finished_for(user: User, person: Person) -> list[Activation]:
    """By which activations this account has this person. One query."""
    insures = {"policy__parties__role": Role.INSURED, "policy__parties__person": person}  # one party is both
    finished = Activation.objects.finished().filter(user=user, **insures)
    return list(finished.select_related("policy__insurer"))


def _trail(policy: Policy, accesses: list[Access]) -> list[AuditEvent]:
    about = Q(object_type=Policy._meta.label, object_id=str(policy.pk))
    about |= Q(object_type=Access._meta.label, object_id__in=[str(access.pk) for access in accesses])
    return list(AuditEvent.objects.filter(about).select_related("actor").order_by("-at", "-pk")[:MOST_LINES])


# ── For whoever watches the portal ───────────────────────────────────────────
def open_activations() -> dict[str, int]:
    """Their number by state. One query along a partial index."""
    found = dict(Activation.objects.open().values_list("state").annotate(Count("pk")).order_by())
    return {state.value: found.get(state.value, 0) for state in OPEN_STATES}


def finished_activations() -> int:
    """One query along a partial index, which with a million of them takes a quarter of a second."""
    return Activation.objects.finished().aggregate(count=Count("policy"))["count"]


def open_breakers(*, now: datetime) -> dict[str, int]:
    """1 by the slug of an insurer at whose doors somebody guesses (rules.breaker_is_open), else 0. Two queries."""
    slugs = list(Insurer.objects.values_list("slug", flat=True))
    keys = [name(slug) for slug in slugs for name in (failures_at, attempts_at)]
    spent = {key: held.spent for key, held in limits.held(*keys, now=now).items()}
    return {
        slug: breaker_is_open(failures=spent.get(failures_at(slug), 0), attempts=spent.get(attempts_at(slug), 0))
        for slug in slugs
    }
