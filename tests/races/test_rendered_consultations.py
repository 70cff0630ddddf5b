"""Forty consultations of one policy that end in the same moment: each takes its part, and nothing is taken twice."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from policies.models import Person, Policy, RenderedConsultation
from policies.queries.consultations import sum_insured_of
from policies.rules import Rendering
from policies.services import consultations
from policies.services.consultations import record_rendered
from tests.factories import a_borrower
from tests.races.crowd import CROWD, all_at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
TARIFF = 3000


def a_policy_with(sum_insured: int) -> Policy:
    policy = a_borrower()
    policy.sum_insured = Decimal(sum_insured)
    policy.save()
    return policy


def record(policy: Policy, reference: UUID | None = None) -> bool:
    """Whether it was recorded."""
    try:
        record_rendered(
            person=policy.insured, policy=policy, reference=reference or uuid4(), how=Rendering.HELD,
            rendered_on=date(2026, 11, 21), now=datetime(2026, 11, 21, 7, tzinfo=UTC),
        )  # fmt: skip
    except IntegrityError:
        return False
    return True


def test_forty_at_once_take_forty_tariffs() -> None:
    policy = a_policy_with(2_000_000)
    assert all(all_at_once(lambda _number: record(policy)))
    assert sum_insured_of(policy).taken.amount == CROWD * TARIFF
    lefts = RenderedConsultation.objects.order_by("number").values_list("left", flat=True)
    assert list(lefts) == [2_000_000 - TARIFF * number for number in range(1, CROWD + 1)]


def test_forty_at_once_take_no_more_than_there_is() -> None:
    policy = a_policy_with(10_000)
    all_at_once(lambda _number: record(policy))
    amounts = RenderedConsultation.objects.order_by("number").values_list("amount", flat=True)
    assert list(amounts) == [3000, 3000, 3000, 1000] + [0] * (CROWD - 4)


def test_one_consultation_recorded_forty_times_at_once_counts_once() -> None:
    policy, reference = a_policy_with(2_000_000), uuid4()
    assert all(all_at_once(lambda _number: record(policy, reference)))
    assert sum_insured_of(policy).taken.amount == TARIFF


@pytest.mark.long
def test_without_the_lock_consultations_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control. The numbering still keeps the sums of what was recorded right."""

    def looked_at(policy: Policy, person: Person) -> Policy:
        return Policy.objects.select_related("product_version").get(pk=policy.pk)

    monkeypatch.setattr(consultations, "_locked", looked_at)
    policy = a_policy_with(2_000_000)
    recorded = sum(all_at_once(lambda _number: record(policy)))
    assert recorded < CROWD
    assert sum_insured_of(policy).taken.amount == recorded * TARIFF
