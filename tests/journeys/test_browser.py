"""The browser of the journeys sees our live server and no other host."""

import pytest
from playwright.sync_api import Error, Page


def test_it_reaches_the_live_server(page: Page) -> None:
    response = page.goto("/static/admin/css/base.css")
    assert response is not None
    assert response.status == 200


def test_it_reaches_no_other_host(page: Page) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")
    page.wait_for_url("chrome-error://*/")  # it comes after the refusal, and would come in the way of whoever is next
