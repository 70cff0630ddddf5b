"""What happens when allauth reports something; connected in apps.py."""

import secrets
from typing import Any

from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts import services
from accounts.adapters import brand_in
from accounts.adapters.national import tell_identity
from accounts.models import User
from accounts.queries import device_key
from core import audit

YEAR = 365 * 24 * 3600  # seconds


def note_device(*, request: HttpRequest, user: User, response: HttpResponse, **kwargs: Any) -> None:
    """The key stays in the browser for a year of absence, so that a further sign-in is no news."""
    key = device_key(request) or secrets.token_urlsafe(24)
    services.record_device(
        user=user,
        key=key,
        user_agent=request.headers.get("User-Agent", ""),
        brand=lambda: brand_in(user.language, request=request, user=user),
        now=timezone.now(),
    )
    if user.pin:
        services.forget_wrong_pins(user=user, key=key)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME, key, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite="Lax",
    )  # fmt: skip


def end_other_sessions(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A second factor was added or removed: whoever else was signed in signs in again."""
    services.end_sessions(user=user, except_key=request.session.session_key or "")


def note_connection(*, request: HttpRequest, sociallogin: SocialLogin, **kwargs: Any) -> None:
    """Somebody signed in has connected the national sign-in: what belongs to that person may come at once."""
    audit.record(gettext_noop("connected the national sign-in"), on=sociallogin.user, by=sociallogin.user)
    tell_identity(request, sociallogin)
