"""A case, one of its documents and the bank's counter tell whoever sits there that something moved; a stranger hears nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from claims.models import Claim, Item
from claims.queries.cases import mark_of
from claims.services import life
from claims.services.setting_aside import set_aside
from core.uploads import lists
from core.uploads.queries import uploads_of
from notices.models import Notice
from tests.claims.browsing import BANK, a_guest_with_a_case, code_to, page_of, page_of_item
from tests.claims.factories import bakyt
from tests.forms import sends
from tests.live.stream import PATIENCE, Waiting, served, sessions, until
from tests.people import aigul, insured_browser
from tests.policies.conftest import originals

__all__ = ["originals"]  # the fixture: where files lie
pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]), pytest.mark.usefixtures("originals"),
]  # fmt: skip


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("live")) as address:
        yield address.removesuffix("/live/letter/")


@pytest.fixture
def heirs(originals: Path) -> tuple[Client, Claim]:
    return a_guest_with_a_case()


def bank_letter_of(claim: Claim) -> Item:
    return claim.items.get(code="D1b")


def drawn(item: Item) -> str:
    return str(lists.mark_of(uploads_of(item.files)))


def sends_a_file(browser: Client, address: str) -> None:
    pdf = SimpleUploadedFile("справка.pdf", b"%PDF-1.4 ...", "application/pdf")
    assert sends(browser, address, {"attachments": pdf}).status_code < 400


def officer_of(heir: Client, item: Item) -> Client:
    """In the bank, by the link and the code."""
    sends(heir, page_of_item(item, "bank"), {"bank": "Банк", "contact": BANK})
    officer = Client()
    path = "/" + str(Notice.objects.get(kind="guest_link", to=BANK).context["url"]).split("/", 3)[3]
    sends(officer, path)
    sends(officer, f"{path}code/", {"code": code_to(BANK)})
    return officer


# ── Whoever sits there ───────────────────────────────────────────────────────
def test_the_page_of_a_case_hears_what_the_insurer_does(origin: str, heirs: tuple[Client, Claim]) -> None:
    heir, claim = heirs
    with Waiting(f"{origin}/live{page_of(claim)}?seen={mark_of(claim)}", heir) as page:
        until(lambda: len(sessions("LISTEN%")) == 1)
        set_aside(claim=claim, reason="Дубль", by=bakyt(claim.insurer), now=timezone.now())
        assert page.hears() == "event: moved"


def test_a_document_hears_that_a_file_came_from_another_device(origin: str, heirs: tuple[Client, Claim]) -> None:
    heir, claim = heirs
    item = claim.items.get(code="D2")
    with Waiting(f"{origin}/live{page_of_item(item)}?seen={drawn(item)}", heir) as page:
        until(lambda: len(sessions("LISTEN%")) == 1)
        sends_a_file(heir, page_of_item(item, "files"))
        assert page.hears() == "event: moved"


def test_the_banks_counter_hears_that_its_file_was_taken(origin: str, heirs: tuple[Client, Claim]) -> None:
    heir, claim = heirs
    item = bank_letter_of(claim)
    officer = officer_of(heir, item)
    counter = f"/claims/bank/{item.public_id}/"
    with Waiting(f"{origin}/live{counter}?seen={drawn(item)}", officer) as page:
        until(lambda: len(sessions("LISTEN%")) == 1)
        sends_a_file(officer, f"{counter}files/")
        assert page.hears() == "event: moved"


def test_the_page_says_where_it_listens(heirs: tuple[Client, Claim], settings: Any) -> None:
    settings.LIVE = True
    heir, claim = heirs
    assert f'data-live="/live{page_of(claim)}?seen={mark_of(claim)}"' in heir.get(page_of(claim)).content.decode()


# ── Strangers ────────────────────────────────────────────────────────────────
def test_a_stranger_hears_nothing(origin: str, heirs: tuple[Client, Claim]) -> None:
    """Somebody with an account, another heir, a browser that nobody knows: none of them is let in, before or after."""
    claim = heirs[1]
    item = bank_letter_of(claim)
    other_heir, _other = a_guest_with_a_case("other@example.kz", surname="Ким")
    addresses = [page_of(claim), page_of_item(item), f"/claims/bank/{item.public_id}/"]
    for browser in (insured_browser(aigul()), other_heir, Client()):
        for address in addresses:
            assert not is_let_in(origin, address, browser), address


def test_the_officer_hears_the_document_and_never_the_case(origin: str, heirs: tuple[Client, Claim]) -> None:
    heir, claim = heirs
    item = bank_letter_of(claim)
    officer = officer_of(heir, item)
    assert not any(is_let_in(origin, at, officer) for at in (page_of(claim), page_of_item(item)))


def is_let_in(origin: str, address: str, browser: Client) -> bool:
    """The page that says «not found» needs collected files, which this server has not: only a stream counts."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
    with httpx.stream("GET", f"{origin}/live{address}", headers={"Cookie": cookies}, timeout=PATIENCE) as answer:
        return answer.status_code == 200 or "event-stream" in answer.headers.get("content-type", "")


@pytest.mark.long
def test_without_the_word_nobody_learns_it(
    origin: str, heirs: tuple[Client, Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control."""
    heir, claim = heirs
    monkeypatch.setattr(life, "announce", lambda topic: None)
    with Waiting(f"{origin}/live{page_of(claim)}?seen={mark_of(claim)}", heir, patience=2) as page:
        until(lambda: len(sessions("LISTEN%")) == 1)
        set_aside(claim=claim, reason="Дубль", by=bakyt(claim.insurer), now=timezone.now())
        with pytest.raises(httpx.ReadTimeout):
            page.hears()
