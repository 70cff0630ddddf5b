"""The second proof: a code to the contact on file, the contract or card number, or an operator's one-time code."""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.queries import has_proved
from activation.models import ProofCode, Step
from activation.rules import (
    CODE,
    CODE_TRIES,
    CODES_A_DAY,
    DAY,
    NUMBERS_A_DAY,
    OPERATOR_CODE,
    PROOFS_A_DAY,
    Facts,
    Proof,
    State,
    Verdict,
    codes_to_contact,
    guesses_of_id,
)
from activation.services.find import Finding, Tries, compare, insured, key_of
from activation.services.life import step_at_door, step_of_policy
from core import limits
from core.identity import normalise_key
from core.limits import Allowance
from notices import services as notices
from policies.models import Insurer, Person, Policy, ProductVersion
from policies.queries import brand_of, policy_with_insured
from policies.rules import Door


@transaction.atomic
def prove(*, policy: Policy, answer: str, by: Any, now: datetime) -> Proof | None:
    """Which proof the answer is, or None. A guess is spent before comparing; the right answer lifts every lock.

    Guesses beyond the day's limit are not compared at all; an operator's new code opens the count again.
    """
    spent = limits.spend(_guesses(policy.insurer, policy.insured_key), now=now)
    proof = None if spent.exhausted else _proof_in(policy, normalise_key(answer), now)
    _note(proof, policy, policy.insured_key, by=by, now=now)
    return proof


@transaction.atomic
def find_policy_with_proof(
    *, product: ProductVersion, facts: Facts, answer: str, source: str, by: Any, now: datetime
) -> tuple[Finding, Proof | None]:
    """The way in for a locked ID: facts and answer at once, one neutral answer for whatever is wrong.

    Every try is a guess until all three are right, so a known contract number does not help to find the birth date;
    and an operator's code is not used up by a slip in the date. A contract number may be a whole firm's: after many
    failures at one insurer only codes convince.
    """
    insurer, key = product.product.insurer, key_of(facts)
    neutral = Finding(Verdict.LOCKED), None
    numbers = Allowance(f"activation:{insurer.slug}:numbers", NUMBERS_A_DAY, DAY)
    exhausted = limits.spend(Tries(insurer, key, source).of_source, _guesses(insurer, key), numbers, now=now).exhausted
    if exhausted not in ([], [numbers.key]):
        return neutral
    finding = compare(insured(product, facts), facts, now=now)
    if not finding.policy:
        step_at_door(Step.Kind.NOT_PROVED, insurer=insurer, key=key, policy=None, by=by, now=now)
        return neutral
    on_file = finding.policy.insured_key  # at which `prove` counts, however many numbers guess
    if key != on_file and limits.spend(_guesses(insurer, on_file), now=now).exhausted:
        return neutral
    read = _use_code if exhausted else _proof_in
    proof = None if finding.verdict.is_neutral else read(finding.policy, normalise_key(answer), now)
    if proof and not exhausted:
        limits.give_back(numbers.key)
    _note(proof, finding.policy, key, by=by, now=now)
    return (finding, proof) if proof else neutral


def prove_by_own_contact(*, policy: Policy, user: User, now: datetime) -> Proof | None:
    """Whoever has proved the very address or number on file has done what a code to it would ask for. After an undoing the
    code is asked anew: somebody wrong may have had that contact."""
    if policy.activations.filter(state=State.UNDONE).exists():
        return None
    if not has_proved(user, email=policy.insured.email, phone=policy.insured.phone):
        return None
    _note(Proof.CONTACT_CODE, policy, policy.insured_key, by=user, now=now)
    return Proof.CONTACT_CODE


def _note(proof: Proof | None, policy: Policy, key: str, *, by: Any, now: datetime) -> None:
    """`key`: whose tries they were (find.key_of)."""
    if proof:
        tries = Tries(policy.insurer, key, source="")
        tries.forgive()
        limits.reset(*{_guesses(policy.insurer, one).key for one in (key, policy.insured_key)}, *tries.of_id)
    step_of_policy(Step.Kind.PROVED if proof else Step.Kind.NOT_PROVED, policy=policy, by=by, now=now)


