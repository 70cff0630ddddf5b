"""What other apps may ask about accounts and about the session that is before them."""

from datetime import datetime
from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token

from accounts.models import FactorLoss, NumberChange, PhoneCode, User
from accounts.rules import CODE_TRIES, hash_of

STAFF_LINK = "staff_link"  # the method that allauth's record carries after a one-time link


def account_known(email: str) -> bool:
    """Whether somebody has proved that this address is theirs. Never show the answer to a stranger."""
    return EmailAddress.objects.filter(email=email.lower(), verified=True).exists()


def is_confirmed(user: User) -> bool:
    """Whether the account has proved its address."""
    return EmailAddress.objects.filter(user=user, verified=True).exists()


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
    under_way = [FactorLoss.State.ASKED, FactorLoss.State.WAITING]
    return user.factor_losses.filter(state__in=under_way).select_related("asked_by").first()


def has_second_step(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


def code_waiting(*, purpose: str, browser: str, now: datetime) -> PhoneCode | None:
    """The code that this browser may still type, right or wrong. It is there also where none was sent."""
    living = PhoneCode.objects.filter(used_at=None, expires_at__gt=now, tries__lt=CODE_TRIES)
    return living.filter(browser=hash_of(browser), purpose=purpose).first()


def browser_of(request: HttpRequest) -> str:
    """What this browser alone sends along: its CSRF secret, which no script reads and which changes at sign-in."""
    get_token(request)  # gives the browser its secret where it has none yet
    return str(request.META["CSRF_COOKIE"])


def is_known_device(request: HttpRequest, user: User) -> bool:
    """Whether the account was signed in to from this browser before."""
    key = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    return user.devices.filter(key_hash=hash_of(key)).exists()


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: the address that the configured proxies vouch for; of IPv6 the /64 of one household."""
    address = ip_address(get_adapter().get_client_ip(request))
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session passed TOTP, a passkey or a recovery code. In DEMO a one-time staff link counts too."""
    enough = {"mfa", STAFF_LINK} if settings.DEMO else {"mfa"}
    return any(record["method"] in enough for record in get_authentication_records(request, request.user))
