"""A form as a browser sends it: with the one-time token that its page carried."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import Client

from core.form_tokens import FIELD, new_token


def sends(client: Client, path: str, answers: dict[str, Any] | None = None, **how: Any) -> HttpResponse:
    """Post from a page drawn just now. `how`: as Client.post takes it."""
    return client.post(path, (answers or {}) | {FIELD: drawn_for(client)}, **how)


def drawn_for(client: Client) -> str:
    """The token of a page that was drawn for this browser a moment ago."""
    request = HttpRequest()
    if known := client.cookies.get(settings.CSRF_COOKIE_NAME):
        request.META["CSRF_COOKIE"] = known.value
    get_token(request)
    client.cookies[settings.CSRF_COOKIE_NAME] = request.META["CSRF_COOKIE"]
    return new_token(request)
