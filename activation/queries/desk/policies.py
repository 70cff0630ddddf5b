"""The person's policies: what each meets at its door now, and what happened there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import chain

from accounts.queries import proved_addresses
from activation.models import Activation, ProofCode, Reminder, Step
from activation.queries.doors import LETTERS, has_outgrown, opening_of
from activation.queries.locks import Locks, keys_at_door, locks_in
from activation.queries.steps import KNOCKS, steps_at
from activation.rules import (
    HOUR,
    LINK,
    URGENCY,
    Act,
    Opening,
    Proof,
    Situation,
    State,
    Verdict,
    acts_on_policy,
    situation,
)
from core.limits import Held
from notices.models import Notice
from policies.models import Party, Person, Policy
from policies.queries import other_parties


@dataclass(frozen=True)
class PolicyFile:
    """Everything an operator sees of one policy."""

    policy: Policy
    now: datetime
    today: date
    opens: Opening | None  # None: at once
    locks: Locks
    activation: Activation | None  # the latest
    was_undone: bool
    address_is_proved: bool
    address_is_known: bool  # somebody's account has proved it: the letter says to sign in there
    others: list[Party]
    code: ProofCode | None  # an operator's, alive
    reminder: Reminder | None
    steps: list[Step]
    also_lost: list[Policy]  # of the same person and account: access is to the person, not to one policy

    @property
    def person(self) -> Person:
        return self.policy.insured

    @property
    def has_contact(self) -> bool:
        return bool(self.person.phone or self.person.email)

    @property
    def login(self) -> str:
        """What the caller signs in with, which may have changed since; before it is proved, where the letter went."""
        if not self.activation:
            return ""
        user = self.activation.user
        return user.login if user and self.address_is_proved else self.activation.contact

    @property
    def is_outgrown(self) -> bool:
        """In the cabinet of a guardian whose time is over."""
        return self.activation is not None and has_outgrown(self.policy, self.activation, now=self.now)

    @cached_property
    def situation(self) -> Situation:
        state = State(self.activation.state) if self.activation and not self.is_outgrown else None
        return situation(
            state=state,
            door=self.policy.product_version.terms.door,
            opens=self.opens,
            is_locked=self.locks.is_locked,
            has_contact=self.has_contact,
            was_undone=self.was_undone or self.is_outgrown,
            today=self.today,
        )

    @property
    def acts(self) -> list[Act]:
        return acts_on_policy(self.situation, is_locked=self.locks.is_locked)

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

    def letter_in(self, messages: Iterable[Notice]) -> Notice | None:
        """The newest letter with which the activation waits, out of the person's messages."""
        to = self.activation.email.lower() if self.activation else ""
        return next((notice for notice in messages if notice.kind in LETTERS and notice.to.lower() == to), None)


def policy_files(
    person: Person, policies: list[Policy], latest: Mapping[int, Activation], *, held: Mapping[str, Held], now: datetime
) -> list[PolicyFile]:
    """In the order in which a caller needs help. Six queries, however many policies there are.

    `latest`: the newest activation by the policy's number.
    """
    insurer, pks = person.insurer, [policy.pk for policy in policies]
    undone = set(Activation.objects.filter(policy__in=pks, state=State.UNDONE).values_list("policy", flat=True))
    proved = proved_addresses(
        [activation.email for activation in latest.values()], [activation.user_id for activation in latest.values()]
    )
    others = other_parties(pks)
    living = ProofCode.objects.filter(proof=Proof.OPERATOR_CODE, used_at=None, expires_at__gt=now, policy__in=pks)
    codes = {code.policy_id: code for code in living.select_related("issued_by")}
    reminders = {reminder.policy_id: reminder for reminder in Reminder.objects.filter(policy__in=pks)}
    keys = {policy.pk: keys_at_door(policy) for policy in policies}
    steps = steps_at(insurer, chain.from_iterable(keys.values()))
    files = [
        PolicyFile(
            policy=policy,
            now=now,
            today=insurer.today(now),
            opens=opening_of(policy),
            locks=locks_in(held, insurer, keys[policy.pk]),
            activation=(activation := latest.get(policy.pk)),
            was_undone=policy.pk in undone,
            address_is_proved=bool(activation and (activation.phone or activation.user_id in proved.accounts)),
            address_is_known=bool(activation and activation.email.lower() in proved.addresses),
            others=others[policy.pk],
            code=codes.get(policy.pk),
            reminder=reminders.get(policy.pk),
            steps=newest_first(steps[key] for key in keys[policy.pk]),
            also_lost=also_lost(activation, latest, policies),
        )
        for policy in policies
    ]
    return sorted(files, key=lambda file: URGENCY.index(file.situation))


def newest_first(lists: Iterable[list[Step]]) -> list[Step]:
    """What happened under several keys of one door."""
    return sorted(chain.from_iterable(lists), key=lambda step: (step.at, step.pk), reverse=True)


def latest_activations(policies: list[int]) -> dict[int, Activation]:
    """The newest of each policy. One query."""
    rows = Activation.objects.filter(policy__in=policies).select_related("user")
    return {row.policy_id: row for row in rows.order_by("policy", "-pk").distinct("policy")}


def also_lost(
    activation: Activation | None, latest: Mapping[int, Activation], policies: Iterable[Policy]
) -> list[Policy]:
    if activation is None or activation.state != State.FINISHED:
        return []
    with_it = {
        row.policy_id
        for row in latest.values()
        if row.state == State.FINISHED and row.user_id == activation.user_id and row.pk != activation.pk
    }
    return [policy for policy in policies if policy.pk in with_it]
