"""Verbs about accounts. Accounts begin with an activation or with a colleague; nobody signs up by a form."""

import secrets
from collections.abc import Callable
from datetime import datetime

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import rules
from accounts.models import Device, OneTimeLink, User
from accounts.rules import hash_of
from accounts.services.telling import tell
from core import audit, sealing


class AddressTaken(Exception):
    """Another account has proved this address."""


class NumberTaken(Exception):
    """Another account has proved the number."""


class LinkSpent(Exception):
    """The one-time link was used, ran out, or never existed."""


@transaction.atomic
def open_account(*, email: str, password: str | None, language: str, pin: str = "") -> User:
    """A user with an unverified address; other accounts that name the same address stay as they are.

    No password: nobody can sign in until `set_first_password`.
    """
    hashed_pin = make_password(pin) if pin else ""
    user = User.objects.create_user(email.lower(), password, language=language, pin=hashed_pin)
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    return user


@transaction.atomic
def open_account_of_number(*, phone: str, language: str) -> User:
    """A user who has just proved `phone` (E.164) and has no address; a password comes by `first_password_link`.

    Raises NumberTaken: the constraint decides between two who prove one number at once.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user("", phone=phone, language=language)
    except IntegrityError as error:
        raise NumberTaken from error
    audit.record(gettext_noop("opened an account by its mobile number"), on=user, by=user)
    return user


def verify_address(*, user: User) -> bool:
    """The person followed the letter's link. False when another account has proved the same address first."""
    address = EmailAddress.objects.select_related("user").get(user=user, primary=True)
    try:
        with transaction.atomic():  # the race between two accounts is decided by allauth's unique_verified_email
            return address.set_verified()
    except IntegrityError:
        return False


def set_first_password(*, user: User, password: str) -> None:
    """Of an account that was opened without one."""
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def change_unconfirmed_address(*, user: User, email: str) -> None:
    """The address was mistyped and is not proved yet: the new one takes its place. A link to the old one dies."""
    user.email = email.lower()
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user, verified=False).delete()
    EmailAddress.objects.create(user=user, email=user.email, primary=True)


def discard_unconfirmed(*, user: User) -> bool:
    """Delete an account that never proved an address or a number and never signed in; any other stays."""
    never_used = User.objects.filter(pk=user.pk, phone="", last_login=None).exclude(emailaddress__verified=True)
    deleted, _rows = never_used.delete()
    return bool(deleted)


def sign_in(
    request: HttpRequest, *, user: User, method: str, then: str | None = None, proves_contact: bool = False
) -> HttpResponse:
    """Sign in somebody whom `method` has just proved, and answer with where to go: `then`, or a step still missing.

    Goes through allauth, so a second factor still stands between, and the device is noted; so does an unverified
    address, unless the method itself proves a contact, as a code by SMS does.
    """
    record_authentication(request, user, method=method)
    return perform_login(
        request,
        user,
        redirect_url=then,
        email_verification=EmailVerificationMethod.NONE if proves_contact else None,
    )


def keep_signed_in(request: HttpRequest, *, user: User) -> None:
    """After a new password: Django ends the sessions of the old one, and this is the owner's browser if they sit in it."""
    if request.user == user:
        update_session_auth_hash(request, user)
        UserSession.objects.create_from_request(request)  # the session has a new key


def set_language(*, user: User, language: str) -> None:
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])


@transaction.atomic
def record_device(
    *, user: User, key: str, user_agent: str, brand: Callable[[], dict[str, str]], now: datetime
) -> None:  # fmt: skip
    """Remember the browser that holds `key`; a further one than the first is announced to the account's address.

    One statement for a browser that is known, which nearly all are. `brand` is asked only for a letter.
    """
    key_hash = hash_of(key)
    if user.devices.filter(key_hash=key_hash).update(last_seen=now):
        return
    is_first = not user.devices.exists()
    device, is_new = Device.objects.get_or_create(
        user=user,
        key_hash=key_hash,
        defaults={"label": rules.device_label(user_agent), "first_seen": now, "last_seen": now},
    )
    if is_new and not is_first:
        with translation.override(user.language):
            label, signs = device.label or _("unknown"), brand()
        when = timezone.localtime(now).isoformat()
        tell(user, "new_device", brand=signs, phone="" if user.email else None, device=label, when=when)


