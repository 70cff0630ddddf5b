"""The first password of an account that began with a mobile number: a link by SMS, never a password (TM-02)."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import rules
from accounts.models import OneTimeLink, User
from accounts.rules import hash_of
from accounts.services.accounts import LinkSpent, set_first_password
from accounts.services.telling import tell
from core import audit
from core.links import public_url

PURPOSE = OneTimeLink.Purpose.PASSWORD


@transaction.atomic
def first_password_link(*, user: User, now: datetime) -> str:
    """An address on PUBLIC_URL that lets whoever reads the SMS choose the password once within 72 hours. An earlier one dies."""
    key = secrets.token_urlsafe(16)  # short, for an SMS
    OneTimeLink.objects.filter(user=user, purpose=PURPOSE, used_at=None).delete()
    OneTimeLink.objects.create(
        user=user, purpose=PURPOSE, key_hash=hash_of(key), expires_at=now + rules.FIRST_PASSWORD_LINK
    )
    return public_url("accounts:first_password", key)


def owner_of_first_password(*, key: str, now: datetime) -> User:
    """Whose password the link would set. Raises LinkSpent, also where a password was chosen another way meanwhile."""
    link = _live(key, now).select_related("user").first()
    if not link or not link.user.is_active or link.user.has_usable_password():
        raise LinkSpent
    return link.user


@transaction.atomic
def choose_first_password(*, key: str, password: str, brand: dict[str, str], now: datetime) -> User:
    """Whose it is now. Raises LinkSpent; of two who send at once, one gets through. The owner is told; nobody is signed
    in by it."""
    user = owner_of_first_password(key=key, now=now)
    if not _live(key, now).update(used_at=now):
        raise LinkSpent
    set_first_password(user=user, password=password)
    audit.record(gettext_noop("chose the first password"), on=user, by=user)
    tell(user, "password_changed", brand=brand, when=timezone.localtime(now).isoformat())
    return user


def _live(key: str, now: datetime) -> QuerySet[OneTimeLink]:
    return OneTimeLink.objects.filter(key_hash=hash_of(key), purpose=PURPOSE, used_at=None, expires_at__gt=now)
