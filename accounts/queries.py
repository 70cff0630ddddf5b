"""What other apps may ask about accounts and about the session that is before them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Device, FactorLoss, GuestAccess, NumberChange, PhoneCode, User
from accounts.rules import ABSOLUTE, CODE_TRIES, counter_of_number, hash_of, tries_in_a_row_of, tries_of
from core import limits

UNDER_WAY = [FactorLoss.State.ASKED, FactorLoss.State.WAITING]
# Methods that allauth's records carry beside its own: after a one-time link, after a PIN.
STAFF_LINK, PIN = "staff_link", "pin"


def account_known(email: str) -> bool:
    """Whether somebody has proved that this address is theirs. Never show the answer to a stranger."""
    return EmailAddress.objects.filter(email=email.lower(), verified=True).exists()


def is_confirmed(user: User) -> bool:
    """Whether the account has proved its address."""
    return EmailAddress.objects.filter(user=user, verified=True).exists()


def has_proved(user: User, *, email: str, phone: str) -> bool:
    """Whether one of the two, where it is given, is a contact that the account has itself proved."""
    if phone and str(user.phone) == phone:
        return True
    return bool(email) and EmailAddress.objects.filter(user=user, email=email.lower(), verified=True).exists()


def account_of(request: HttpRequest) -> User | None:
    """Who is signed in. No query for a visitor without a session."""
    return request.user if request.user.is_authenticated else None


def account_of_phone(phone: str) -> User | None:
    """Whose proved number this is (E.164). Never show the answer to a stranger. Staff are nobody here: no SMS signs
    them in or gives them a password."""
    return User.objects.filter(phone=phone, is_active=True, is_staff=False).first() if phone else None


def change_waiting(user: User) -> NumberChange | None:
    """What will become of the account's number within a day."""
    return user.number_changes.filter(state=NumberChange.State.WAITING).first()


def factor_loss_of(user: User) -> FactorLoss | None:
    """What colleagues have begun about a lost second step and what has not ended yet."""
    return user.factor_losses.filter(state__in=UNDER_WAY).select_related("asked_by").first()


