"""The pages for faults of our own. They may be drawn after any middleware has failed, and ask the database nothing."""

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from accounts.middleware import language_of
from core.contacts import portal_lines
from portal import outages


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


def page(request: HttpRequest, status: int, *, template: str = "") -> HttpResponse:
    with translation.override(getattr(request, "LANGUAGE_CODE", None) or language_of(request)):
        html = render_to_string(template or f"{status}.html", {"help": portal_lines()})
        response = HttpResponse(html, status=status)
        response.headers["Content-Language"] = translation.get_language()
    response.headers["Cache-Control"] = "no-store"
    return response
