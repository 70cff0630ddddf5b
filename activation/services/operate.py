"""What a call-centre operator does for a caller. Each act has its reason in the audit trail; none activates by hand."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import services as accounts
from activation.models import Activation, Step
from activation.rules import Event
from activation.services.begin import send_letter_again
from activation.services.find import Tries
from activation.services.life import move, step_of_policy
from activation.services.prove import issue_operator_code
from core import audit, limits
from notices import services as notices
from policies.models import Policy
from policies.queries import brand_of
from policies.services.access import end_access


@transaction.atomic
def resend_letter(*, activation: Activation, by: Any, reason: str, now: datetime) -> bool:
    """False: there is nothing to confirm any more."""
    sent = send_letter_again(activation=activation, by=by, now=now, reason=reason)
    if sent:
        _audit("sent the activation letter again", activation.policy, by=by, reason=reason)
    return sent


@transaction.atomic
def unlock(*, policy: Policy, by: Any, reason: str, now: datetime) -> None:
    """The ID may be tried again, from the first of its tries."""
    limits.reset(*Tries(policy.insurer, policy.insured_key, source="").of_id)
    step_of_policy(Step.Kind.UNLOCKED, policy=policy, by=by, now=now, reason=reason)
    _audit("unlocked activation", policy, by=by, reason=reason)


@transaction.atomic
def issue_code(*, policy: Policy, by: Any, reason: str, now: datetime) -> str:
    """The code itself is in neither the trail nor the steps."""
    code = issue_operator_code(policy=policy, by=by, reason=reason, now=now)
    _audit("issued a one-time proof code", policy, by=by, reason=reason)
    return code


@transaction.atomic
def undo_activation(*, activation: Activation, by: Any, reason: str, now: datetime) -> None:
    """Detach the policy, end the account's sessions, keep the account, write to every contact (decisions.md, Activation).

    Raise WrongMoment where it is not a finished activation any more.
    """
    rows = Activation.objects.select_for_update(of=["self"]).select_related(
        "policy__insurer", "policy__product_version"
    )
    activation = rows.get(pk=activation.pk)
    move(activation, Event.UNDO, by=by, now=now, reason=reason)
    person = activation.policy.insured
    user = activation.user
    if user is None:
        raise TypeError("a finished activation has an account")  # activation_finished_has_account_and_time holds it
    end_access(user=user, person=person, by=by, reason=reason, now=now)
    accounts.end_sessions(user=user)
    addresses = {("email", user.email), ("email", person.email), ("sms", person.phone)}
    for channel, to in sorted(addresses):
        if to:
            _tell_undone(activation, channel, to)
    _audit("undid an activation", activation.policy, by=by, reason=reason, account=str(user.public_id))


def _tell_undone(activation: Activation, channel: str, to: str) -> None:
    brand = brand_of(activation.policy.insurer, activation.language)
    product = activation.policy.product_version.name_in(activation.language)
    notices.post(
        "activation_undone", to=to, channel=channel, language=activation.language,
        context={"product": product, "phone": brand["phone"], "brand": brand},
    )  # fmt: skip


def _audit(verb: str, policy: Policy, *, by: Any, reason: str, **detail: Any) -> None:
    audit.record(verb, on=policy, by=by, scope=policy.insurer.slug, reason=reason, **detail)