def has_second_step(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


def has_national_sign_in(user: User) -> bool:
    return SocialAccount.objects.filter(user=user).exists()


def code_waiting(*, purpose: str, browser: str, now: datetime) -> PhoneCode | None:
    """The code that this browser may still type, right or wrong. It is there also where none was sent."""
    living = PhoneCode.objects.filter(used_at=None, expires_at__gt=now, tries__lt=CODE_TRIES)
    return living.filter(browser=hash_of(browser), purpose=purpose).first()


def browser_of(request: HttpRequest) -> str:
    """What this browser alone sends along: its CSRF secret, which no script reads and which changes at sign-in."""
    get_token(request)  # gives the browser its secret where it has none yet
    return str(request.META["CSRF_COOKIE"])


def device_key(request: HttpRequest) -> str:
    """What this browser keeps since somebody signed in with it; empty where nobody has."""
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")


def is_known_device(request: HttpRequest, user: User) -> bool:
    """Whether the account was signed in to from this browser before."""
    return user.devices.filter(key_hash=hash_of(device_key(request))).exists()


def trusted_device(request: HttpRequest) -> Device | None:
    """Whose PIN opens this browser, tries left or not. No query for a browser that nobody has signed in with."""
    key = device_key(request)
    trusted = Device.objects.filter(trusted_at__isnull=False, user__is_active=True, user__is_staff=False)
    return trusted.exclude(user__pin="").filter(key_hash=hash_of(key)).select_related("user").first() if key else None


def trusted_devices(user: User) -> list[Device]:
    """The one seen last comes first."""
    return list(user.devices.filter(trusted_at__isnull=False).order_by("-last_seen"))


def pin_tries(device: Device) -> str:
    """Name of the counter of wrong PINs."""
    return f"pin:device:{device.pk}"


def is_pin_off(device: Device, *, now: datetime) -> bool:
    """Whether so many PINs were wrong that only a full sign-in opens the device."""
    held = limits.held(pin_tries(device), now=now).get(pin_tries(device))
    return held is not None and held.is_exhausted


def opened_by_pin_alone(request: HttpRequest) -> bool:
    """Whether nothing but the PIN has been asked in this session."""
    return {record["method"] for record in get_authentication_records(request, request.user)} <= {PIN}


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: the address that the configured proxies vouch for; of IPv6 the /64 of one household."""
    address = ip_address(get_adapter().get_client_ip(request))
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session passed TOTP, a passkey or a recovery code. In DEMO a one-time staff link counts too."""
    enough = {"mfa", STAFF_LINK} if settings.DEMO else {"mfa"}
    return any(record["method"] in enough for record in get_authentication_records(request, request.user))


def guest_access_of_link(key: str, *, now: datetime) -> GuestAccess | None:
    """Whose link this is; None once it has ended, or for a key that nobody was given."""
    return GuestAccess.objects.living(now).filter(key_hash=hash_of(key)).first()


def guest_in(request: HttpRequest, *, subject: UUID, now: datetime, purpose: str | None = None) -> GuestAccess | None:
    """What this browser may see as a guest: asked anew with each request, so an end holds at once. No query without a cookie."""
    name = guest_cookie(subject)
    key = request.get_signed_cookie(name, default="", salt=name)
    if not key:
        return None
    mine = GuestAccess.objects.living(now).filter(subject=subject, browser_hash=hash_of(key))
    return (mine.filter(purpose=purpose) if purpose else mine).first()


def guest_cookie(subject: UUID) -> str:
    """One a subject: a guest of two things keeps both."""
    return f"{settings.HOST_PREFIX}guest-{subject.hex}"


def guests_of(subject: UUID, *, purpose: str) -> list[GuestAccess]:
    """Everybody who was ever given this page, the newest first. One query."""
    return list(GuestAccess.objects.filter(purpose=purpose, subject=subject).order_by("-pk"))


# ── For colleagues who help on the telephone ─────────────────────────────────
@dataclass(frozen=True)
class Proved:
    addresses: set[str]  # in small letters
    accounts: set[int]  # that have proved an address


def proved_addresses(emails: Iterable[str], users: Iterable[int | None]) -> Proved:
    """Which of these addresses somebody has proved, and which of these accounts have proved one. One query."""
    mine = Q(email__in=[email.lower() for email in emails]) | Q(user__in=[user for user in users if user])
    rows = list(EmailAddress.objects.filter(mine, verified=True).values_list("email", "user"))
    return Proved({email for email, _user in rows}, {user for _email, user in rows})


def accounts_reached_by(contact: str) -> QuerySet[Any, Any]:
    """Numbers of the accounts that have proved this whole address or number (E.164), along an index; to be asked within
    another query."""
    if "@" in contact:
        return EmailAddress.objects.filter(email=contact.lower(), verified=True).values("user")
    return User.objects.filter(phone=contact).exclude(phone="").values("pk")


@dataclass(frozen=True)
class SignIn:
    """How one account signs in."""

    is_confirmed: bool
    sessions: list[UserSession]  # that may still be alive, the newest first
    devices: list[Device]  # the last seen first
    has_second_step: bool
    loss: FactorLoss | None
    change: NumberChange | None  # of the number, on its way


def sign_ins_of(users: list[User], *, now: datetime) -> dict[int, SignIn]:
    """By the account's number. Six queries, however many accounts."""
    mine = {"user__in": users}
    proved = proved_addresses([], [user.pk for user in users]).accounts
    sessions = UserSession.objects.filter(**mine, created_at__gt=now - ABSOLUTE).order_by("-created_at")
    factors = set(Authenticator.objects.filter(**mine).values_list("user", flat=True))
    losses = FactorLoss.objects.filter(**mine, state__in=UNDER_WAY).select_related("asked_by")
    changes = NumberChange.objects.filter(**mine, state=NumberChange.State.WAITING)
    sessions_of, devices_of = _by_user(sessions), _by_user(Device.objects.filter(**mine).order_by("-last_seen"))
    loss_of, change_of = _by_user(losses), _by_user(changes)
    return {
        user.pk: SignIn(
            is_confirmed=user.pk in proved,
            sessions=sessions_of.get(user.pk, []),
            devices=devices_of.get(user.pk, []),
            has_second_step=user.pk in factors,
            loss=next(iter(loss_of.get(user.pk, [])), None),
            change=next(iter(change_of.get(user.pk, [])), None),
        )
        for user in users
    }


def _by_user(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.user_id, []).append(row)
    return found


def counters_of_address(address: str) -> dict[str, Promise]:
    """What is counted when somebody signs in with it, in words, by the counter's name. No query."""
    return {
        tries_of(address): _("wrong passwords within five minutes"),
        tries_in_a_row_of(address): _("wrong passwords in a row"),
    }


def counters_of_number(phone: str) -> dict[str, Promise]:
    """…and when codes are sent to a number, or passwords typed beside it. No query."""
    words = {
        "lock": _("no codes: too many wrong ones"),
        "wrong": _("wrong codes within a quarter of an hour"),
        "pause": _("pause before the next code"),
        "hour": _("codes within an hour"),
        "day": _("codes within a day"),
    }
    return counters_of_address(phone) | {counter_of_number(what, phone): text for what, text in words.items()}
