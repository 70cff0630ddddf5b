"""The one place that changes an activation's state, and the one that writes steps."""

from datetime import datetime
from typing import Any

from activation.models import Activation, Step
from activation.rules import Event, State, next_state
from core.live import announce
from policies.models import Insurer, Policy


def move(activation: Activation, event: Event, *, by: Any, now: datetime, reason: str = "") -> None:
    """New state, its history row, and a word to whoever waits for it. Raise WrongMoment where the life has no such way."""
    activation.state = next_state(State(activation.state), event)
    activation.save(update_fields=["state", "finished_at"])
    announce(str(activation.public_id))
    step(event, activation=activation, by=by, now=now, reason=reason)


def step(kind: str, *, activation: Activation, by: Any, now: datetime, reason: str = "") -> None:
    step_of_policy(kind, policy=activation.policy, activation=activation, by=by, now=now, reason=reason)


def step_of_policy(
    kind: str, *, policy: Policy, by: Any, now: datetime, activation: Activation | None = None, reason: str = ""
) -> None:
    step_at_door(
        kind, insurer=policy.insurer, key=policy.insured_key, policy=policy, activation=activation, by=by, now=now,
        reason=reason,
    )  # fmt: skip


def step_at_door(
    kind: str,
    *,
    insurer: Insurer,
    key: str,
    policy: Policy | None,
    by: Any,
    now: datetime,
    activation: Activation | None = None,
    reason: str = "",
) -> None:
    """Also for an ID that nobody has: `policy` is None, the operator still sees what was tried."""
    Step.objects.create(
        insurer=insurer, insured_key=key, policy=policy, activation=activation, kind=kind, at=now, by=by, reason=reason
    )
