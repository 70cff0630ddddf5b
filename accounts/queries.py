"""What other apps may ask about accounts and about the session that is before them."""

from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User

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


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: the address that the configured proxies vouch for; of IPv6 the /64 of one household."""
    address = ip_address(get_adapter().get_client_ip(request))
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session passed TOTP, a passkey or a recovery code. In DEMO a one-time staff link counts too."""
    enough = {"mfa", STAFF_LINK} if settings.DEMO else {"mfa"}
    return any(record["method"] in enough for record in get_authentication_records(request, request.user))
