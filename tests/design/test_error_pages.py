"""The templates of error pages stand without a request, a database or a signed-in person, in each language."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

CODES = ["400", "403", "403_csrf", "404", "405", "413", "429", "500", "503", "503_not_saved"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_an_error_page_needs_nothing(code: str, language: str) -> None:
    with translation.override(language):
        page = render_to_string(f"{code}.html")
    assert f'<html lang="{language}">' in page
    assert page.count("<h1>") == 1
    assert 'href="/"' in page


@pytest.mark.parametrize("code", CODES)
def test_an_error_page_says_whom_to_call(code: str) -> None:
    with translation.override("en"):
        assert "call the number on your card or in your contract" in render_to_string(f"{code}.html")


def test_the_number_of_the_request_is_given_when_there_is_one() -> None:
    with translation.override("en"):
        assert '<b class="num">a1b2</b>' in render_to_string("500.html", {"request_id": "a1b2"})
        assert "Tell us this number" not in render_to_string("500.html")
