"""The connection of an account to a national sign-in: made with it, made later, ended."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.queries import is_confirmed
from accounts.services.telling import tell
from core import audit

NATIONAL = "national"  # the provider's name in allauth's tables


class LastWayIn(Exception):
    """Without it nothing would open the account."""


def national_uid(*, issuer: str, subject: str) -> str:
    """What is kept instead of the subject, which at some providers is the IIN.

    A row that was written under a key that is a fallback by now is written anew on the way.
    """
    newest, *older = [
        salted_hmac("accounts.national", f"{issuer} {subject}", secret=key, algorithm="sha256").hexdigest()
        for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    ]
    if older:
        SocialAccount.objects.filter(provider=NATIONAL, uid__in=older).update(uid=newest)
    return newest


@transaction.atomic
def open_national_account(request: HttpRequest, *, sociallogin: SocialLogin) -> User:
    """An account without a password, with the address that the provider has proved or none.

    Raise IntegrityError where the same person or address has one since a moment ago.
    """
    user: User = sociallogin.user
    user.set_unusable_password()
    sociallogin.save(request)
    audit.record(gettext_noop("opened an account by national sign-in"), on=user, by=user)
    return user


@transaction.atomic
def disconnect_national(*, user: User, brand: dict[str, str], now: datetime) -> bool:
    """False: there was no connection. Raise LastWayIn. What else opens the account is locked meanwhile."""
    user = User.objects.select_for_update().get(pk=user.pk)
    connections = SocialAccount.objects.filter(user=user)
    if not connections.exists():
        return False
    if not (is_confirmed(user) or user.phone or _has_passkey(user)):
        raise LastWayIn
    connections.delete()
    audit.record(gettext_noop("disconnected the national sign-in"), on=user, by=user)
    tell(
        user, "account_changed", brand=brand, change="national sign-in removed",
        when=timezone.localtime(now).isoformat(),
    )  # fmt: skip
    return True


def _has_passkey(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()
