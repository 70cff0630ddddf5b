"""Forty people and one policy: the constraint decides, and without it the same burst would win many times over."""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import User
from activation.models import Activation
from activation.rules import Proof, State
from activation.services import finish
from activation.services.begin import AlreadyActive, Claimed, begin_activation
from activation.services.finish import attach_policy, confirm_address
from notices.models import Notice
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


@pytest.mark.long
def test_without_the_lock_and_the_constraint_many_would(crowd: list[User], unguarded: None) -> None:
    """Control: the guards hold the door above, not luck."""
    assert attached_by(crowd, a_policy()) > 1


# ── The other way to finish: the letter, then signing in ─────────────────────
def a_confirmed_activation(policy: Policy) -> Activation:
    begun = begin_activation(
        claimed=claim(policy), email="aigul@example.kz", password="Tulpan 1950 gul", kind=AccessKind.SELF,
        language="ru", now=timezone.now(),
    )  # fmt: skip
    assert confirm_address(activation=begun, now=timezone.now())
    return begun


def finished_by_forty(activation: Activation) -> None:
    all_at_once(lambda number: finish.finish(activation=activation, by=activation.user, now=timezone.now()))


def test_forty_sign_ins_at_once_finish_one_activation_once() -> None:
    finished_by_forty(a_confirmed_activation(a_policy()))
    assert Access.objects.count() == 1
    assert Notice.objects.filter(kind="policy_activated").count() == 1


@pytest.mark.long
def test_forty_sign_ins_without_the_rows_lock_would_tell_the_owner_many_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: they do meet."""
    activation, everybody_has_read = a_confirmed_activation(a_policy()), Barrier(CROWD)

    def read_at_the_same_time(activation: Activation) -> Activation:
        read = Activation.objects.select_related("policy__insurer", "policy__product_version", "user").get()
        everybody_has_read.wait(timeout=30)
        return read

    monkeypatch.setattr(finish, "locked", read_at_the_same_time)
    finished_by_forty(activation)
    assert Notice.objects.filter(kind="policy_activated").count() > 1


def test_one_who_signs_in_and_thirty_nine_who_attach_leave_one_finished(crowd: list[User]) -> None:
    policy = a_policy()
    activation = a_confirmed_activation(policy)

    def gets_it(number: int) -> None:
        with suppress(AlreadyActive, Activation.DoesNotExist):
            if number == 0:
                finish.finish(activation=activation, by=activation.user, now=timezone.now())
            else:
                attach_policy(
                    claimed=claim(policy), kind=AccessKind.SELF, user=crowd[number], language="ru", now=timezone.now()
                )

    all_at_once(gets_it)
    assert Activation.objects.filter(state=State.FINISHED).count() == 1
    assert Access.objects.count() == 1


# ── Step 2 ───────────────────────────────────────────────────────────────────
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


@pytest.mark.long
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
