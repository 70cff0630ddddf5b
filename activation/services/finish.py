"""The address is proved, the browser or the password is right: the policy becomes the account's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import services as accounts
from accounts.queries import is_confirmed
from activation.models import Activation
from activation.queries import active_one, has_outgrown
from activation.rules import Event, Proof, State, scope_for
from activation.services.begin import (
    AlreadyActive,
    Claimed,
    accept,
    agree,
    demand_open,
    demand_own_email,
    lock,
    locked,
    supersede,
)
from activation.services.codes import use_code
from activation.services.declare import forget_declaration
from activation.services.life import move
from core.links import public_url
from notices import services as notices
from policies.models import ConsentText, Person, Policy
from policies.queries import brand_of
from policies.rules import AccessKind, AccessScope
from policies.services.access import end_access, grant_access


@transaction.atomic
def confirm_address(*, activation: Activation, now: datetime) -> bool:
    """The letter's link was confirmed, by a person or by a mail scanner: the address is proved, no more than that.

    Repeating it changes nothing. False: the address has become somebody's in the meantime.
    """
    activation = locked(activation)
    if activation.state != State.PENDING:
        return activation.state in (State.CONFIRMED, State.FINISHED)
    if not activation.user or not accounts.verify_address(user=activation.user):
        return False
    move(activation, Event.CONFIRM, by=None, now=now)
    return True


@transaction.atomic
def confirm_with_password(*, activation: Activation, password: str, now: datetime) -> bool:
    """Whoever reads the letter chooses the password of the account that has none, and has proved the address by it.

    False: somebody was faster, or the address has become another account's in the meantime.
    """
    activation = locked(activation)
    if activation.state != State.PENDING or not activation.owes_password or not activation.user:
        return False
    if not accounts.verify_address(user=activation.user):
        return False
    accounts.set_first_password(user=activation.user, password=password)
    move(activation, Event.CONFIRM, by=activation.user, now=now)
    return True


def finish_on_sign_in(sender: Any, user: Any, **kwargs: Any) -> None:
    """Signing in, by password or in the browser that began, finishes what this account's proved address waits for."""
    waiting = list(Activation.objects.open().filter(user=user).select_related("policy"))
    if waiting and is_confirmed(user):
        for activation in waiting:
            finish(activation=activation, by=user, now=timezone.now())


@transaction.atomic
def finish(*, activation: Activation, by: Any, now: datetime) -> None:
    """Bind the policy. Two at once, or one twice: the second finds it done (the constraint decides)."""
    activation = locked(activation)
    if activation.state == State.PENDING:  # the address was proved by another letter of this account
        move(activation, Event.CONFIRM, by=by, now=now)
    if activation.state != State.CONFIRMED:
        return
    try:
        with transaction.atomic():
            _bind(activation, by=by, now=now)
    except IntegrityError:
        activation.refresh_from_db()
        supersede(activation, now=now)


@transaction.atomic
def open_with_number(
    *, claimed: Claimed, phone: str, texts: Sequence[ConsentText], kind: AccessKind, language: str, now: datetime
) -> Activation:
    """TM-02, TM-21: this browser has proved `phone` (E.164), so the account is opened and has the policy at once; an SMS
    brings the login and the link to a password. Posting twice gives the first one again.

    Raise AlreadyActive, WithoutConsent, accounts.NumberTaken: the number has an account, which is to sign in.
    """
    lock(claimed.policy)
    if again := Activation.objects.filter(nonce=claimed.nonce, phone=phone).select_related("user").first():
        return again
    user = accounts.open_account_of_number(phone=phone, language=language)
    return attach_policy(claimed=claimed, kind=kind, user=user, texts=texts, language=language, now=now)


