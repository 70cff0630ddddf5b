"""Step 1: an ID and a birth date find a policy, or learn nothing."""

import hmac
import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from activation.models import Activation
from activation.queries import opening_of
from activation.rules import (
    DAY,
    FAILURES_A_DAY,
    FAILURES_AN_HOUR_PER_SOURCE,
    FAILURES_UNTIL_PROOF,
    HOUR,
    Opening,
    State,
    Verdict,
    attempts_at,
    breaker_is_open,
    failures_at,
    failures_of_id,
    judge,
)
from activation.services.life import step_at_door
from core import limits
from core.identity import normalise_key
from core.limits import Allowance
from policies.models import Insurer, Party, Policy, ProductVersion
from policies.rules import Role

logger = logging.getLogger(__name__)

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Finding:
    """What step 1 found. Views get the policy only where ID and birth date are both right."""

    verdict: Verdict
    policy: Policy | None = None
    opening: Opening | None = None

    @property
    def without_facts(self) -> "Finding":
        return Finding(self.verdict)


def find_policy(
    *, product: ProductVersion, insured_id: str, birth_date: date, source: str, by: Any, now: datetime
) -> Finding:
    """NSK-07, NSK-21. A try is spent before anything is compared, and given back when the facts were right, or when a
    limit closed the door: what was not compared is no failure, so a busy address locks nobody's ID.

    While an insurer's breaker is open nothing is compared either: an answer that differed for right facts would tell a
    guesser which to come back with tomorrow.

    Four statements for a stranger, five for the right person; a locked ID is not even looked up. The spending commits
    by itself: everybody at an insurer counts on one row, which nobody may hold while comparing.
    """
    insurer, key = product.product.insurer, normalise_key(insured_id)
    tries = Tries(insurer, key, source)
    spent = limits.spend(*tries.of_id_and_source, now=now)
    if spent.exhausted:
        finding = Finding(Verdict.LOCKED)
    elif tries.look_suspicious(spent):
        finding = Finding(Verdict.ASKED_MORE)
        tries.raise_alarm(now=now)
    else:
        finding = compare(insured_with(insurer, key), insurer, birth_date, now=now)
    with transaction.atomic():
        if not finding.verdict.is_failure:
            limits.give_back(*tries.to_give_back(finding.verdict, spent))
        step_at_door(finding.verdict, insurer=insurer, key=key, policy=finding.policy, by=by, now=now)
    return finding.without_facts if finding.verdict.is_neutral else finding


@dataclass(frozen=True)
class Tries:
    """The limits at one door: of the ID (whether anybody has it or not), of the source address, of the insurer."""

    insurer: Insurer
    key: str
    source: str

    @property
    def of_id(self) -> tuple[str, str]:
        return failures_of_id(self.insurer.slug, self.key)

    @property
    def of_source(self) -> Allowance:
        return Allowance(f"activation:source:{self.source}", FAILURES_AN_HOUR_PER_SOURCE, HOUR)

    @property
    def of_insurer(self) -> str:
        return failures_at(self.insurer.slug)

    @property
    def all_at_insurer(self) -> str:
        return attempts_at(self.insurer.slug)

    @property
    def visits(self) -> str:
        return f"activation:{self.insurer.slug}:id:{self.key}:visits"

    @property
    def failures(self) -> list[str]:
        return [*self.of_id, self.of_source.key, self.of_insurer]

    @property
    def of_id_and_source(self) -> list[Allowance]:
        day, life = self.of_id
        return [
            Allowance(day, FAILURES_A_DAY, DAY),
            Allowance(life, FAILURES_UNTIL_PROOF, YEAR),  # a year, so that IDs which nobody has are pruned in the end
            self.of_source,
            Allowance(self.of_insurer, None, DAY),  # counted, not refused: look_suspicious
            Allowance(self.all_at_insurer, None, DAY),
            Allowance(self.visits, None, DAY),
        ]

    def look_suspicious(self, spent: limits.Spent) -> bool:
        return breaker_is_open(failures=spent.counts[self.of_insurer], attempts=spent.counts[self.all_at_insurer])

    def to_give_back(self, verdict: Verdict, spent: limits.Spent) -> list[str]:
        """Of what is no failure. As an attempt an ID counts once a day: whoever has a right pair of their own could
        otherwise repeat it until 5 % of the attempts leave room for as many guesses as they like."""
        is_further_visit = not verdict.was_compared or spent.counts[self.visits] > 1
        names = [*self.failures, self.all_at_insurer] if is_further_visit else self.failures
        return [name for name in names if name in spent.counts]

    def raise_alarm(self, *, now: datetime) -> None:
        """Once a day somebody is told that the breaker is open."""
        if not limits.spend(Allowance(f"activation:{self.insurer.slug}:alarm", 1, DAY), now=now).exhausted:
            logger.error("Step 1 of %s: so many failures today that everybody is asked for a proof", self.insurer.slug)


def compare(party: Any, insurer: Insurer, birth_date: date, *, now: datetime) -> Finding:
    """`party` is the insured with that ID, or None. The comparison takes the same time either way."""
    known = party.person.birth_date if party else date.min
    if not hmac.compare_digest(known.isoformat(), birth_date.isoformat()) or not party:
        return Finding(Verdict.REFUSED, party.policy if party else None)
    opens = opening_of(party.policy)
    verdict = judge(
        opens=opens,
        is_active=party.is_active,
        has_contact=bool(party.person.phone or party.person.email),
        was_undone=party.was_undone,
        today=insurer.today(now),
    )
    party.policy.insured = party.person
    return Finding(verdict, party.policy, opens)


def insured_with(insurer: Insurer, key: str) -> Any:
    """The insured party with this ID, its person and policy, whether it `is_active` or `was_undone`; None for an unknown ID."""
    of_policy = Activation.objects.filter(policy=OuterRef("policy"))
    return (
        Party.objects.filter(role=Role.INSURED, policy__insurer=insurer, policy__insured_key=key)
        .select_related("person", "policy__insurer", "policy__product_version")
        .annotate(is_active=Exists(of_policy.finished()), was_undone=Exists(of_policy.filter(state=State.UNDONE)))
        .first()
    )
