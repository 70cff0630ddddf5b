"""Step 2: an e-mail and a password make a pending activation and a letter (NSK-10, NSK-13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Q

from accounts import services as accounts
from accounts.queries import account_known
from activation.models import Activation, Step
from activation.queries import has_outgrown, opening_of
from activation.rules import (
    LETTER_EVERY,
    LETTERS_A_DAY,
    LINK,
    OPEN_STATES,
    Event,
    Proof,
    State,
    letters_of,
    scope_for,
)
from activation.services.life import move, step
from core import limits
from core.limits import Allowance
from core.links import public_url
from notices import services as notices
from policies.models import ConsentText, Policy
from policies.queries import brand_of, opens_another_programme
from policies.rules import AccessKind, ConsentCode
from policies.services.appendix import want_appendix_1
from policies.services.consents import give_consents
from policies.services.cover import start_cover


class AlreadyActive(Exception):
    """Somebody finished this policy's activation in the meantime."""


class WithoutConsent(Exception):
    """TM-20: not everything that the programme asks consent for was agreed to."""


class NotOpenYet(Exception):
    """The facts are right and perhaps proved, and the day has not come (NSK-03, NSK-04)."""


class NeedsOwnEmail(Exception):
    """KIH-13: this address opens another programme of the insurer, and the programme demands one of its own."""


@dataclass(frozen=True)
class Claimed:
    """What the passage between the steps carries: whose policy, and how it was proved."""

    policy: Policy
    proof: Proof
    nonce: str
    consents: Sequence[ConsentCode] = ()  # what the door asks for


@transaction.atomic
def begin_activation(
    *,
    claimed: Claimed,
    email: str,
    password: str | None,
    kind: AccessKind,
    language: str,
    now: datetime,
    texts: Sequence[ConsentText] = (),
) -> Activation:
    """A later one with right facts replaces an earlier and kills its link. Posting twice gives the first one again.

    No password: it is chosen behind the letter's link (KIH-04, KIH-22). An address that has an account gets the same
    page and another letter (decisions.md, People). Raise AlreadyActive, NotOpenYet, NeedsOwnEmail, WithoutConsent.
    """
    policy = claimed.policy
    lock(policy)
    demand_open(policy, now=now)
    demand_own_email(policy, email=email)
    earlier = Activation.objects.filter(
        Q(state__in=[*OPEN_STATES, State.FINISHED], policy=policy) | Q(nonce=claimed.nonce)
    )
    for activation in earlier.select_related("user", "policy__insurer"):
        if activation.nonce == claimed.nonce:
            return activation
        if activation.state != State.FINISHED:
            supersede(activation, now=now)
        elif not has_outgrown(policy, activation, now=now):
            raise AlreadyActive
    activation = Activation.objects.create(
        policy=policy,
        user=accounts.open_account(email=email, password=password, language=language),
        nonce=claimed.nonce,
        email=email,
        language=language,
        kind=kind,
        proof=claimed.proof,
        scope=scope_for(claimed.proof, without_contact=policy.product_version.terms.without_contact),
        started_at=now,
        letter_at=now,
    )
    agree(activation, claimed, texts, now=now)
    step(Step.Kind.BEGUN, activation=activation, by=None, now=now)
    accept(activation, by=None, now=now)
    _post_letter(activation)
    return activation


def demand_open(policy: Policy, *, now: datetime) -> None:
    """No proof shortens the waiting period, and a passage may be in hand before its day. Raise NotOpenYet."""
    opens = opening_of(policy)
    if opens and not opens.is_open(policy.insurer.today(now)):
        raise NotOpenYet


def agree(activation: Activation, claimed: Claimed, texts: Sequence[ConsentText], *, now: datetime) -> None:
    """`texts`: what was agreed to, as it was shown. Raise WithoutConsent: nothing of the activation stays."""
    if set(claimed.consents) - {text.code for text in texts}:
        raise WithoutConsent
    if texts and activation.user:
        insured = activation.policy.insured
        give_consents(user=activation.user, texts=texts, person=insured, language=activation.language, now=now)


def accept(activation: Activation, *, by: Any, now: datetime) -> None:
    """The facts were right: from this day a cover counts that counts from activation (KIH-06), and the address that was
    given learns what there is to know (KIH-03). Repeated with another address, that one learns it too."""
    policy = activation.policy
    start_cover(policy=policy, by=by, now=now)
    terms, first, last = policy.product_version.terms, policy.cover_starts_on, policy.cover_ends_on
    if terms.appendix_1 and activation.email and terms.cover and first and last:
        want_appendix_1(
            policy=policy, language=activation.language, to=activation.email, cover_from=first, cover_until=last,
            activated_on=first - timedelta(days=terms.cover.waiting_days), now=now,
        )  # fmt: skip


