"""A consultation that counts as rendered is written into the ledger of its policy (NL-7.12), and one that does not after all
is given back to it (TM-18)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, Sum

from accounts.models import User
from policies.models import GivenBack, Person, Policy, RenderedConsultation
from policies.rules import Rendering, Role
from policies.rules.consultations import taken


class RecordedOtherwise(ValueError):
    """The same consultation was recorded with another policy, day or way of being rendered."""


class NotInsured(ValueError):
    """The policy covers somebody else."""


@transaction.atomic
def record_rendered(
    *, person: Person, policy: Policy, reference: UUID, how: Rendering, rendered_on: date, now: datetime
) -> RenderedConsultation | None:
    """In the caller's transaction: take the tariff of the policy's terms from what is left of its sum insured.

    `person` is the insured one, also where the patient was somebody close to them; `rendered_on` is the insurer's day.
    Whoever calls has asked `policies.queries.cover_for` when the consultation was asked for: here nothing is judged again.
    None where the programme takes nothing for an illness. The same `reference` again returns the first row.
    Raise NotInsured or RecordedOtherwise.
    """
    policy = _locked(policy, person)
    if first := RenderedConsultation.objects.filter(reference=reference).first():
        if (first.policy_id, first.how, first.rendered_on) != (policy.pk, how, rendered_on):
            raise RecordedOtherwise(str(reference))
        return first
    consultations = policy.product_version.terms.consultations
    if not consultations or not consultations.illness_payment:
        return None
    return _take(policy, consultations.illness_payment[how], reference, how, rendered_on, now)


@transaction.atomic
def give_back_rendered(*, reference: UUID, reason: str, by: User, now: datetime) -> GivenBack | None:
    """In the caller's transaction: the sum insured is as much more again as the consultation took. None where nothing was
    taken. The same `reference` again returns the first row."""
    rendered = RenderedConsultation.objects.filter(reference=reference).first()
    if rendered is None:
        return None
    _lock(rendered.policy_id)  # who takes next reads what is left
    given, _is_new = GivenBack.objects.get_or_create(
        rendered=rendered, defaults={"reason": reason, "by": by, "at": now}
    )
    return given


def _locked(policy: Policy, person: Person) -> Policy:
    locked = _lock(policy.pk)
    if not locked.parties.filter(role=Role.INSURED, person=person).exists():
        raise NotInsured(locked.pk)
    return locked


def _lock(policy: int) -> Policy:
    """One at a time writes into a policy's ledger: two at once would both take from what was left before."""
    rows = Policy.objects.select_for_update(of=["self"], no_key=True).select_related("product_version")
    return rows.get(pk=policy)


def _take(
    policy: Policy, tariff: Decimal, reference: UUID, how: Rendering, rendered_on: date, now: datetime
) -> RenderedConsultation:
    """An exhausted sum closes no doctor (TM-03, requirements.md 9.6): then the row takes 0."""
    standing = Sum("amount", default=Decimal(0), filter=Q(given_back=None))
    before = policy.rendered_consultations.aggregate(number=Count("pk"), amount=standing)
    left = max(policy.sum_insured - before["amount"], Decimal(0)) if policy.sum_insured is not None else None
    amount = taken(tariff, left)
    return RenderedConsultation.objects.create(
        policy=policy, number=before["number"] + 1, reference=reference, how=how, rendered_on=rendered_on, tariff=tariff,
        amount=amount, left=left - amount if left is not None else None, recorded_at=now,
    )  # fmt: skip
