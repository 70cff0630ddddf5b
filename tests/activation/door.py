"""The door as a visitor uses it: one browser, one page after another."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client

from activation.rules import Facts
from activation.services import find
from core import limits
from notices.models import Notice
from policies.models import ProductVersion
from tests.factories import BORN
from tests.forms import sends
from tests.people import PASSWORD

START = "/activate/sphera/"


class Visitor:
    """A browser of its own; `**headers` as Django's Client takes them."""

    def __init__(self, language: str = "en", **headers: Any) -> None:
        self.client = Client(HTTP_ACCEPT_LANGUAGE=language, **headers)

    def says(self, insured_id: str = "4410027531", born: date = BORN, code: str = "sphera") -> HttpResponse:
        return self.client.post(f"/activate/{code}/", facts(insured_id, born))

    def chooses(
        self, email: str = "aigul@example.kz", password: str = PASSWORD, kind: str = "self", **more: str
    ) -> HttpResponse:
        answers = {"email": email, "password": password, "password_again": password, "kind": kind} | more
        return self.client.post(f"{START}account/", answers)

    def sends(self, path: str, answers: dict[str, str] | None = None) -> HttpResponse:
        return sends(self.client, path, answers)

    def begins(self, insured_id: str = "4410027531", **answers: str) -> HttpResponse:
        self.says(insured_id)
        return self.chooses(**answers)

    def follows(self, path: str) -> HttpResponse:
        return self.client.get(path)

    def confirms(self, path: str) -> HttpResponse:
        return self.client.post(path)

    def signs_in(self, email: str = "aigul@example.kz", password: str = PASSWORD) -> HttpResponse:
        return self.client.post("/accounts/login/", {"login": email, "password": password})


def facts(insured_id: str, born: date) -> dict[str, str]:
    boxes = {"birth_date_0": f"{born:%d}", "birth_date_1": f"{born:%m}", "birth_date_2": f"{born:%Y}"}
    return {"insured_id": insured_id} | boxes


def spending_by(spend: Callable[..., limits.Spent]) -> Callable[..., tuple[limits.Spent, Any]]:
    """In place of `find.spend_and_look_up`: the same door with another way to count."""

    def spend_and_look_up(
        tries: find.Tries, product: ProductVersion, facts: Facts, *, now: datetime
    ) -> tuple[limits.Spent, list[Any]]:
        spent = spend(*tries.of_id_and_source, now=now)
        return spent, [] if spent.exhausted else find.insured(product, facts)

    return spend_and_look_up


def link_in_last_letter(kind: str = "confirm_address") -> str:
    """The path behind the newest letter's link."""
    notice = Notice.objects.filter(kind=kind).latest("pk")
    path: str = notice.context["url"].removeprefix("http://127.0.0.1:8000")
    return path
