"""What other apps may ask about accounts and about the session that is before them."""

from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest

STAFF_LINK = "staff_link"  # the method that allauth's record carries after a one-time link


def account_known(email: str) -> bool:
    """Whether somebody has proved that this address is theirs. Never show the answer to a stranger."""
    return EmailAddress.objects.filter(email=email.lower(), verified=True).exists()


def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session passed TOTP, a passkey or a recovery code. In DEMO a one-time staff link counts too."""
    enough = {"mfa", STAFF_LINK} if settings.DEMO else {"mfa"}
    return any(record["method"] in enough for record in get_authentication_records(request, request.user))
