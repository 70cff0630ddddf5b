"""What a call-centre operator does for a caller. Each act has its reason in the audit trail; none activates by hand."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts import services as accounts
from accounts.models import User
from activation.models import Activation, Step
from activation.queries import finished_for, last_change
from activation.rules import FILES_AN_HOUR, HOUR, Act, Event, State, WrongMoment, failures_of_id, guesses_of_id
from activation.services.begin import lock, locked, send_letter_again
from activation.services.life import move, step_of_policy
from activation.services.prove import issue_operator_code
from core import audit, limits
from core.limits import Allowance
from notices import services as notices
from policies.models import Person, Policy
from policies.queries import brand_of
from policies.services.access import end_access

logger = logging.getLogger(__name__)


@transaction.atomic
def open_file(*, policy: Policy, by: Any, now: datetime) -> None:
    """Every opening is logged; the first one above an hour's measure alerts somebody (security.md, 2.13)."""
    _audit(gettext_noop("opened the file"), policy, by=by, reason="")
    hour = Allowance(f"operator:{by.pk}:files", None, HOUR)
    if limits.spend(hour, now=now).counts[hour.key] == FILES_AN_HOUR + 1:
        audit.record(gettext_noop("opened unusually many files"), on=by, by=by, scope=policy.insurer.slug, within="1 h")
        logger.error("Staff %s opened more than %d files within an hour", by.public_id, FILES_AN_HOUR)


@transaction.atomic
def reveal(*, policy: Policy, what: Act, by: Any, reason: str) -> dict[str, str]:
    """What is masked everywhere else, by name: `iin`; or `phone`, `email` and `account`, the address that signs in."""
    person = policy.insured
    if what == Act.IIN:
        _audit(gettext_noop("saw the full IIN"), policy, by=by, reason=reason)
        return {"iin": person.iin or ""}
    latest = policy.activations.select_related("user").order_by("-pk").first()
    account = latest.user if latest else None
    _audit(gettext_noop("saw the contacts in full"), policy, by=by, reason=reason)
    return {"phone": person.phone, "email": person.email, "account": account.email if account else ""}


# ── Acts: `seen` is queries.last_change of the page on which the operator decided ─
@transaction.atomic
def resend_letter(*, activation: Activation, by: Any, reason: str, now: datetime, seen: int | None = None) -> bool:
    """False: there is nothing to confirm any more. Raise WrongMoment where somebody was faster."""
    _take(activation.policy, by, seen)
    sent = send_letter_again(activation=activation, by=by, now=now, reason=reason)
    if sent:
        _audit(gettext_noop("sent the activation letter again"), activation.policy, by=by, reason=reason)
    return sent


@transaction.atomic
def unlock(*, policy: Policy, by: Any, reason: str, now: datetime, seen: int | None = None) -> None:
    """The ID and its second proof may be tried again, from the first try. Raise WrongMoment where somebody was faster."""
    _take(policy, by, seen)
    insurer, key = policy.insurer.slug, policy.insured_key
    limits.reset(*failures_of_id(insurer, key), guesses_of_id(insurer, key))
    step_of_policy(Step.Kind.UNLOCKED, policy=policy, by=by, now=now, reason=reason)
    _audit(gettext_noop("unlocked activation"), policy, by=by, reason=reason)


@transaction.atomic
def issue_code(*, policy: Policy, by: Any, reason: str, now: datetime, seen: int | None = None) -> str:
    """The code itself is in neither the trail nor the steps. Raise WrongMoment where the policy is active already, or
    where somebody was faster: a second code would kill the first while a colleague reads it out."""
    _take(policy, by, seen)
    if policy.activations.finished().exists():
        raise WrongMoment("a code for a policy that is active")
    code = issue_operator_code(policy=policy, by=by, reason=reason, now=now)
    _audit(gettext_noop("issued a one-time proof code"), policy, by=by, reason=reason)
    return code


