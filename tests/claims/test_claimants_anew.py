"""A disability that is established anew, on the claimant’s page: what is asked for, what is sent, what comes of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from claims.models import Certificate, Check, Claim, Item, Letter, Page, Recertification
from claims.rules.life import State
from claims.services.recertify import ask_next
from core.models import Upload
from tests.claims.browsing import a_guest_with_a_case, page_of, page_of_item
from tests.claims.factories import NOW, a_certificate, a_checklist
from tests.claims.paying import answers, decided, hers, monthly, ordered, state_of, the_order
from tests.factories import TODAY
from tests.forms import sends
from tests.people import dana, insured_browser
from tests.policies.conftest import originals

__all__ = ["originals"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("originals")]
UNTIL, PNG = TODAY + timedelta(days=21), b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def being_paid(claim: Claim) -> Claim:
    """By instalments, for a term that ends in three weeks."""
    if not claim.items.exists():
        a_checklist(claim)
    a_certificate(claim, until=UNTIL)
    claim = decided(monthly(2), claim=claim)
    ordered(claim)
    answers(claim, (the_order(claim), "paid"))
    return Claim.objects.get(pk=claim.pk)


@pytest.fixture
def claim() -> Claim:
    claim = being_paid(hers())
    User.objects.update(language="ru")
    return claim


@pytest.fixture
def claimant(claim: Claim) -> Client:
    assert claim.claimant
    return insured_browser(User.objects.get(pk=claim.claimant.pk))


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}_0": f"{day.day}", f"{name}_1": f"{day.month}", f"{name}_2": f"{day.year}"}


def said(**changed: Any) -> dict[str, Any]:
    """As the new certificate has it: for a year more."""
    return {
        **boxes("certified_on", TODAY), "group": "2", **boxes("since", UNTIL), **boxes("until", UNTIL + timedelta(days=365)),
        "attachments": SimpleUploadedFile("справка.png", PNG, "image/png"), "language": "ru",
    } | changed  # fmt: skip


def sends_it(browser: Client, claim: Claim, **changed: Any) -> Any:
    return browser.post(page_of(claim, "recertification"), said(**changed))


def test_who_is_asked_reads_what_to_send_and_by_when(claim: Claim, claimant: Client) -> None:
    assert "Переосвидетельствование" not in claimant.get(page_of(claim)).text
    ask_next(now=NOW)
    case = claimant.get(page_of(claim)).text
    assert "Переосвидетельствование" in case
    assert "10 рабочих дней" in case
    page = claimant.get(page_of(claim, "recertification")).text
    assert "12 декабря 2026" in page
    assert "Отправить справку" in page


def test_what_is_sent_begins_ten_working_days_and_is_seen_afterwards(claim: Claim, claimant: Client) -> None:
    ask_next(now=NOW)
    assert sends_it(claimant, claim).headers["Location"] == page_of(claim, "recertification")
    received, certificate = Recertification.objects.get(), Certificate.objects.latest("pk")
    assert (received.received_on, received.certificate) == (TODAY, certificate)
    assert (certificate.since, certificate.until, certificate.group) == (UNTIL, UNTIL + timedelta(days=365), 2)
    assert (state_of(claim), Page.objects.get().item.round) == (State.REVIEW, 1)
    assert not Check.objects.exists()  # ten days of the review run, no five days beside them
    assert Letter.objects.filter(kind="recertification").count() == 1
    page = claimant.get(page_of(claim, "recertification")).text
    assert "Справка получена 21 ноября 2026" in page
    assert "4 декабря 2026" in page  # ten working days
    assert "справка.png" in page
    assert "Отправить справку" not in page


def test_twice_is_once(claim: Claim, claimant: Client) -> None:
    ask_next(now=NOW)
    sends_it(claimant, claim)
    assert sends_it(claimant, claim).status_code == 200
    assert (Recertification.objects.count(), Certificate.objects.count()) == (1, 2)


def test_certified_before_anybody_asked(claim: Claim, claimant: Client) -> None:
    assert "У меня есть новая справка" in claimant.get(page_of(claim, "recertification")).text
    assert claimant.get(page_of(claim, "recertification", "beginning")).status_code == 405
    for _twice in range(2):
        sends(claimant, page_of(claim, "recertification", "beginning"))
    assert Recertification.objects.get().told_on is None
    sends_it(claimant, claim)
    assert state_of(claim) == State.REVIEW


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"language": ""}, "На каком языке"),
        ({"indefinite": "on"}, "бессрочна"),
        (boxes("certified_on", TODAY + timedelta(days=1)), "ещё не наступил"),
        (boxes("until", TODAY - timedelta(days=9)), "раньше, чем началась"),
    ],
)
def test_a_slip_is_told_and_the_file_is_kept(claim: Claim, claimant: Client, wrong: dict[str, str], told: str) -> None:
    ask_next(now=NOW)
    answer = sends_it(claimant, claim, **wrong)
    assert answer.status_code == 200
    assert not Page.objects.exists()
    assert Upload.objects.get().name == "справка.png"
    assert sends_it(claimant, claim, attachments=[]).status_code == 302
    assert Page.objects.count() == 1


def test_the_documents_own_page_leads_here(claim: Claim, claimant: Client) -> None:
    ask_next(now=NOW)
    item = Item.objects.get(round=1)
    assert claimant.get(page_of_item(item)).headers["Location"] == page_of(claim, "recertification")
    sent = claimant.post(page_of_item(item, "files"), {"attachments": SimpleUploadedFile("а.png", PNG)})
    assert "а.png" in sent.text
    assert sends_it(claimant, claim, attachments=[]).status_code == 302


def test_what_has_no_term_has_no_such_page(claim: Claim, claimant: Client) -> None:
    Certificate.objects.update(until=None)
    assert claimant.get(page_of(claim, "recertification")).status_code == 404
    assert sends(claimant, page_of(claim, "recertification", "beginning")).status_code == 302
    assert not Recertification.objects.exists()


def test_a_stranger_sees_and_sends_nothing(claim: Claim) -> None:
    ask_next(now=NOW)
    stranger = insured_browser(dana())
    assert stranger.get(page_of(claim, "recertification")).status_code == 404
    assert sends_it(stranger, claim).status_code == 404
    assert sends(stranger, page_of(claim, "recertification", "beginning")).status_code == 404
    assert not Upload.objects.exists()


def test_a_guest_sends_it_by_their_narrow_link() -> None:
    guest, claim = a_guest_with_a_case(event="disability")
    claim = being_paid(claim)
    ask_next(now=NOW)
    assert "Переосвидетельствование" in guest.get(page_of(claim)).text
    assert sends_it(guest, claim).status_code == 302
    assert Upload.objects.get().guest is not None
    assert "Справка получена" in guest.get(page_of(claim, "recertification")).text
    assert guest.get(page_of(claim, "payouts")).status_code == 200
