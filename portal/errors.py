"""The pages for what went wrong: what happened, what to do, whom to call, which number to tell them.

They may be drawn before any middleware has run, after one has failed, or while PostgreSQL is away: none needs a request
that is ready, and the two that speak of our own faults ask the database nothing.
"""

import sys
from typing import Any

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject, empty

from accounts.middleware import language_of
from core.contacts import HelpLine
from policies.models import Insurer
from policies.queries import face_of_host, help_lines, insurer_for
from portal import outages

PAGES = {400, 403, 404, 405, 413, 429, 500, 503}
OURS = {500, 503}  # faults of our own: whatever they would ask may be what is broken


# ── For Django (portal.urls, CSRF_FAILURE_VIEW) and allauth (429) ────────────
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, 403, template="403_csrf.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 404)


def too_many_tries(request: HttpRequest) -> HttpResponse:
    return page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls it while the fault is being handled, wherever it came from: a view, a middleware, a template."""
    fault = sys.exception()
    if outages.is_database_away(fault):
        return unavailable(request, retry_after=outages.RETRY_AFTER)
    if outages.is_disk_full(fault):
        return unavailable(request, retry_after=outages.RETRY_AFTER_FULL_DISK, template="503_not_saved.html")
    return page(request, 500)


def unavailable(request: HttpRequest, *, retry_after: int, template: str = "") -> HttpResponse:
    """`retry_after`: seconds."""
    response = page(request, 503, template=template)
    response.headers["Retry-After"] = str(retry_after)
    return response


# ── The page ─────────────────────────────────────────────────────────────────
def page(request: HttpRequest, status: int, *, template: str = "") -> HttpResponse:
    with translation.override(getattr(request, "LANGUAGE_CODE", None) or language_of(request)):
        html = render_to_string(template or f"{status}.html", facts(request, status))
        response = HttpResponse(html, status=status)
        response.headers["Content-Language"] = str(translation.get_language())
    response.headers["Cache-Control"] = "no-store"
    return response


def facts(request: HttpRequest, status: int) -> dict[str, Any]:
    user = getattr(request, "_cached_user", None)  # django.contrib.auth's, when somebody has asked already
    shown = {"request_id": getattr(request, "id", "")[:8], "is_staff": getattr(user, "is_staff", False)}
    if status in OURS or not is_at_our_host(request):
        return {**shown, "help": lines_of(insurer_at_hand(request))}
    lines = lines_of(insurer_for(request, getattr(request, "user", None)))
    shown |= {"help": lines, "face": face_of_host(request)}
    if translation.get_language_from_path(request.path_info):
        return shown
    # The language switch is a form, so it needs a token, and it leads back here.
    return {**shown, "request": request, "csrf_token": get_token(request)}


def is_at_our_host(request: HttpRequest) -> bool:
    try:
        return bool(request.get_host())
    except DisallowedHost:
        return False


def insurer_at_hand(request: HttpRequest) -> Insurer | None:
    """Whose page this is, if it was found out before the fault."""
    insurer: Any = getattr(request, "insurer", None)
    return None if isinstance(insurer, SimpleLazyObject) and insurer._wrapped is empty else insurer


def lines_of(insurer: Insurer | None) -> list[HelpLine]:
    return help_lines(insurer, now=timezone.now())
