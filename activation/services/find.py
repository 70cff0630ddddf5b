"""Step 1: what is typed at a door finds a policy, or learns nothing."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from accounts.rules import name_of_number
from activation.queries import opening_of
from activation.rules import (
    DAY,
    FAILURES_A_DAY,
    FAILURES_AN_HOUR_PER_SOURCE,
    FAILURES_UNTIL_PROOF,
    HOUR,
    NOBODY,
    Facts,
    MobileNameAndBirthDate,
    OnFile,
    Proof,
    Verdict,
    attempts_at,
    breaker_is_open,
    failures_at,
    failures_of_id,
    judge,
    the_one,
)
from activation.services.codes import is_code_of
from activation.services.life import step_at_door
from core import limits
from core.identity import normalise_key
from core.limits import Allowance
from policies.models import Insurer, Policy, ProductVersion
from policies.rules import is_outgrown

logger = logging.getLogger(__name__)

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Finding:
    """What step 1 found. Views get the policy only where all the facts are right."""

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
    insurer, key = product.product.insurer, key_of(facts)
    tries = Tries(insurer, key, source)
    spent, candidates = spend_and_look_up(tries, product, facts, now=now)
    if spent.exhausted:
        finding = Finding(Verdict.LOCKED)
    elif tries.look_suspicious(spent):
        finding = Finding(Verdict.ASKED_MORE)
        tries.raise_alarm(now=now)
    else:
        finding = compare(candidates, facts, now=now)
    with transaction.atomic():
        if not finding.verdict.is_failure:
            limits.give_back(*tries.to_give_back(finding.verdict, spent))
        if finding.was_right and spent.counts[tries.of_id_today] > 1:
            tries.forgive()
        found = finding.policy
        key = found.insured_key if found else key  # who was found is read of in the file, also where a number asked
        step_at_door(finding.verdict, insurer=insurer, key=key, policy=found, by=by, now=now)
    return finding.without_facts if finding.verdict.is_neutral else finding


def key_of(facts: Facts) -> str:
    """Whose tries are counted: the ID that is asked for, or the number that asks (TM-21 names no ID)."""
    return name_of_number(facts.phone) if facts.phone else normalise_key(facts.insured_id)


@dataclass(frozen=True)
class Tries:
    """The limits at one door: of the ID (whether anybody has it or not) or of the number that asks, of the source address,
    of the insurer."""

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


def compare(candidates: Sequence[Any], facts: Facts, *, now: datetime) -> Finding:
    """`candidates` is what `insured` found: of an ID one at most. The comparison takes the same time for one and for none."""
    fitting = [known for known in map(partial(on_file, facts=facts), candidates or [None]) if facts.fit(known)]
    known = the_one(fitting, phone=facts.phone) if candidates else None
    if not known:
        return Finding(Verdict.REFUSED, candidates[0] if candidates and facts.insured_id else None)
    policy = next(policy for policy in candidates if policy.pk == known.policy)
    proof, opens, today = facts.prove(known), opening_of(policy), policy.insurer.today(now)
    verdict = judge(
        opens=opens,
        is_active=policy.active_as is not None,
        is_outgrown=is_outgrown(policy.active_as, policy.birth_date, today=today),
        has_contact=policy.has_contact,
        was_undone=policy.was_undone,
        proof=proof,
        today=today,
    )
    return Finding(verdict, policy, proof)


def on_file(policy: Any, *, facts: Facts) -> OnFile:
    """None: NOBODY, after the same work."""
    code_fits = is_code_of(policy, facts.code)
    if not policy:
        return NOBODY
    return OnFile(
        policy.birth_date, policy.full_name, policy.iin, code_fits, policy.pk, policy.insured_person, policy.phone,
        policy.active_as is not None, policy.was_undone,
    )  # fmt: skip


def spend_and_look_up(
    tries: Tries, product: ProductVersion, facts: Facts, *, now: datetime
) -> tuple[limits.Spent, list[Any]]:
    """Both in one round trip. The second value is as of `insured`; nothing too where a try was not granted."""
    allowances = tries.of_id_and_source
    wanted, parameters = _look_up(product, facts)
    rows: list[Any] = list(Policy.objects.raw(SPEND_AND[wanted], {**limits.asked(*allowances, now=now), **parameters}))
    counts = dict(zip(rows[0].granted or [], rows[0].counts or [], strict=True))
    return limits.Spent.of(allowances, counts), [_belonging(row, product) for row in rows if row.pk]


def insured(product: ProductVersion, facts: Facts) -> list[Any]:
    """The policies that the facts may mean, each with its insured person's number as `insured_person`, `birth_date`,
    `full_name`, `iin`, `phone` and `has_contact`, its living activation code's `code_digest`, as what an
    account has it (`active_as`), and whether it `was_undone`."""
    wanted, parameters = _look_up(product, facts)
    return [_belonging(row, product) for row in Policy.objects.raw(wanted, parameters)]


def _look_up(product: ProductVersion, facts: Facts) -> tuple[str, dict[str, Any]]:
    """By the ID or by the birth date, among the insured people of this very programme: another one of the same insurer may
    ask more at its door."""
    programme = {"insurer": product.product.insurer_id, "product": product.product_id}
    if isinstance(facts, MobileNameAndBirthDate):
        return BORN_ON, programme | {"born": facts.birth_date}
    return WITH_ID, programme | {"key": normalise_key(facts.insured_id)}


def _belonging(policy: Policy, product: ProductVersion) -> Policy:
    """Only a policy that was issued under an earlier version has to ask for its own."""
    policy.insurer = product.product.insurer
    if policy.product_version_id == product.pk:
        policy.product_version = product
    return policy


OF_PROGRAMME = """ AND policy.product_version_id IN (
    SELECT id FROM policies_productversion WHERE product_id = %(product)s
)"""
INSURED = f"""
SELECT
    policy.*, person.id AS insured_person, person.birth_date, person.iin, person.phone,
    person.phone <> '' OR person.email <> '' AS has_contact,
    concat_ws(' ', person.surname, person.given_name, person.patronymic) AS full_name, code.digest AS code_digest,
    (SELECT kind FROM activation_activation WHERE policy_id = policy.id AND state = 'finished') AS active_as,
    EXISTS (SELECT FROM activation_activation WHERE policy_id = policy.id AND state = 'undone') AS was_undone
FROM policies_policy AS policy
JOIN policies_party AS party ON party.policy_id = policy.id AND party.role = 'insured'
JOIN policies_person AS person ON person.id = party.person_id
LEFT JOIN activation_activationcode AS code ON code.policy_id = policy.id AND code.used_at IS NULL
WHERE policy.insurer_id = %(insurer)s{OF_PROGRAMME}
"""  # noqa: S608  put together from constants
WITH_ID = f"{INSURED} AND policy.insured_key = %(key)s"
BORN_ON = f"{INSURED} AND person.birth_date = %(born)s"

# Always one row at least. Without every try granted no policy comes back.
SPEND_AND = {
    wanted: f"""
WITH tries AS ({limits.SPEND}), counted AS (
    SELECT array_agg(key) AS granted, array_agg(spent) AS counts, count(*) = cardinality(%(keys)s::text[]) AS all_granted
    FROM tries
)
SELECT * FROM counted LEFT JOIN ({wanted} AND (SELECT all_granted FROM counted)) AS insured ON true
"""  # noqa: S608  put together from constants
    for wanted in (WITH_ID, BORN_ON)
}
