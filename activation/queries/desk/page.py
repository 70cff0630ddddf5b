"""The page of one person at one insurer: who it is, what is the matter, what can be done, and all the rest."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain
from uuid import UUID

from activation.queries.desk.accounts import AccountFile, accesses_of, account_files
from activation.queries.desk.held import Hold, counters, holds
from activation.queries.desk.messages import messages_for
from activation.queries.desk.policies import PolicyFile, latest_activations, policy_files
from activation.queries.desk.trail import trail_of
from activation.rules import Act, acts_on_person
from core import limits
from core.models import AuditEvent
from notices.models import Notice
from policies.models import Insurer, Person
from policies.queries import policies_of


@dataclass(frozen=True)
class PersonPage:
    person: Person
    now: datetime
    policies: list[PolicyFile]
    accounts: list[AccountFile]
    messages: list[Notice]
    held: list[Hold]
    trail: list[AuditEvent]

    @property
    def insurer(self) -> Insurer:
        return self.person.insurer

    @property
    def acts(self) -> list[Act]:
        """About the person. What can be done about a policy or an account stands with it."""
        reached = self.person.phone or self.person.email or self.accounts
        begun = any(file.activation for file in self.policies)
        return acts_on_person(has_iin=bool(self.person.iin), has_contacts=bool(reached or begun))

    @cached_property
    def returned(self) -> list[PolicyFile]:
        """Policies whose letter came back, so that its reader waits in vain."""
        letters = ((file, file.letter_in(self.messages)) for file in self.policies if Act.LETTER in file.acts)
        return [file for file, letter in letters if letter and letter.is_returned]

    def policy(self, public_id: UUID) -> PolicyFile | None:
        return next((file for file in self.policies if file.policy.public_id == public_id), None)

    def account(self, public_id: UUID) -> AccountFile | None:
        return next((file for file in self.accounts if file.user.public_id == public_id), None)


def person_page(person: Person, *, now: datetime) -> PersonPage:
    """`person` comes with its insurer. 21 queries at most, for one policy as for eight."""
    policies = policies_of(person)
    latest = latest_activations([policy.pk for policy in policies])
    activations = list(latest.values())
    accesses = accesses_of(person)
    users = list(accesses)
    named = counters(person, policies, activations, users)
    held = limits.held(*named, now=now)
    return PersonPage(
        person=person,
        now=now,
        policies=policy_files(person, policies, latest, held=held, now=now),
        accounts=account_files(accesses, activations, held=held, now=now),
        messages=messages_for(person, policies, users),
        held=holds(named, held),
        trail=trail_of(person, policies, chain.from_iterable(accesses.values())),
    )
