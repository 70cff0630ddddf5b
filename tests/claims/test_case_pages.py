"""A case in the cabinet: told in a minute, its documents and application delivered, read with its clock, its openings, as a file."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from claims.models import Check, Claim, Consent, ExcludedCountry, Item, LetterPaper, Page, Payee, Step
from claims.rules.life import Actor, ItemState, State
from claims.rules.terms import TermKind
from claims.services.openings import note_opening
from claims.tasks import make_papers
from core.models import AuditEvent, Upload
from notices.models import Notice
from policies.models import Access
from policies.rules import AccessKind, AccessScope
from tests.claims.browsing import a_member, page_of, page_of_item
from tests.claims.factories import NOW, TODAY, a_decision, a_review, an_insured, asel, bakyt
from tests.factories import a_borrower, a_policy
from tests.forms import sends
from tests.people import aigul, dana, insured_browser
from tests.policies.conftest import originals

__all__ = ["originals"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("originals")]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
TOLD = {
    "event": "disability",
    "event_on_0": "11",
    "event_on_1": "11",
    "event_on_2": "2026",
    "country": "KZ",
    "place": "Алматы",
}


@pytest.fixture(autouse=True)
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def hers() -> tuple[Client, Claim]:
    user = aigul()
    User.objects.update(language="ru")
    user.refresh_from_db()
    browser, policy = a_member(user)
    answer = sends(browser, "/claims/notice/", TOLD | {"policy": str(policy.public_id)})
    assert answer.status_code == 302, answer.content.decode()
    return browser, Claim.objects.get()


def item_of(claim: Claim, code: str) -> Item:
    return claim.items.get(code=code)


def photo(name: str = "страница.png", more: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG + more, "image/png")


def sends_page(browser: Client, item: Item, *files: SimpleUploadedFile, **answers: Any) -> Any:
    form = {"attachments": list(files) or [photo()], "language": "ru"} | answers
    return browser.post(page_of_item(item), form)


# ── The notice ───────────────────────────────────────────────────────────────
def test_the_insured_person_tells_in_one_form(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    assert (claim.by_guest, claim.person, claim.role, claim.state) == (
        False,
        claim.policy.insured,
        "insured",
        State.NOTIFIED,
    )
    assert [item.code for item in claim.items.all()] == ["I1", "I1b", "I2", "I3", "I4", "I5", "I6"]
    page = browser.get("/claims/").text
    assert claim.number_shown in page
    assert claim.number_shown in browser.get(page_of(claim)).text


def test_for_a_child_the_guardian_is_the_claimant() -> None:
    user = aigul()
    child = a_borrower("NL-0000099", birth_date=date(2015, 1, 1), surname="Балаева")
    Access.objects.create(
        user=user, person=child.insured, kind=AccessKind.GUARDIAN, scope=AccessScope.FULL, proof="x", since=NOW
    )
    sends(insured_browser(user), "/claims/notice/", TOLD | {"policy": str(child.public_id)})
    assert Claim.objects.get().role == "representative"


def test_a_policy_that_is_not_ones_own_is_no_choice() -> None:
    browser, _policy = a_member(aigul())
    foreign = a_borrower("NL-0000050", surname="Чужая")
    page = sends(browser, "/claims/notice/", TOLD | {"policy": str(foreign.public_id)})
    assert page.status_code == 200
    assert not Claim.objects.exists()


def test_whose_contract_has_no_such_events_is_led_back() -> None:
    user = dana()
    an_insured(user, a_policy())
    browser = insured_browser(user)
    assert browser.get("/claims/notice/").headers["Location"] == "/claims/"
    assert "Ни один полис" in browser.get("/claims/").text


def test_a_warning_about_the_country_is_shown_and_decides_nothing(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    ExcludedCountry.objects.create(
        insurer=claim.insurer, country="KZ", ground="epidemic", since=date(2026, 1, 1), source="ВОЗ"
    )
    assert "признанный очаг эпидемии" in browser.get(page_of(claim)).text
    assert claim.state == State.NOTIFIED


def test_the_letter_is_there_with_its_proof_and_as_a_pdf(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    letter = claim.letters.get()
    where = page_of(claim, "letters", str(letter.public_id))
    assert "Сейчас отправляется" in browser.get(where).text
    assert browser.get(f"{where}paper/").status_code == 302
    make_papers()
    assert LetterPaper.objects.get().sha256
    pdf = browser.get(f"{where}paper/")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")


# ── The clock ────────────────────────────────────────────────────────────────
def test_the_page_says_which_day_of_how_many(hers: tuple[Client, Claim], noon: time_machine.Traveller) -> None:
    browser, claim = hers
    sends_page(browser, item_of(claim, "I2"))
    noon.shift(timedelta(days=5))  # Thursday
    page = insured_browser(User.objects.get(email="aigul@example.kz")).get(page_of(claim)).text
    assert "4-й рабочий день из 5" in page


def test_a_supposed_day_gives_the_dates_that_follow_and_is_not_kept(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    page = browser.get(page_of(claim), {"expected_0": "01", "expected_1": "12", "expected_2": "2026"}).text
    assert "если все документы будут у нас 1 декабря 2026 года" in page.lower()
    assert "у нас 1 декабря" not in browser.get(page_of(claim)).text


# ── Documents ────────────────────────────────────────────────────────────────
def test_several_pages_are_one_document_and_start_the_five_days(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    item = item_of(claim, "I2")
    answer = sends_page(browser, item, photo("1.png"), photo("2.png", b"2"))
    assert answer["Location"] == page_of(claim)
    claim.refresh_from_db()
    item.refresh_from_db()
    assert (claim.state, item.state, item.pages.count()) == (State.CHECKING, ItemState.UPLOADED, 2)
    assert (claim.next_kind, claim.next_on) == (TermKind.CHECK, date(2026, 11, 27))
    assert Check.objects.get().since == TODAY
    assert Upload.objects.filter(kept_at=None).count() == 0


def test_the_tenth_page_of_a_morning_is_no_new_line_of_the_history(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    for number in range(3):
        sends_page(browser, item_of(claim, "I2"), photo(more=bytes([number])))
    events = list(Step.objects.filter(claim=claim, part="claim").values_list("event", flat=True))
    assert events == ["notify", "deliver"]


def test_the_script_sends_a_file_first_and_the_form_hands_it_over(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    item = item_of(claim, "I2")
    shown = browser.post(page_of_item(item, "files"), {"attachments": photo()})
    assert "страница.png" in shown.content.decode()
    assert not Page.objects.exists()
    browser.post(page_of_item(item), {"language": "xx", "is_translation": "on"})
    page = Page.objects.get()
    assert (page.language, page.is_translation) == ("xx", True)


def test_without_a_file_the_form_says_so(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    page = browser.post(page_of_item(item_of(claim, "I2")), {"language": "ru"})
    assert page.status_code == 200
    assert not Page.objects.exists()


def test_a_page_is_taken_back_until_somebody_has_answered_about_it(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    item = item_of(claim, "I2")
    sends_page(browser, item)
    page = Page.objects.get()
    removal = page_of_item(item, "files", str(page.upload.public_id), "removal")
    Page.objects.update(verdict="accepted", by=bakyt(claim.insurer), at=NOW)
    browser.post(removal)
    assert Page.objects.exists()
    Page.objects.update(verdict="", by=None, at=None)
    browser.post(removal)
    item.refresh_from_db()
    assert not Page.objects.exists()
    assert (item.state, Upload.objects.get().state) == (ItemState.NEEDED, "forgotten")


def test_redo_because(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    item = item_of(claim, "I2")
    sends_page(browser, item)
    Page.objects.update(verdict="redo", why="угол срезан", by=bakyt(claim.insurer), at=NOW)
    assert "Переделать, потому что: угол срезан" in browser.get(page_of_item(item)).text


def test_the_last_of_what_was_named_hands_the_case_in(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    claim.items.exclude(code="I2").update(state=ItemState.WAIVED, why="есть у нас")
    Claim.objects.update(state=State.INCOMPLETE)
    sends_page(browser, item_of(claim, "I2"))
    claim.refresh_from_db()
    assert claim.state == State.CHECKING
    assert claim.steps.filter(event="hand_in").exists()


def test_after_the_decision_nothing_is_taken(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    Claim.objects.update(state=State.REFUSED)
    page = sends_page(browser, item_of(claim, "I2"))
    assert page.status_code == 200
    assert not Page.objects.exists()


# ── The application ──────────────────────────────────────────────────────────
FORM = {
    "address": "Алматы, Абая 1", "phone": "+77012345678", "second_phone": "", "trusted_person": "", "consent_claim_data": "on",
    "payee-TOTAL_FORMS": "3", "payee-INITIAL_FORMS": "1", "payee-0-name": "Айгуль", "payee-0-iin": "",
    "payee-0-iban": "KZ86 125K ZT50 0410 0100", "payee-0-share": "1/3", "payee-1-name": "Дана", "payee-1-iban":
    "KZ86125KZT5004100100", "payee-1-share": "2/3", "payee-2-name": "", "payee-2-iban": "", "payee-2-share": "",
}  # fmt: skip


def applies(browser: Client, claim: Claim, **answers: str) -> Any:
    return sends(browser, page_of(claim, "application"), FORM | answers)


def test_the_application_says_who_is_paid_which_part(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    answer = applies(browser, claim)
    assert answer.status_code == 302, answer.content.decode()
    claim.refresh_from_db()
    assert {one.share for one in claim.payees.all()} == {Fraction(1, 3), Fraction(2, 3)}
    assert claim.application.phones == ["+77012345678"]
    assert (claim.state, Consent.objects.get().text.code) == (State.CHECKING, "claim_data")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"payee-0-iban": "KZ87125KZT5004100100"}, "Опечатка"),
        ({"payee-0-share": "1/2"}, "Доли вместе не составляют целого"),
        ({"payee-1-share": "половина"}, "Введите долю"),
        ({"payee-0-name": ""}, "оставьте пустой всю строку"),
        ({"consent_claim_data": ""}, "Без этого согласия"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(
    hers: tuple[Client, Claim], wrong: dict[str, str], words: str
) -> None:
    browser, claim = hers
    page = applies(browser, claim, **wrong).content.decode()
    assert words in page
    assert "Алматы, Абая 1" in page
    assert not Payee.objects.exists()


def test_a_corrected_application_ends_what_it_replaces(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    applies(browser, claim)
    applies(browser, claim, **{"payee-0-share": "1/2", "payee-1-share": "1/2"})
    assert (Payee.objects.count(), claim.payees.current().count()) == (4, 2)
    applies(browser, claim, **{"payee-0-share": "1/2", "payee-1-share": "1/2"})
    assert Payee.objects.count() == 4  # the same again changes nothing
    assert Consent.objects.count() == 1


def test_bank_details_ask_for_the_password_once_more(hers: tuple[Client, Claim], noon: time_machine.Traveller) -> None:
    browser, claim = hers
    noon.shift(timedelta(minutes=10))
    answer = browser.get(page_of(claim, "application"))
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]


# ── Withdrawn, taken up, known earlier ───────────────────────────────────────
def test_a_claim_is_withdrawn_and_taken_up_again(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    sends(browser, page_of(claim, "withdrawal"), {"reason": "ошибка"})
    claim.refresh_from_db()
    assert (claim.state, claim.is_open, claim.ended_on) == (State.SET_ASIDE, False, TODAY)
    assert claim.letters.filter(kind="withdrawn").exists()
    sends(browser, page_of(claim, "withdrawal"), {"reason": ""})
    claim.refresh_from_db()
    assert (claim.state, claim.is_open, claim.ended_on) == (State.CHECKING, True, None)


def test_you_knew_earlier(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    Claim.objects.update(event_on=date(2026, 8, 1))
    assert "У вас" not in browser.get(page_of(claim)).text
    form = {
        "known_on_0": "10",
        "known_on_1": "08",
        "known_on_2": "2026",
        "source": "call",
        "evidence": "Звонок 10 августа",
    }
    assert sends(browser, page_of(claim, "earlier-knowledge"), form).status_code == 302
    assert "страховщик узнал вовремя" in browser.get(page_of(claim)).text
    late = form | {"known_on_1": "12"}
    assert sends(browser, page_of(claim, "earlier-knowledge"), late).status_code == 200


# ── Trust ────────────────────────────────────────────────────────────────────
def test_who_opened_the_file_and_why_is_read_by_the_claimant(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    note_opening(claim=claim, by=bakyt(claim.insurer), role=Actor.REVIEWER, reason="беру из очереди", now=NOW)
    page = browser.get(page_of(claim)).text
    assert "беру из очереди" in page
    assert "bakyt" not in page


def test_a_decision_is_read_once_it_is_taken(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    decision = a_decision(a_review(claim), bakyt(claim.insurer), evidence="Акт экспертизы № 7")
    assert "Акт экспертизы № 7" not in browser.get(page_of(claim)).text
    type(decision).objects.update(state="approved", approved_by=asel(claim.insurer), approved_at=NOW, decided_on=TODAY)
    assert "Акт экспертизы № 7" in browser.get(page_of(claim)).text


def test_everything_of_the_case_leaves_as_a_file_and_it_is_audited(hers: tuple[Client, Claim]) -> None:
    browser, claim = hers
    applies(browser, claim)
    answer = browser.get(page_of(claim, "export"))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    told = json.loads(archive.read("claim.json"))
    assert told["number"] == claim.number_shown
    assert told["beneficiaries"][0]["iban"] == "KZ86125KZT5004100100"
    assert "letters/01-registered.txt" in archive.namelist()
    assert AuditEvent.objects.filter(verb="exported a claim").count() == 1


def test_another_account_reads_nothing_of_it(hers: tuple[Client, Claim]) -> None:
    _browser, claim = hers
    stranger, _policy = a_member(dana(), a_borrower("NL-0000077", surname="Чужая"))
    item = item_of(claim, "I2")
    for page in (page_of(claim), page_of(claim, "export"), page_of(claim, "application"), page_of_item(item)):
        assert stranger.get(page).status_code == 404
    assert sends_page(stranger, item).status_code == 404
    assert claim.number_shown not in stranger.get("/claims/").text


def test_letters_leave_where_the_account_is_reached(hers: tuple[Client, Claim]) -> None:
    _browser, claim = hers
    assert [notice.to for notice in Notice.objects.filter(kind="claim_letter")] == ["aigul@example.kz"]
    assert claim.contact == "aigul@example.kz"