def demand_own_email(policy: Policy, *, email: str) -> None:
    """Only somebody whose facts were right learns that the address is taken. No address is none of its own either (an
    account of a national sign-in may have none). Raise NeedsOwnEmail."""
    if policy.product_version.terms.needs_own_email and (not email or opens_another_programme(email, policy)):
        raise NeedsOwnEmail


def lock(*policies: Policy) -> None:
    """One at a time begins, finishes or undoes a policy; held until the transaction ends. Several in one go, in order."""
    rows = Policy.objects.select_for_update().filter(pk__in=[policy.pk for policy in policies])
    list(rows.order_by("pk").values_list("pk"))


def locked(activation: Activation) -> Activation:
    """Its newest state, with the policy locked first: whoever begins the policy anew holds that and wants this next.

    In the other order the two would wait for each other, for a step's foreign key asks for the policy's row as well.
    """
    lock(activation.policy)
    rows = Activation.objects.select_for_update(of=["self"])
    return rows.select_related("policy__insurer", "policy__product_version", "user").get(pk=activation.pk)


def supersede(activation: Activation, *, now: datetime) -> None:
    move(activation, Event.SUPERSEDE, by=None, now=now)
    if activation.user:
        accounts.discard_unconfirmed(user=activation.user)


@transaction.atomic
def send_letter_again(*, activation: Activation, by: Any, now: datetime, reason: str = "") -> bool:
    """A new link; the earlier one dies. False: too often (an operator, `by`, is not limited), or nothing to confirm."""
    activation = locked(activation)
    if activation.state != State.PENDING or (by is None and _too_often(activation, now)):
        return False
    _renew(activation, now)
    step(Step.Kind.LETTER_AGAIN, activation=activation, by=by, now=now, reason=reason)
    return True


@transaction.atomic
def correct_address(*, activation: Activation, email: str, now: datetime) -> bool:
    """The person mistyped the e-mail: the old link dies, the letter goes to the new address. False: too often."""
    activation = locked(activation)
    if activation.state != State.PENDING or not activation.user or _too_often(activation, now):
        return False
    accounts.change_unconfirmed_address(user=activation.user, email=email)
    activation.email = email
    accept(activation, by=None, now=now)
    _renew(activation, now)
    step(Step.Kind.ADDRESS_CORRECTED, activation=activation, by=None, now=now)
    return True


def _too_often(activation: Activation, now: datetime) -> bool:
    """The row is locked, so its last letter's time cannot change meanwhile; a refusal within it costs nothing."""
    day = Allowance(letters_of(activation.pk), LETTERS_A_DAY, timedelta(days=1))
    return now - activation.letter_at < LETTER_EVERY or bool(limits.spend(day, now=now).exhausted)


def _renew(activation: Activation, now: datetime) -> None:
    activation.letter += 1
    activation.letter_at = now
    activation.save(update_fields=["letter", "letter_at", "email"])
    _post_letter(activation)


def _post_letter(activation: Activation) -> None:
    """In the language of the page on which the activation began."""
    brand = brand_of(activation.policy.insurer, activation.language)
    if account_known(activation.email):
        kind, url = "account_known", public_url("account_login")
    else:
        kind = "confirm_address" if not activation.owes_password else "set_password"
        url = public_url("activation:confirm", link_of(activation))
    expires = activation.policy.insurer.today(activation.letter_at + LINK)
    notices.post(
        kind, to=activation.email, language=activation.language, secret=True, scope=activation.policy.insurer.slug,
        context={"url": url, "expires_on": expires.isoformat(), "brand": brand},
    )  # fmt: skip


SALT = "activation.letter"


def link_of(activation: Activation) -> str:
    return signing.dumps([str(activation.public_id), activation.letter], salt=SALT)


def activation_of_link(token: str) -> Activation | None:
    """None: forged, older than 72 hours, or a newer letter was sent since."""
    try:
        public_id, letter = signing.loads(token, salt=SALT, max_age=LINK)
    except signing.BadSignature:
        return None
    return (
        Activation.objects.filter(public_id=public_id, letter=letter)
        .exclude(state__in=[State.SUPERSEDED, State.EXPIRED])
        .select_related("policy__insurer", "policy__product_version", "user")
        .first()
    )
