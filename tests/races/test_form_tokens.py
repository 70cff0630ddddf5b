"""Forty times the same form at once: one effect, forty times its answer."""

from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.form_tokens import FIELD
from policies.models import Register
from tests.factories import a_product
from tests.forms import drawn_for
from tests.people import registrar, staff_browser
from tests.policies.conftest import originals
from tests.policies.registers import ROW, as_csv
from tests.races.crowd import CROWD, all_at_once

__all__ = ["originals"]  # the fixture: where uploaded files lie
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
UPLOAD = "/staff/policies/register/add/"


def uploads(tokens: int) -> list[Any]:
    """The answers to forty uploads of one file, by one keeper, with so many different tokens."""
    product = a_product()
    keeper = staff_browser(registrar(product.product.insurer))
    drawn = [drawn_for(keeper) for _ in range(tokens)]

    def uploads_once(number: int) -> Any:
        browser = Client()
        browser.cookies = SimpleCookie({name: morsel.value for name, morsel in keeper.cookies.items()})
        file = SimpleUploadedFile("июнь.csv", as_csv(ROW))
        return browser.post(UPLOAD, {"product": product.pk, "file": file, FIELD: drawn[number % tokens]})

    return all_at_once(uploads_once)


def test_forty_uploads_of_one_form_make_one_register_and_all_lead_to_it(originals: Path) -> None:
    answers = uploads(1)
    register = Register.objects.get()
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, register.get_absolute_url())}
    assert len([path for path in originals.rglob("*") if path.is_file()]) == 1


def test_forty_forms_make_forty_registers() -> None:
    """Control: nothing but the token held them together."""
    uploads(CROWD)
    assert Register.objects.count() == CROWD
