"""The language of a page and the end of a session."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

from accounts import rules

GetResponse = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """What the address says, then the cookie, then the account, then what the browser asks for, else Russian. Needs
    request.user."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request, request.user)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def language_of(request: HttpRequest, user: Any = None) -> str:
    """Without a user nothing is asked of the database, nor where the address says it (adr/0037)."""
    if said := translation.get_language_from_path(request.path_info):
        return said
    ours = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in ours:
        return chosen
    if user and user.is_authenticated and user.language in ours:
        return str(user.language)
    return translation.get_language_from_request(request)


class SessionLimitsMiddleware:
    """Ends a session that idled or lasted too long (rules.session_end). After MessageMiddleware.

    When it was last seen stands in the session itself, written at most once a minute. An anonymous visitor gets none.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_signed_in = request.user.is_authenticated
        if was_signed_in:
            keep_or_end(request, timezone.now())
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        elif was_signed_in:  # just now signed out: the next at this computer finds no page of theirs by Back
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def keep_or_end(request: HttpRequest, now: datetime) -> None:
    session = request.session
    signed_in_at = _instant(session.get("signed_in_at"), now)
    seen_at = _instant(session.get("seen_at"), now)
    end = rules.session_end(signed_in_at=signed_in_at, seen_at=seen_at, now=now, is_staff=request.user.is_staff)
    if end:
        logout(request)
        messages.info(request, END_WORDS[end])
        return
    if "seen_at" not in session or now - seen_at >= rules.SEEN_EVERY:
        session["signed_in_at"] = signed_in_at.timestamp()
        session["seen_at"] = now.timestamp()


END_WORDS = {
    rules.SessionEnd.IDLE: _("You were away for a while, so you are signed out. Please sign in again."),
    rules.SessionEnd.TOO_LONG: _("You were signed in for 12 hours, so you are signed out. Please sign in again."),
}


def _instant(seconds: float | None, now: datetime) -> datetime:
    return now if seconds is None else datetime.fromtimestamp(seconds, UTC)