@transaction.atomic
def undo_activation(*, activation: Activation, by: Any, reason: str, now: datetime, seen: int | None = None) -> None:
    """Detach the person, end the account's sessions, keep the account, write to every contact (decisions.md, Activation).

    Access is to a person, so the person's other policies in this account are undone with it and can be activated anew.
    Raise WrongMoment where it is not a finished activation any more, or where somebody was faster.
    """
    user, person = activation.user, activation.policy.insured
    if user is None:
        raise TypeError("a finished activation has an account")  # activation_finished_has_account_and_time holds it
    lock(activation.policy, *(other.policy for other in finished_for(user, person)))
    _take(activation.policy, by, seen)
    activation = locked(activation)
    move(activation, Event.UNDO, by=by, now=now, reason=reason)
    end_access(user=user, person=person, by=by, reason=reason, now=now)
    accounts.end_sessions(user=user)
    _tell_all_contacts(activation, person, user.email)
    for other in finished_for(user, person):
        move(other, Event.UNDO, by=by, now=now, reason=reason)
    _audit(gettext_noop("undid an activation"), activation.policy, by=by, reason=reason, account=str(user.public_id))


# ── A lost second step: two colleagues (accounts.services.factor) ────────────
@transaction.atomic
def ask_to_lift_factor(*, activation: Activation, by: Any, reason: str, now: datetime, seen: int | None = None) -> None:
    """Raise WrongMoment where there is nothing to lift, or where somebody was faster."""
    policy = activation.policy
    _take(policy, by, seen)
    try:
        accounts.ask_to_lift_factor(user=_owner(activation), by=by, reason=reason, scope=policy.insurer.slug, now=now)
    except accounts.NothingToLift as error:
        raise WrongMoment("no second step, or its day runs already") from error
    _audit(gettext_noop("asked to lift the second step"), policy, by=by, reason=reason)


@transaction.atomic
def confirm_lifting(*, activation: Activation, by: Any, reason: str, now: datetime, seen: int | None = None) -> None:
    """Raise accounts.NeedsColleague for whoever asked, WrongMoment where somebody was faster."""
    policy, user = activation.policy, _owner(activation)
    _take(policy, by, seen)
    brand = brand_of(policy.insurer, user.language)
    try:
        accounts.confirm_lifting(user=user, by=by, reason=reason, scope=policy.insurer.slug, brand=brand, now=now)
    except accounts.NothingToLift as error:
        raise WrongMoment("nobody asked, or it is confirmed already") from error
    _audit(gettext_noop("confirmed lifting the second step"), policy, by=by, reason=reason)


def _owner(activation: Activation) -> User:
    if activation.state != State.FINISHED or activation.user is None:
        raise WrongMoment("nobody's account has this policy any more")
    return activation.user


def _take(policy: Policy, by: Any, seen: int | None) -> None:
    """One act at a time on one policy, and none on what the operator has not seen. None: whatever has happened since."""
    lock(policy)
    if seen is not None and last_change(policy, not_by=by) != seen:
        raise WrongMoment("somebody changed something since the operator looked")


def _tell_all_contacts(activation: Activation, person: Person, account: str) -> None:
    """The account and what the insurer has on file: whoever was wronged learns of it, and is told whom to call."""
    at_home = person.language or activation.language
    contacts = [
        ("email", account, activation.language), ("email", activation.email, activation.language),
        ("email", person.email, at_home), ("sms", person.phone, at_home),
    ]  # fmt: skip
    policy = activation.policy
    for channel, to, language in {
        to.lower(): (channel, to, language) for channel, to, language in contacts if to
    }.values():
        brand = brand_of(policy.insurer, language)
        product = policy.product_version.name_in(language)
        notices.post(
            "activation_undone", to=to, channel=channel, language=language, scope=policy.insurer.slug,
            context={"product": product, "phone": brand["phone"], "brand": brand},
        )  # fmt: skip


def _audit(verb: str, policy: Policy, *, by: Any, reason: str, **detail: Any) -> None:
    audit.record(verb, on=policy, by=by, scope=policy.insurer.slug, reason=reason, **detail)
