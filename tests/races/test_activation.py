"""Forty people and one policy: the constraint decides, and without it the same burst would win many times over."""

import secrets
from collections.abc import Iterator

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import User
from activation.models import Activation
from activation.rules import Proof, State
from activation.services import finish
from activation.services.begin import AlreadyActive, Claimed, begin_activation
from activation.services.finish import attach_policy
from policies.models import Access, Policy
from policies.queries import policy_with_insured
from policies.rules import AccessKind
from tests.factories import a_policy
from tests.races.crowd import CROWD, all_at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def crowd() -> list[User]:
    return [User.objects.create_user(f"person{number}@example.kz") for number in range(CROWD)]


def claim(policy: Policy, nonce: str = "") -> Claimed:
    found = policy_with_insured(pk=policy.pk)
    assert found
    return Claimed(found, Proof.FACTS, nonce or secrets.token_hex(16))


def attached_by(crowd: list[User], policy: Policy) -> int:
    """How many of the crowd got the one policy."""

    def attach(number: int) -> bool:
        try:
            attach_policy(
                claimed=claim(policy), kind=AccessKind.SELF, user=crowd[number], language="ru", now=timezone.now()
            )
        except AlreadyActive:
            return False
        return True

    return sum(all_at_once(attach))


def test_of_forty_who_attach_one_policy_at_once_one_does(crowd: list[User]) -> None:
    assert attached_by(crowd, a_policy()) == 1
    assert Activation.objects.filter(state=State.FINISHED).count() == 1
    assert Access.objects.count() == 1


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same code with its lock and its constraint taken away."""
    monkeypatch.setattr(finish, "lock", lambda policy: None)
    guard = next(c for c in Activation._meta.constraints if c.name == "activation_finished_once_per_policy")
    with connections["owner"].schema_editor() as editor:
        editor.remove_constraint(Activation, guard)
    yield
    with connections["owner"].schema_editor() as editor:
        editor.execute("TRUNCATE activation_activation CASCADE")
        editor.add_constraint(Activation, guard)
    connections["owner"].close()


def test_without_the_lock_and_the_constraint_many_would(crowd: list[User], unguarded: None) -> None:
    """Control: the guards hold the door above, not luck."""
    assert attached_by(crowd, a_policy()) > 1


def test_one_form_posted_forty_times_makes_one_activation_and_every_answer_shows_it() -> None:
    policy, nonce = a_policy(), secrets.token_hex(16)
    seen = []

    def begin(number: int) -> bool:
        activation = begin_activation(
            claimed=claim(policy, nonce), email="aigul@example.kz", password="Tulpan 1950 gul", kind=AccessKind.SELF,
            language="ru", now=timezone.now(),
        )  # fmt: skip
        seen.append(activation.pk)
        return True

    assert sum(all_at_once(begin)) == CROWD
    assert len(set(seen)) == Activation.objects.count() == 1
    assert User.objects.count() == 1


def test_forty_different_beginnings_leave_one_pending() -> None:
    policy = a_policy()

    def begin(number: int) -> bool:
        begin_activation(
            claimed=claim(policy), email=f"person{number}@example.kz", password="Tulpan 1950 gul",
            kind=AccessKind.SELF, language="ru", now=timezone.now(),
        )  # fmt: skip
        return True

    assert sum(all_at_once(begin)) == CROWD
    assert Activation.objects.filter(state=State.PENDING).count() == 1
    assert Activation.objects.filter(state=State.SUPERSEDED).count() == CROWD - 1
    assert User.objects.count() == 1
