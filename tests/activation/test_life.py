"""The life of an activation under any order of events: only documented states, one owner, no orphan."""

import secrets
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from hypothesis.strategies import sampled_from

from accounts.models import User
from activation.models import Activation, Step
from activation.rules import OPEN_STATES, Proof, State, WrongMoment
from activation.services.begin import (
    AlreadyActive,
    Claimed,
    activation_of_link,
    begin_activation,
    link_of,
    send_letter_again,
)
from activation.services.expire import expire_activations
from activation.services.finish import attach_policy, confirm_address, finish_on_sign_in
from activation.services.operate import undo_activation
from policies.models import Access
from policies.queries import policy_with_insured
from policies.rules import AccessKind
from tests.factories import a_policy
from tests.people import dana, marat

EMAILS = sampled_from(["aigul@example.kz", "botagoz@example.kz"])


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()  # each life begins in an empty one
        self.world.__enter__()
        self.policy, self.now = a_policy(), timezone.now()
        self.dana, self.operator = dana(), marat()
        self.links: list[str] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.world.__exit__(None, None, None)

    def claim(self) -> Claimed:
        policy = policy_with_insured(pk=self.policy.pk)
        assert policy
        return Claimed(policy, Proof.FACTS, secrets.token_hex(16))

    @rule(email=EMAILS)
    def begin(self, email: str) -> None:
        try:
            activation = begin_activation(
                claimed=self.claim(), email=email, password="Tulpan 1950 gul", kind=AccessKind.SELF, language="ru",
                now=self.now,
            )  # fmt: skip
        except AlreadyActive:
            assert Activation.objects.finished().exists()
        else:
            self.links.append(link_of(activation))

    @rule()
    def add_while_signed_in(self) -> None:
        try:
            attach_policy(claimed=self.claim(), kind=AccessKind.SELF, user=self.dana, language="ru", now=self.now)
        except AlreadyActive:
            assert Activation.objects.finished().exists()

    @precondition(lambda self: self.links)
    @rule(which=sampled_from([0, -1]))
    def follow_a_link(self, which: int) -> None:
        activation = activation_of_link(self.links[which])
        if activation:
            confirm_address(activation=activation, now=self.now)

    @rule(email=EMAILS)
    def sign_in(self, email: str) -> None:
        for user in User.objects.filter(email=email):
            finish_on_sign_in(sender=User, user=user)

    @rule()
    def letter_again(self) -> None:
        for activation in Activation.objects.open():
            if send_letter_again(activation=activation, by=self.operator, now=self.now, reason="asked"):
                activation.refresh_from_db()
                self.links.append(link_of(activation))

    @rule()
    def undo(self) -> None:
        for activation in Activation.objects.filter(state__in=[State.FINISHED, State.UNDONE]):
            try:
                undo_activation(activation=activation, by=self.operator, reason="wrong person", now=self.now)
            except WrongMoment:
                assert activation.state == State.UNDONE

    @rule(hours=sampled_from([1, 80]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        expire_activations(now=self.now)

    @invariant()
    def one_owner_at_most_and_exactly_where_finished(self) -> None:
        finished = Activation.objects.finished().count()
        assert finished <= 1
        assert Access.objects.filter(until=None).count() == finished

    @invariant()
    def one_beginning_at_a_time_and_none_beside_a_finished_one(self) -> None:
        beginnings = Activation.objects.filter(state__in=OPEN_STATES).count()
        assert beginnings <= 1
        assert not (beginnings and Activation.objects.finished().exists())

    @invariant()
    def every_end_is_in_the_history(self) -> None:
        for activation in Activation.objects.exclude(state=State.PENDING):
            assert Step.objects.filter(activation=activation).exists()


@pytest.mark.django_db
def test_any_order_of_events_keeps_the_promises() -> None:
    run_state_machine_as_test(Life, settings=settings(max_examples=10, stateful_step_count=12, deadline=None))


@pytest.mark.long
@pytest.mark.django_db
def test_the_same_for_long() -> None:
    run_state_machine_as_test(Life, settings=settings(max_examples=150, stateful_step_count=30, deadline=None))
