"""National sign-in: the state has said whose account it is, and the insurers' policies of that person come into it (SGZ-09)."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.rules import Identity
from activation.models import Step
from activation.queries import opening_of
from activation.rules import NationalId, OnFile
from activation.services.begin import AlreadyActive, Claimed, NeedsOwnEmail
from activation.services.finish import attach_policy
from activation.services.life import step_of_policy
from policies.models import Policy
from policies.queries import has_consents, insured_by_iin, is_another_person
from policies.rules import AccessKind


def attach_what_is_theirs(sender: Any, user: User, identity: Identity, language: str, **kwargs: Any) -> int:
    """How many policies were added. Hears `accounts.adapters.identity_shown`; the next sign-in looks again."""
    claimed = NationalId(identity.iin, identity.birth_date, identity.name)
    now = timezone.now()
    return sum(attach(policy, user=user, language=language, now=now) for policy in theirs(claimed, user=user, now=now))


def theirs(claimed: NationalId, *, user: User, now: datetime) -> Iterator[Policy]:
    """Of the policies under this IIN those that are open and whose insured the claims describe.

    What contradicts the register is left for the operator to see. An account that is somebody else at this insurer stays
    that. What waits, or asks for a consent that was not given, is activated at its door.
    """
    for policy in insured_by_iin(claimed.iin):
        person = policy.insured
        if not claimed.fit(OnFile(person.birth_date, person.full_name, person.iin, code_fits=False)):
            step_of_policy(Step.Kind.NOT_PROVED, policy=policy, by=user, now=now)
        elif is_open(policy, now) and has_agreed(user, policy) and not is_another_person(user, person):
            yield policy


def is_open(policy: Policy, now: datetime) -> bool:
    """A cover that counts from the activation is never opened by the way (KIH-06)."""
    opens = opening_of(policy)
    waits = opens is not None and not opens.is_open(policy.insurer.today(now))
    return not waits and policy.product_version.terms.cover is None


def has_agreed(user: User, policy: Policy) -> bool:
    """To what the programme's door asks, at a registration or for this person."""
    codes, insurer = policy.product_version.terms.consents, policy.insurer
    return not codes or any(
        has_consents(user, insurer=insurer, codes=codes, person=person) for person in (None, policy.insured)
    )


def attach(policy: Policy, *, user: User, language: str, now: datetime) -> bool:
    """False: it is in somebody's cabinet, perhaps in this one, or asks for an address of its own."""
    claimed = Claimed(policy, NationalId.proof, secrets.token_hex(16))
    try:
        attach_policy(claimed=claimed, kind=AccessKind.SELF, user=user, language=language, now=now)
    except (AlreadyActive, NeedsOwnEmail):
        return False
    return True