@transaction.atomic
def send_code(*, policy: Policy, by: Any, now: datetime) -> bool:
    """Send a code to the contact that the insurer has on file, the phone first. False: none there, or too often."""
    person = policy.insured
    if not (person.phone or person.email) or _sent_too_often(policy, now):
        return False
    code = _issue(policy, Proof.CONTACT_CODE, by=None, now=now, life=CODE)
    _post_code(policy.insurer, person, code, dies_at=now + CODE)
    step_of_policy(Step.Kind.CODE_SENT, policy=policy, by=by, now=now)
    return True


@transaction.atomic
def send_code_to_insured(*, product: ProductVersion, insured_id: str, source: str, by: Any, now: datetime) -> None:
    """For an ID whose owner cannot pass step 1. Says nothing: whether the ID or a contact exists stays unknown."""
    insurer, key = product.product.insurer, normalise_key(insured_id)
    if limits.spend(Tries(insurer, key, source).of_source, now=now).exhausted:
        return
    if policy := policy_with_insured(insurer=insurer, insured_key=key, product_version__product=product.product):
        send_code(policy=policy, by=by, now=now)


@transaction.atomic
def issue_operator_code(*, policy: Policy, by: Any, reason: str, now: datetime) -> str:
    """A code to read out on the telephone, good for half an hour and once. Shown to the operator this one time."""
    code = _issue(policy, Proof.OPERATOR_CODE, by=by, now=now, life=OPERATOR_CODE)
    limits.reset(_guesses(policy.insurer, policy.insured_key).key)
    step_of_policy(Step.Kind.CODE_ISSUED, policy=policy, by=by, now=now, reason=reason)
    return code


def _guesses(insurer: Insurer, key: str) -> Allowance:
    return Allowance(guesses_of_id(insurer.slug, key), PROOFS_A_DAY, DAY)


def _sent_too_often(policy: Policy, now: datetime) -> bool:
    """A request within the minute does not eat from the day."""
    minutes, days = codes_to_contact(policy.insurer.slug, policy.insured_key)
    minute, day = Allowance(minutes, 1, timedelta(minutes=1)), Allowance(days, CODES_A_DAY, DAY)
    return any(limits.spend(allowance, now=now).exhausted for allowance in (minute, day))


def _proof_in(policy: Policy, answer: str, now: datetime) -> Proof | None:
    """The number that found the policy proves nothing a second time; a door that asks for a mobile was told none."""
    told = set() if policy.product_version.terms.door == Door.MOBILE else {policy.insured_key}
    if answer and answer in {policy.contract_key, policy.card_key} - told:
        return Proof.CONTRACT_NUMBER
    return _use_code(policy, answer, now)


def _use_code(policy: Policy, answer: str, now: datetime) -> Proof | None:
    """Spend the code that the answer is; count a wrong try against every living code of this policy."""
    living = ProofCode.objects.filter(policy=policy, used_at=None, expires_at__gt=now, wrong_tries__lt=CODE_TRIES)
    digest = _digest(policy, answer)
    for code in living.select_for_update():
        if hmac.compare_digest(code.digest, digest):
            code.used_at = now
            code.save(update_fields=["used_at"])
            return Proof(code.proof)
    living.update(wrong_tries=F("wrong_tries") + 1)
    return None


def _issue(policy: Policy, proof: Proof, *, by: Any, now: datetime, life: timedelta) -> str:
    code = f"{secrets.randbelow(10**6):06d}" if proof == Proof.CONTACT_CODE else f"{secrets.randbelow(10**8):08d}"
    ProofCode.objects.update_or_create(
        policy=policy,
        proof=proof,
        defaults={
            "digest": _digest(policy, code), "issued_at": now, "issued_by": by, "expires_at": now + life,
            "wrong_tries": 0, "used_at": None,
        },
    )  # fmt: skip
    return code


def _digest(policy: Policy, code: str) -> str:
    return salted_hmac("activation.proof", f"{policy.pk}:{code}", algorithm="sha256").hexdigest()


def _post_code(insurer: Insurer, person: Person, code: str, *, dies_at: datetime) -> None:
    language = person.language or "ru"
    channel, to = ("sms", person.phone) if person.phone else ("email", person.email)
    notices.post(
        "proof_code", to=to, channel=channel, language=language, secret=True, scope=insurer.slug,
        not_after=dies_at,
        context={"code": code, "minutes": int(CODE.total_seconds() // 60), "brand": brand_of(insurer, language)},
    )  # fmt: skip
