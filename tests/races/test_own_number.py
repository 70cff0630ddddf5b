"""Forty accounts that declared the same person type the number of one policy at once: one of them has it afterwards."""

import secrets
from threading import Barrier

import pytest
from django.utils import timezone

from accounts.models import User
from activation.models import Activation
from activation.rules import Declared, NumberAndDeclared, Proof, State, Verdict
from activation.services.begin import AlreadyActive, Claimed
from activation.services.find import find_policy
from activation.services.finish import attach_policy
from policies.models import Access
from policies.rules import AccessKind
from tests.factories import BORN, a_policy, a_programme, an_insurer
from tests.races.crowd import CROWD, all_at_once
from tests.races.test_activation import crowd, unguarded  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
FACTS = NumberAndDeclared("1825DM0417", Declared("Садыкова", "Айгуль", "", BORN))


def added_by(people: list[User]) -> int:
    """How many of them got it. All have been told that the number was found before the first one adds it."""
    a_policy(FACTS.insured_id, insurer=an_insurer("sogaz"))
    product, now, found_by_all = a_programme("sogaz-health"), timezone.now(), Barrier(CROWD)

    def add(number: int) -> bool:
        me = people[number]
        finding = find_policy(product=product, facts=FACTS, source=f"10.0.0.{number}", by=me, now=now)
        found_by_all.wait(timeout=30)
        if finding.verdict != Verdict.OPEN or finding.policy is None:
            return False
        claimed = Claimed(finding.policy, Proof.FACTS, secrets.token_hex(16))
        try:
            attach_policy(claimed=claimed, kind=AccessKind.SELF, user=me, language="ru", now=now)
        except AlreadyActive:
            return False
        return True

    return sum(all_at_once(add))


def test_of_forty_accounts_that_add_one_policy_one_has_it(crowd: list[User]) -> None:  # noqa: F811
    assert added_by(crowd) == 1
    assert Activation.objects.filter(state=State.FINISHED).count() == Access.objects.count() == 1


@pytest.mark.long
def test_without_the_lock_and_the_constraint_many_would(crowd: list[User], unguarded: None) -> None:  # noqa: F811
    """Control: they do meet."""
    assert added_by(crowd) > 1
