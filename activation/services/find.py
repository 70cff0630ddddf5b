"""Step 1: what is typed at a door finds a policy, or learns nothing."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from activation.queries import opening_of
from activation.rules import (
    DAY,
    FAILURES_A_DAY,
    FAILURES_AN_HOUR_PER_SOURCE,
    FAILURES_UNTIL_PROOF,
    HOUR,
    NOBODY,
    Facts,
    OnFile,
    Proof,
    Verdict,
    attempts_at,
    breaker_is_open,
    failures_at,
    failures_of_id,
    judge,
)
from activation.services.codes import is_code_of
from activation.services.life import step_at_door
from core import limits
from core.identity import normalise_key
from core.limits import Allowance
from policies.models import Insurer, Policy, ProductVersion

logger = logging.getLogger(__name__)

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Finding:
    """What step 1 found. Views get the policy only where ID and birth date are both right."""

    verdict: Verdict
    policy: Policy | None = None
    proof: Proof = Proof.FACTS  # what the facts themselves prove

    @property
    def was_right(self) -> bool:
        return self.verdict.was_compared and not self.verdict.is_failure

    @property
    def without_facts(self) -> "Finding":
        return Finding(self.verdict)


def find_policy(*, product: ProductVersion, facts: Facts, source: str, by: Any, now: datetime) -> Finding:
    """NSK-07, NSK-21, KIH-23. A try is spent before anything is compared, and given back when the facts were right, or when a
    limit closed the door: what was not compared is no failure, so a busy address locks nobody's ID.

    While an insurer's breaker is open nothing is compared either: an answer that differed for right facts would tell a
    guesser which to come back with tomorrow.

    Two statements for a stranger, three for the right person, one more after a slip; a locked ID is not compared. The
    spending commits by itself: everybody at an insurer counts on one row, which nobody may hold while comparing.
    """
    insurer, key = product.product.insurer, normalise_key(facts.insured_id)
    tries = Tries(insurer, key, source)
    spent, policy = spend_and_look_up(tries, product, now=now)
    if spent.exhausted:
        finding = Finding(Verdict.LOCKED)
    elif tries.look_suspicious(spent):
        finding = Finding(Verdict.ASKED_MORE)
        tries.raise_alarm(now=now)
    else:
        finding = compare(policy, facts, now=now)
    with transaction.atomic():
        if not finding.verdict.is_failure:
            limits.give_back(*tries.to_give_back(finding.verdict, spent))
        if finding.was_right and spent.counts[tries.of_id_today] > 1:
            tries.forgive()
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
    def of_id_today(self) -> str:
        return self.of_id[0]

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
        otherwise repeat it until 5 % of the attempts leave room for as many guesses as they like. An open breaker keeps
        what opened it, so that whoever watches the insurer's count sees it open."""
        names = set(self.failures)
        if not verdict.was_compared or spent.counts[self.visits] > 1:
            names.add(self.all_at_insurer)
        if verdict == Verdict.ASKED_MORE:
            names.remove(self.of_insurer)
        return [name for name in names if name in spent.counts]

    def forgive(self) -> None:
        """Whoever mistyped and then knew was no guesser: many who mistype must not open their insurer's breaker."""
        limits.forgive(self.of_id_today, also_in=self.of_insurer)

    def raise_alarm(self, *, now: datetime) -> None:
        """Once a day somebody is told that the breaker is open."""
        if not limits.spend(Allowance(f"activation:{self.insurer.slug}:alarm", 1, DAY), now=now).exhausted:
            logger.error("Step 1 of %s: so many failures today that everybody is asked for a proof", self.insurer.slug)


def compare(policy: Any, facts: Facts, *, now: datetime) -> Finding:
    """`policy` is what `insured_with` found, or None. The comparison takes the same time either way."""
    code_fits = is_code_of(policy, facts.code)
    fits = facts.fit(OnFile(policy.birth_date, policy.full_name, policy.iin, code_fits) if policy else NOBODY)
    if not policy or not fits:
        return Finding(Verdict.REFUSED, policy)
    opens = opening_of(policy)
    verdict = judge(
        opens=opens,
        is_active=policy.is_active,
        has_contact=policy.has_contact,
        was_undone=policy.was_undone,
        proof=facts.proof,
        today=policy.insurer.today(now),
    )
    return Finding(verdict, policy, facts.proof)


def spend_and_look_up(tries: Tries, product: ProductVersion, *, now: datetime) -> tuple[limits.Spent, Any]:
    """Both in one round trip. The second value is as of `insured_with`; None too where a try was not granted."""
    allowances = tries.of_id_and_source
    facts = {**limits.asked(*allowances, now=now), "insurer": tries.insurer.pk, "key": tries.key}
    row: Any = next(iter(Policy.objects.raw(SPEND_AND_LOOK_UP, facts)))
    spent = limits.Spent.of(allowances, dict(zip(row.granted or [], row.counts or [], strict=True)))
    return spent, _belonging(row, product) if row.pk else None


def insured_with(product: ProductVersion, key: str) -> Any:
    """The policy of this ID with its insured person's `birth_date`, `full_name`, `iin` and `has_contact`, its living
    activation code's `code_digest`, and whether it `is_active` or `was_undone`; None for an unknown ID."""
    rows = Policy.objects.raw(INSURED, {"insurer": product.product.insurer_id, "key": key})
    return next((_belonging(row, product) for row in rows), None)


def _belonging(policy: Policy, product: ProductVersion) -> Policy:
    """Only a policy that was issued under an earlier version has to ask for its own."""
    policy.insurer = product.product.insurer
    if policy.product_version_id == product.pk:
        policy.product_version = product
    return policy


INSURED = """
SELECT
    policy.*, person.birth_date, person.iin, person.phone <> '' OR person.email <> '' AS has_contact,
    concat_ws(' ', person.surname, person.given_name, person.patronymic) AS full_name, code.digest AS code_digest,
    EXISTS (SELECT FROM activation_activation WHERE policy_id = policy.id AND state = 'finished') AS is_active,
    EXISTS (SELECT FROM activation_activation WHERE policy_id = policy.id AND state = 'undone') AS was_undone
FROM policies_policy AS policy
JOIN policies_party AS party ON party.policy_id = policy.id AND party.role = 'insured'
JOIN policies_person AS person ON person.id = party.person_id
LEFT JOIN activation_activationcode AS code ON code.policy_id = policy.id AND code.used_at IS NULL
WHERE policy.insurer_id = %(insurer)s AND policy.insured_key = %(key)s
"""

# Always one row. Without every try granted no policy comes back.
SPEND_AND_LOOK_UP = f"""
WITH tries AS ({limits.SPEND}), counted AS (
    SELECT array_agg(key) AS granted, array_agg(spent) AS counts, count(*) = cardinality(%(keys)s::text[]) AS all_granted
    FROM tries
)
SELECT * FROM counted LEFT JOIN ({INSURED} AND (SELECT all_granted FROM counted)) AS insured ON true
"""  # noqa: S608  put together from constants
