"""What happens when allauth reports something; connected in apps.py."""

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import services
from accounts.adapters import brand_in
from accounts.models import User

YEAR = 365 * 24 * 3600  # seconds


def note_device(*, request: HttpRequest, user: User, response: HttpResponse, **kwargs: Any) -> None:
    """The key stays in the browser for a year of absence, so that a further sign-in is no news."""
    key = request.COOKIES.get(settings.DEVICE_COOKIE_NAME) or secrets.token_urlsafe(24)
    services.record_device(
        user=user,
        key=key,
        user_agent=request.headers.get("User-Agent", ""),
        brand=lambda: brand_in(user.language, request=request, user=user),
        now=timezone.now(),
    )
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME, key, max_age=YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite="Lax",
    )  # fmt: skip


def end_other_sessions(*, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A second factor was added or removed: whoever else was signed in signs in again."""
    services.end_sessions(user=user, except_key=request.session.session_key or "")