def end_session(*, user: User, number: int, except_key: str) -> int:
    """Sign the account out on one other of its devices. 0: it is somebody else's, has ended, or is the one that asks."""
    sessions = list(UserSession.objects.filter(user=user, pk=number).exclude(session_key=except_key))
    for session in sessions:
        session.end()
    return len(sessions)


def end_sessions(*, user: User, except_key: str = "") -> int:
    """Sign the account out everywhere, or everywhere but in the session that asks. Returns how many ended."""
    sessions = list(UserSession.objects.filter(user=user).exclude(session_key=except_key))
    for session in sessions:
        session.end()
    return len(sessions)


AUTHENTICATORS = "accounts.authenticators"  # the purpose under which their secrets are sealed (adapters.MfaAdapter)


@transaction.atomic
def reseal_authenticators() -> int:
    """Seal every authenticator's secret with the newest SECRET_KEY, so that an older one can go. Returns how many."""
    sealed = Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN)
    for authenticator in sealed:
        data = authenticator.data
        for name in {"secret", "seed"} & set(data):
            data[name] = sealing.reseal(data[name], purpose=AUTHENTICATORS)
        authenticator.save(update_fields=["data"])
    return len(sealed)


@transaction.atomic
def open_staff_account(*, email: str, name: str, is_administrator: bool, by: User | None) -> User:
    """An account without a password, for a colleague whose address is vouched for by whoever runs the command.

    Raises AddressTaken: who is insured as well needs a second address, for the rights of staff have their own limits.
    """
    user = User.objects.create_user(email.lower(), is_staff=True, is_superuser=is_administrator)
    try:
        with transaction.atomic():
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    except IntegrityError as error:
        raise AddressTaken(email) from error
    audit.record(gettext_noop("opened a staff account"), on=user, by=by, name=name, administrator=is_administrator)
    return user


@transaction.atomic
def one_time_staff_link(*, user: User, now: datetime, by: User | None = None) -> str:
    """An address on PUBLIC_URL that signs `user` in once within 24 hours. An earlier unused link dies."""
    key = secrets.token_urlsafe(32)
    OneTimeLink.objects.filter(user=user, purpose=OneTimeLink.Purpose.STAFF, used_at=None).delete()
    OneTimeLink.objects.create(
        user=user, purpose=OneTimeLink.Purpose.STAFF, key_hash=hash_of(key), expires_at=now + rules.STAFF_LINK_LIFE
    )
    audit.record(gettext_noop("made a one-time staff link"), on=user, by=by)
    return settings.PUBLIC_URL + reverse("accounts:link", args=[key])


@transaction.atomic
def use_staff_link(*, key: str, now: datetime) -> User:
    """Whose link it was. Raises LinkSpent; of two who press at once, one gets through."""
    # One table in the WHERE: with a join Django writes «id IN (SELECT …)», and PostgreSQL does not look into that again
    # when a competing UPDATE has committed; of 20 at once all 20 passed.
    live = OneTimeLink.objects.filter(
        key_hash=hash_of(key), purpose=OneTimeLink.Purpose.STAFF, used_at=None, expires_at__gt=now
    )
    if not live.update(used_at=now):
        raise LinkSpent
    user = OneTimeLink.objects.select_related("user").get(key_hash=hash_of(key)).user
    if not (user.is_staff and user.is_active):
        raise LinkSpent
    audit.record(gettext_noop("used a one-time staff link"), on=user, by=user)
    return user
