"""Activation codes: issued in batches for policies that have none, shown once, kept as keyed hashes (KIH-01, KIH-23)."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop

from activation.models import ActivationCode, CodeBatch
from activation.queries import policies_without_a_code
from activation.rules import MOST_ON_A_SHEET, code_as_typed, in_groups, new_code
from core import audit
from policies.models import Policy, Product


@dataclass(frozen=True)
class PrintedCode:
    """One slip of the sheet."""

    policy: Policy
    code: str


@transaction.atomic
def issue_codes(*, product: Product, by: Any, now: datetime) -> list[PrintedCode]:
    """A code for each policy of the product that waits for one, MOST_ON_A_SHEET at a time. They are readable this once."""
    Product.objects.select_for_update().get(pk=product.pk)  # two who print at once share no policy
    policies = list(policies_without_a_code(product)[:MOST_ON_A_SHEET])
    if not policies:
        return []
    batch = CodeBatch.objects.create(product=product, issued_at=now, issued_by=by, codes=len(policies))
    fresh = [(policy, new_code()) for policy in policies]
    ActivationCode.objects.bulk_create(
        ActivationCode(policy=policy, batch=batch, digest=_digest(policy.pk, code)) for policy, code in fresh
    )
    audit.record(
        gettext_noop("issued activation codes"), on=batch, by=by, scope=product.insurer.slug, codes=len(policies)
    )
    return [PrintedCode(policy, in_groups(code)) for policy, code in fresh]


@transaction.atomic
def withdraw_batch(*, batch: CodeBatch, by: Any, reason: str, now: datetime) -> int:
    """The sheet was lost or misprinted: its unused codes die, the policies wait for others. Returns how many."""
    batch = CodeBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.withdrawn_at:
        return 0
    dead, _rows = batch.of_codes.filter(used_at=None).delete()
    batch.withdrawn_at = now
    batch.save(update_fields=["withdrawn_at"])
    audit.record(
        gettext_noop("withdrew activation codes"), on=batch, by=by, scope=batch.product.insurer.slug, codes=dead,
        reason=reason,
    )  # fmt: skip
    return dead


def use_code(*, policy: Policy, now: datetime) -> None:
    """The policy is bound: its code opens nothing any more."""
    ActivationCode.objects.filter(policy=policy, used_at=None).update(used_at=now)


def is_code_of(policy: Any, typed: str) -> bool:
    """Whether this is the living code of what `find.insured` found, or of nobody; the same time for both."""
    on_file = policy.code_digest if policy and policy.code_digest else ""
    digests = [_digest(policy.pk if policy else 0, code_as_typed(typed), key=key) for key in _keys()]
    return True in [hmac.compare_digest(digest, on_file) for digest in digests]  # none is left out


def _keys() -> list[str]:
    """A sheet outlives a rotation of SECRET_KEY for as long as the old key is a fallback."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _digest(policy: int, code: str, *, key: str | None = None) -> str:
    """Bound to the policy: the same code at another policy is another digest."""
    return salted_hmac("activation.code", f"{policy}:{code}", secret=key, algorithm="sha256").hexdigest()
