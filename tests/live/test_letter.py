"""The page of the letter moves on when the link is opened on another device."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from django.db import connection
from django.utils import timezone

from activation.models import Activation
from activation.services import life
from activation.services.finish import confirm_address
from tests.activation.door import Visitor
from tests.factories import a_policy
from tests.live.stream import PATIENCE, Waiting, served, sessions, until

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("live")) as address:
        yield address


@pytest.fixture
def begun() -> Visitor:
    a_policy()
    visitor = Visitor()
    visitor.begins()
    return visitor


def confirm() -> None:
    """As another browser does that follows the link."""
    assert confirm_address(activation=Activation.objects.get(), now=timezone.now())


def test_whoever_waits_learns_it_and_a_late_comer_reads_it(address: str, begun: Visitor) -> None:
    with Waiting(address, begun.client) as page, Waiting(address, begun.client) as second:
        assert page.response.headers["content-type"].startswith("text/event-stream")
        assert page.response.headers["cache-control"] == "no-store"
        until(lambda: len(sessions("LISTEN%")) == 1)
        confirm()
        assert page.hears() == second.hears() == "event: moved"
    with Waiting(address, begun.client) as late:  # as a browser that was offline meanwhile
        assert late.hears() == "event: moved"


@pytest.mark.long
def test_without_the_word_nobody_learns_it(address: str, begun: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "announce", lambda topic: None)
    with Waiting(address, begun.client, patience=2) as page:
        until(lambda: len(sessions("LISTEN%")) == 1)
        confirm()
        with pytest.raises(httpx.ReadTimeout):
            page.hears()


@pytest.mark.long
def test_what_is_said_while_the_listening_connection_is_away_is_not_lost(address: str, begun: Visitor) -> None:
    with Waiting(address, begun.client) as page:
        until(lambda: len(sessions("LISTEN%")) == 1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", sessions("LISTEN%"))
        confirm()
        assert page.hears() == "event: moved"


@pytest.mark.long
def test_twenty_who_wait_hold_one_connection(address: str, begun: Visitor) -> None:
    with ExitStack() as pages:
        pages.enter_context(Waiting(address, begun.client))
        until(lambda: len(sessions("LISTEN%")) == 1)
        others = len(sessions("%"))  # what threads of earlier tests have left, too
        for _ in range(19):
            pages.enter_context(Waiting(address, begun.client))
        until(lambda: len(sessions("%")) <= others)
        assert len(sessions("LISTEN%")) == 1


def test_a_stranger_hears_nothing(address: str, begun: Visitor) -> None:
    assert httpx.get(address, timeout=PATIENCE).status_code == 204


def test_a_process_that_serves_pages_serves_no_streams(begun: Visitor) -> None:
    assert begun.client.get("/live/letter/").status_code == 404


def test_a_stream_is_only_read(begun: Visitor) -> None:
    assert begun.client.post("/live/letter/").status_code == 405


@pytest.mark.parametrize("is_live", [True, False])
def test_the_page_listens_only_where_streams_are_served(begun: Visitor, settings: Any, is_live: bool) -> None:
    settings.LIVE = is_live
    page = begun.follows("/activate/letter/").text
    assert ('data-live="/live/letter/"' in page) is is_live
    assert ("js/live.js" in page) is is_live


def test_loaded_again_the_page_says_that_the_address_is_confirmed_and_opens_the_cabinet(begun: Visitor) -> None:
    confirm()
    page = begun.follows("/activate/letter/").text
    assert "The e-mail is confirmed" in page
    assert "data-live" not in page
    assert begun.confirms("/activate/letter/end/")["Location"] == "/"


def test_after_it_was_finished_by_the_password_the_page_leads_to_the_door(begun: Visitor) -> None:
    confirm()
    Visitor().signs_in()  # on the other device
    assert begun.follows("/activate/letter/")["Location"] == "/accounts/login/"
