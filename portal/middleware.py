"""The number of a request and its line in the log, headers that Django has no setting for, pages where it has none,
and how much of a body is taken in before anybody has looked at it."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path

from accounts.hashers import Busy
from core.logs import route_of, within_request
from policies.rules.registers import MIB, MOST_CSV_BYTES
from portal import errors
from portal.metrics import count_request

GetResponse = Callable[[HttpRequest], HttpResponse]
logger = logging.getLogger("portal.access")


class AccessMiddleware:
    """The outermost: whatever answered, the answer has a number, one line in the log and its place in the metrics."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = number_of(request)  # type: ignore[attr-defined]
        began = time.perf_counter()
        with within_request(request.id):  # type: ignore[attr-defined]
            response = self.get_response(request)
            note(request, response, time.perf_counter() - began)
        response.headers["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        return response


def number_of(request: HttpRequest) -> str:
    """The proxy's own where there is a proxy, so that both logs agree; else anybody could choose one."""
    given = request.headers.get("X-Request-ID", "")
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and re.fullmatch(r"[0-9A-Za-z-]{8,64}", given):
        return given
    return secrets.token_hex(8)


def note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    route, status = route_of(request), response.status_code
    count_request(route=route, method=request.method or "", status=status, seconds=seconds)
    user = getattr(request, "_cached_user", None)  # django.contrib.auth's: nobody is asked for only to be logged
    facts = {
        "method": request.method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "user": str(getattr(user, "public_id", "")),
    }
    logger.log(level_of(route, status), "%s %s %d", request.method, route, status, extra={"facts": facts})


def level_of(route: str, status: int) -> int:
    if status >= 400:
        return logging.ERROR if status >= 500 else logging.WARNING
    return logging.DEBUG if route in PROBES else logging.INFO


PROBES = {"healthz", "readyz", "metrics"}  # every few seconds, and each time the same


# A view that needs the camera sets its own Permissions-Policy.
HEADERS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HeadersMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class PublicPagesMiddleware:
    """What begins with a language is read by anybody (adr/0037): nobody's cookies reach it and it sets none, so it is the
    same for all, and every cache may keep it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not get_language_from_path(request.path_info):
            return self.get_response(request)
        request.COOKIES = {}
        response = self.get_response(request)
        response.cookies.clear()
        response.headers.pop("Vary", None)
        return response


class NulMiddleware:
    """PostgreSQL keeps no NUL character, and the admin's filters would fail on one. Forms refuse it by themselves."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META["QUERY_STRING"]:
            raise BadRequest
        return self.get_response(request)


METHODS = ["GET", "HEAD", "POST", "OPTIONS"]


class MethodsMiddleware:
    """What is none of METHODS reaches no view: allauth's take PUT for POST, the admin's every method for GET."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request) if request.method in METHODS else HttpResponseNotAllowed(METHODS)


class EmptyPageMiddleware:
    """A refusal without a word would be a blank page, for example a bookmarked address that only takes a form."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in errors.PAGES or response.streaming or response.content:
            return response
        page = errors.page(request, response.status_code)
        if "Allow" in response.headers:
            page.headers["Allow"] = response.headers["Allow"]
        return page


class BodyLimitMiddleware:
    """The disk takes the body in before a form could refuse it. Staff send registers, accounts send files where a view
    takes them (core.uploads.views.takes_files), and nobody anything larger."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.headers.get("Content-Length", "")
        size = int(length) if length.isascii() and length.isdigit() else 0  # a server reads no further than this
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and size > most_from(request.user, request.path_info):
            return errors.page(request, 413)
        return self.get_response(request)


def most_from(user: Any, path: str) -> int:
    """Bytes. The form around files needs a little room of its own."""
    if user.is_staff:
        return MOST_CSV_BYTES + MIB
    files = files_taken_at(path) if user.is_authenticated else 0
    return files + MIB if files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def files_taken_at(path: str) -> int:
    """Bytes."""
    try:
        return getattr(resolve(path).func, "most_body", 0)
    except Resolver404:
        return 0


class BusyMiddleware:
    """More people sign in than the machine can check in two seconds: say so, and when to come back."""

    RETRY_AFTER = 5  # seconds

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.unavailable(request, retry_after=self.RETRY_AFTER) if isinstance(exception, Busy) else None
