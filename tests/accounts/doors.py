"""Signing in as a person does: by the form."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests.people import PASSWORD

LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str = "aigul@example.kz", password: str = PASSWORD, **extra: Any) -> HttpResponse:
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
