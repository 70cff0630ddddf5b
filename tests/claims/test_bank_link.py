"""The bank sends its letter by its own link (adr/0043): one document, one browser, a while; nothing else of the claim."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.models import BankLink, Claim, Item, Page
from claims.rules.life import ItemState, State
from notices.models import Notice
from tests.claims.browsing import BANK, a_guest_with_a_case, code_to, page_of, page_of_item
from tests.claims.factories import NOW
from tests.forms import sends
from tests.policies.conftest import originals

__all__ = ["originals"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("originals")]


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def heirs() -> tuple[Client, Claim]:
    return a_guest_with_a_case()


def letter_of(claim: Claim) -> Item:
    return claim.items.get(code="D1b")


def gives_link(browser: Client, item: Item) -> str:
    answer = sends(browser, page_of_item(item, "bank"), {"bank": "Банк", "contact": BANK})
    assert answer.status_code == 302, answer.content.decode()
    link = Notice.objects.get(kind="guest_link", to=BANK).context["url"]
    return str(link).removeprefix("http://testserver").partition("://")[2].partition("/")[2] or str(link)


def comes_in(browser: Client) -> str:
    """By the link and the code; the page of the document."""
    url = str(Notice.objects.get(kind="guest_link", to=BANK).context["url"])
    path = "/" + url.split("/", 3)[3]
    sends(browser, path)
    answer = sends(browser, f"{path}code/", {"code": code_to(BANK)})
    return str(answer.headers["Location"])


def pdf(name: str = "справка.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4 ...", "application/pdf")


def test_the_officer_sends_the_letter_and_sees_nothing_else(heirs: tuple[Client, Claim]) -> None:
    browser, claim = heirs
    item = letter_of(claim)
    gives_link(browser, item)
    officer = Client()
    page = comes_in(officer)
    text = officer.get(page).text
    assert "Справка банка об остатке основного долга на день смерти" in text
    for secret in (claim.number_shown, claim.claimant_name, "Алматы", "Свидетельство о смерти"):
        assert secret not in text
    assert officer.get(page_of(claim)).status_code == 302
    assert officer.post(page, {"attachments": pdf(), "language": "ru"}).status_code == 302
    item.refresh_from_db()
    claim.refresh_from_db()
    assert (item.state, claim.state) == (ItemState.UPLOADED, State.CHECKING)
    assert claim.steps.filter(actor="lender", by=None).count() == 2
    assert BankLink.objects.get().delivered_at == NOW
    assert "справка пришла" in browser.get(page_of_item(item, "bank")).text


def test_what_is_here_already_is_not_sent_again(heirs: tuple[Client, Claim]) -> None:
    browser, claim = heirs
    gives_link(browser, letter_of(claim))
    officer = Client()
    page = comes_in(officer)
    Item.objects.filter(pk=letter_of(claim).pk).update(state=ItemState.ACCEPTED, received_on=NOW.date())
    assert "Больше от вас ничего не нужно" in officer.get(page).text
    assert officer.post(page, {"attachments": pdf(), "language": "ru"}).status_code == 200
    assert not Page.objects.exists()


def test_no_link_is_given_for_what_a_bank_does_not_give(heirs: tuple[Client, Claim]) -> None:
    browser, claim = heirs
    sends(browser, page_of_item(claim.items.get(code="D2"), "bank"), {"bank": "Банк", "contact": BANK})
    assert not BankLink.objects.exists()


def test_the_link_ends_with_the_claimants_word_and_by_itself(
    heirs: tuple[Client, Claim], noon: time_machine.Traveller
) -> None:
    browser, claim = heirs
    item = letter_of(claim)
    gives_link(browser, item)
    officer = Client()
    page = comes_in(officer)
    assert officer.get(page).status_code == 200
    browser.post(page_of_item(item, "bank", str(BankLink.objects.get().pk), "end"))
    assert officer.get(page).status_code == 404
    assert BankLink.objects.get().ended_at == NOW
    noon.shift(timedelta(days=15))
    assert officer.get(page).status_code == 404


def test_another_browser_has_nothing(heirs: tuple[Client, Claim]) -> None:
    browser, claim = heirs
    item = letter_of(claim)
    gives_link(browser, item)
    page = comes_in(Client())
    assert Client().get(page).status_code == 404
    assert browser.get(page).status_code == 404  # the claimant has the document's own page
    assert Client().post(f"{page}files/", {"attachments": pdf()}).status_code == 404
