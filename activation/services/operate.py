"""What a call-centre operator sees of a person and does about a policy; about an account: operate_accounts.

Each act has its reason in the audit trail; none activates by hand.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts import services as accounts
from accounts.models import User
from activation.models import Activation, Step
from activation.queries import accounts_of, active_one, finished_for, keys_at_door, last_change
from activation.rules import FILES_AN_HOUR, HOUR, Act, Event, WrongMoment, failures_of_id, guesses_of_id
from activation.services.begin import lock, locked, send_letter_again
from activation.services.life import move, step_of_policy
from activation.services.prove import issue_operator_code
from core import audit, limits
from core.limits import Allowance
from notices import services as notices
from policies.models import Person, Policy
from policies.queries import brand_of
from policies.services.access import end_access
from policies.services.family import end_given_by

logger = logging.getLogger(__name__)


# ── Looking ──────────────────────────────────────────────────────────────────
@transaction.atomic
def open_file(*, person: Person, by: Any, now: datetime) -> None:
    """Every opening is logged. The first person above an hour's measure alerts somebody (security.md, 2.13): the same one
    opened again, as after every act, is no further card."""
    audit_act(gettext_noop("opened the file"), person, by=by, reason="")
    own = Allowance(f"operator:{by.pk}:file:{person.pk}", None, HOUR)
    if limits.spend(own, now=now).counts[own.key] > 1:
        return
    hour = Allowance(f"operator:{by.pk}:files", None, HOUR)
    if limits.spend(hour, now=now).counts[hour.key] == FILES_AN_HOUR + 1:
        audit.record(gettext_noop("opened unusually many files"), on=by, by=by, scope=person.insurer.slug, within="1 h")
        logger.error("Staff %s opened more than %d files within an hour", by.public_id, FILES_AN_HOUR)


@transaction.atomic
def reveal(*, person: Person, what: Act, by: Any, reason: str) -> dict[str, str]:
    """What is masked everywhere else, by name: `iin`; or `phone`, `email` and `account`, how the accounts sign in."""
    if what == Act.IIN:
        audit_act(gettext_noop("saw the full IIN"), person, by=by, reason=reason)
        return {"iin": person.iin or ""}
    audit_act(gettext_noop("saw the contacts in full"), person, by=by, reason=reason)
    logins = [login for user in accounts_of(person) for login in (user.email, str(user.phone)) if login]
    return {"phone": person.phone, "email": person.email, "account": ", ".join(logins)}


# ── Acts on a policy: `seen` is queries.last_change of the page on which the operator decided ─
@transaction.atomic
def resend_letter(*, activation: Activation, by: Any, reason: str, now: datetime, seen: int | None = None) -> bool:
    """False: there is nothing to confirm any more. Raise WrongMoment where somebody was faster."""
    _take(activation.policy, by, seen)
    sent = send_letter_again(activation=activation, by=by, now=now, reason=reason)
    if sent:
        audit_act(gettext_noop("sent the activation letter again"), activation.policy, by=by, reason=reason)
    return sent


@transaction.atomic
def unlock(*, policy: Policy, by: Any, reason: str, now: datetime, seen: int | None = None) -> None:
    """The ID and its second proof may be tried again, from the first try. Raise WrongMoment where somebody was faster."""
    _take(policy, by, seen)
    insurer = policy.insurer.slug
    for key in keys_at_door(policy):
        limits.reset(*failures_of_id(insurer, key), guesses_of_id(insurer, key))
    step_of_policy(Step.Kind.UNLOCKED, policy=policy, by=by, now=now, reason=reason)
    audit_act(gettext_noop("unlocked activation"), policy, by=by, reason=reason)


@transaction.atomic
def issue_code(*, policy: Policy, by: Any, reason: str, now: datetime, seen: int | None = None) -> str:
    """The code itself is in neither the trail nor the steps. Raise WrongMoment where the policy is active already, or
    where somebody was faster: a second code would kill the first while a colleague reads it out."""
    _take(policy, by, seen)
    if active_one(policy, now=now):
        raise WrongMoment("a code for a policy that is active")
    code = issue_operator_code(policy=policy, by=by, reason=reason, now=now)
    audit_act(gettext_noop("issued a one-time proof code"), policy, by=by, reason=reason)
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
    end_given_by(user=user, person=person, by=by, reason=reason, now=now)
    accounts.end_sessions(user=user)
    _tell_all_contacts(activation, person, user)
    for other in finished_for(user, person):
        move(other, Event.UNDO, by=by, now=now, reason=reason)
    audit_act(gettext_noop("undid an activation"), activation.policy, by=by, reason=reason, account=str(user.public_id))


def _take(policy: Policy, by: Any, seen: int | None) -> None:
    """One act at a time on one policy, and none on what the operator has not seen. None: whatever has happened since."""
    lock(policy)
    if seen is not None and last_change(policy, not_by=by) != seen:
        raise WrongMoment("somebody changed something since the operator looked")


def _tell_all_contacts(activation: Activation, person: Person, account: User) -> None:
    """The account and what the insurer has on file: whoever was wronged learns of it, and is told whom to call."""
    at_home = person.language or activation.language
    contacts = [
        ("email", account.email, activation.language), ("email", activation.email, activation.language),
        ("sms", str(account.phone or ""), activation.language), ("sms", activation.phone, activation.language),
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


def audit_act(verb: str, subject: Person | Policy, *, by: Any, reason: str, **detail: Any) -> None:
    audit.record(verb, on=subject, by=by, scope=subject.insurer.slug, reason=reason, **detail)