@transaction.atomic
def attach_policy(
    *,
    claimed: Claimed,
    kind: AccessKind,
    user: Any,
    language: str,
    now: datetime,
    texts: Sequence[ConsentText] = (),
) -> Activation:
    """Somebody signed in adds a further policy, or another person's, to the same account.

    Raise AlreadyActive, NotOpenYet, NeedsOwnEmail, WithoutConsent.
    """
    policy = claimed.policy
    lock(policy)
    demand_open(policy, now=now)
    demand_own_email(policy, email=user.email)
    if again := Activation.objects.filter(nonce=claimed.nonce, user=user).first():
        return again
    if active_one(policy, now=now):
        raise AlreadyActive
    for earlier in policy.activations.open().select_related("user", "policy__insurer"):
        supersede(earlier, now=now)
    activation = Activation.objects.create(
        policy=policy, user=user, nonce=claimed.nonce, state=State.CONFIRMED, email=user.email,
        phone=str(user.phone or ""), language=language, kind=kind, proof=claimed.proof, started_at=now, letter_at=now,
        scope=scope_for(claimed.proof, without_contact=policy.product_version.terms.without_contact),
    )  # fmt: skip
    agree(activation, claimed, texts, now=now)
    accept(activation, by=user, now=now)
    _bind(activation, by=user, now=now)
    return activation


def _bind(activation: Activation, *, by: Any, now: datetime) -> None:
    person = activation.policy.insured
    _take_from_the_guardian(activation.policy, by=by, now=now)
    activation.finished_at = now
    move(activation, Event.FINISH, by=by, now=now)
    use_code(policy=activation.policy, now=now)
    grant_access(
        user=activation.user,
        person=person,
        kind=AccessKind(activation.kind),
        scope=AccessScope(activation.scope),
        proof=activation.proof,
        by=by,
        now=now,
    )
    if activation.kind == AccessKind.SELF and activation.user:
        forget_declaration(user=activation.user, insurer=person.insurer)
    _tell_owner(activation, person, now=now)
    if activation.proof != Proof.CONTACT_CODE:
        _tell_contacts_on_file(activation, person, now=now)


def _take_from_the_guardian(policy: Policy, *, by: Any, now: datetime) -> None:
    """The child has come of age: the guardian's activation makes room for the person's own (adr/0027)."""
    for earlier in policy.activations.finished().select_related("policy__insurer", "user"):
        if has_outgrown(policy, earlier, now=now):
            move(earlier, Event.OUTGROW, by=by, now=now)
            end_access(user=earlier.user, person=policy.insured, by=by, reason="came of age", now=now)


def _tell_owner(activation: Activation, person: Person, *, now: datetime) -> None:
    """By letter; by SMS whoever has no address: the first one brings the login (TM-02), later ones a word. Whoever came by
    a national sign-in and gave neither is before the screen."""
    if activation.email:
        _write_to_owner(activation, person)
    elif activation.phone:
        _send_login(activation, now=now)


def _send_login(activation: Activation, *, now: datetime) -> None:
    policy = activation.policy
    kind, facts = "policy_activated", {"product": policy.product_version.name_in(activation.language)}
    if activation.owes_password and activation.user:
        kind, facts = "login", {"url": accounts.first_password_link(user=activation.user, now=now)}
    notices.post(
        kind, to=activation.phone, channel="sms", language=activation.language, secret=True, scope=policy.insurer.slug,
        context={**facts, "login": activation.phone, "brand": brand_of(policy.insurer, activation.language)},
    )  # fmt: skip


def _write_to_owner(activation: Activation, person: Person) -> None:
    """Whose policy it is must stand in the letter: a parent gets one for each child."""
    policy = activation.policy
    starts, ends = policy.cover_starts_on, policy.cover_ends_on
    notices.post(
        "policy_activated", to=activation.email, language=activation.language, scope=policy.insurer.slug,
        context={
            "product": policy.product_version.name_in(activation.language),
            "insured": person.short_name,
            "cover_from": starts.isoformat() if starts else "",
            "cover_until": ends.isoformat() if ends else "",
            "url": public_url("home"),
            "brand": brand_of(policy.insurer, activation.language),
        },
    )  # fmt: skip


def _tell_contacts_on_file(activation: Activation, person: Person, *, now: datetime) -> None:
    """Whoever holds the phone or mailbox that the insurer knows learns of it, and whom to call if it was not them."""
    language = person.language or activation.language
    policy = activation.policy
    brand = brand_of(policy.insurer, language)
    for channel, to in (("sms", person.phone), ("email", person.email)):
        if to and to.casefold() not in (activation.email.casefold(), activation.phone):
            notices.post(
                "activated_notice_to_contact", to=to, channel=channel, language=language, scope=policy.insurer.slug,
                context={
                    "product": policy.product_version.name_in(language),
                    "activated_on": policy.insurer.today(now).isoformat(),
                    "phone": brand["phone"],
                    "brand": brand,
                },
            )  # fmt: skip
