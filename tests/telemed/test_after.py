"""The patient's page after a consultation, the claim and its answer, as they are read."""

import re
from datetime import timedelta
from decimal import Decimal
from html import escape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from policies.models import Policy
from policies.rules import StaffRole
from telemed.models import ClaimAnswer, Consultation, QualityClaim, Rating
from telemed.rules import State, Verdict
from telemed.services.documents import make_next_conclusion
from telemed.services.quality import accept_next, answer_claim, file_claim
from tests.factories import a_borrower, an_insurer
from tests.forms import sends
from tests.people import a_member, dana, insured_browser, marat, staff_browser, zarina
from tests.queries import statements
from tests.telemed.after import ENDED, WRITTEN, a_talk, sent
from tests.telemed.factories import NOW, a_patient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HOSTILE = "<script>alert(1)</script>{{ 7|add:7 }}"


@pytest.fixture
def concluded() -> Consultation:
    sent(a_talk())
    return Consultation.objects.get()


def english(browser: Client) -> Client:
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def page(browser: Client, address: str) -> str:
    answer = english(browser).get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def at(consultation: Consultation, room: str = "") -> str:
    return f"/doctor/consultations/{consultation.public_id}/{room}"


def claims(consultation: Consultation, text: str = "Врач торопился") -> QualityClaim:
    return file_claim(consultation=consultation, text=text, by=consultation.asked_by, now=NOW)


# ── The page ─────────────────────────────────────────────────────────────────
def test_the_patient_reads_the_conclusion_and_what_it_cost(concluded: Consultation) -> None:
    shown = page(insured_browser(concluded.asked_by), at(concluded))
    for words in [WRITTEN["methods"], "to be examined in person", "0 ₸", "until 28 November 2026", "29 November 2026"]:
        assert words.lower() in shown.lower().replace("\N{NO-BREAK SPACE}", " ")


def test_the_paper_in_the_language_of_the_talk_comes_first(concluded: Consultation) -> None:
    while make_next_conclusion(now=ENDED):
        continue
    shown = page(insured_browser(concluded.asked_by), at(concluded))
    assert re.findall(r"/conclusion/(\w\w)/", shown) == ["ru", "en", "kk"]


def test_what_the_sum_insured_lost_is_told() -> None:
    talk = a_talk()
    Policy.objects.update(sum_insured=Decimal("1000000"))
    sent(talk)
    shown = page(insured_browser(talk.asked_by), at(talk)).replace("\N{NO-BREAK SPACE}", " ")
    assert "3 000 ₸" in shown


@pytest.mark.parametrize(("is_claimed", "budget"), [(False, 9), (True, 10)], ids=["no claim", "a claim"])
def test_the_page_costs_the_same_whatever_was_said(concluded: Consultation, is_claimed: bool, budget: int) -> None:
    """Session, account, consultation, what was said and written, documents, files, ledger, calls; a claim’s calendar."""
    while make_next_conclusion(now=NOW):
        continue
    if is_claimed:
        answer_claim(
            claim=claims(concluded),
            verdict=Verdict.UPHELD,
            text="Врач предупреждён",
            by=zarina(concluded.insurer),
            now=NOW,
        )
    else:
        sends(insured_browser(concluded.asked_by), at(concluded, "rating/"), {"stars": "5", "words": "Спасибо"})
    browser = english(insured_browser(concluded.asked_by))
    browser.get(at(concluded))
    with statements() as made:
        browser.get(at(concluded))
    assert len(made) == budget, made


def test_while_the_doctor_writes_the_patient_need_not_wait() -> None:
    talk = a_talk()
    assert "The doctor is writing the conclusion" in page(insured_browser(talk.asked_by), at(talk))


def test_whatever_was_typed_is_shown_as_text(concluded: Consultation) -> None:
    browser = insured_browser(concluded.asked_by)
    sends(browser, at(concluded, "rating/"), {"stars": "1", "words": HOSTILE})
    claims(concluded, HOSTILE)
    coordinator = staff_browser(zarina(concluded.insurer))
    for shown in (
        page(browser, at(concluded)),
        page(coordinator, f"/assistance/claims/{QualityClaim.objects.get().public_id}/"),
    ):
        assert HOSTILE not in shown
        assert escape(HOSTILE.partition("{")[0]) in shown


def test_a_conclusion_with_markup_is_shown_as_text() -> None:
    talk = a_talk()
    sent(talk, methods=HOSTILE)
    shown = page(insured_browser(talk.asked_by), at(talk))
    assert HOSTILE not in shown
    assert escape(HOSTILE.partition("{")[0]) in shown


# ── Whose it is ──────────────────────────────────────────────────────────────
def test_another_patient_finds_nothing(concluded: Consultation) -> None:
    other = dana()
    a_patient(other, a_borrower("NL-0000077", surname="Другая"))
    browser = insured_browser(other)
    assert [browser.get(at(concluded, room)).status_code for room in ("", "claim/", "conclusion/ru/")] == [404] * 3
    assert sends(browser, at(concluded, "rating/"), {"stars": "1"}).status_code == 404
    assert sends(browser, at(concluded, "claim/"), {"text": "Чужое"}).status_code == 404


# ── A claim ──────────────────────────────────────────────────────────────────
def test_a_claim_is_filed_from_the_page_once(concluded: Consultation) -> None:
    browser = insured_browser(concluded.asked_by)
    assert "until 28 November 2026" in page(browser, at(concluded, "claim/"))
    assert sends(browser, at(concluded, "claim/"), {"text": " "}).status_code == 200
    assert sends(browser, at(concluded, "claim/"), {"text": "Врач торопился"})["Location"] == at(concluded)
    assert browser.get(at(concluded, "claim/"))["Location"] == at(concluded)
    shown = page(browser, at(concluded))
    assert "Врач торопился" in shown
    assert "The answer will be here until 11 December 2026" in shown


def test_after_the_term_the_page_offers_no_claim(concluded: Consultation, clock: Any) -> None:
    clock.move_to(NOW + timedelta(days=8))
    browser = insured_browser(concluded.asked_by)
    assert browser.get(at(concluded, "claim/"))["Location"] == at(concluded)
    assert "Complain about the quality" not in page(browser, at(concluded))
    accept_next(now=NOW + timedelta(days=8))
    assert "The consultation is accepted" in page(browser, at(concluded))


def test_the_coordinator_answers_and_the_patient_reads_it(concluded: Consultation) -> None:
    claim = claims(concluded)
    browser = english(staff_browser(zarina(concluded.insurer)))
    assert concluded.number in page(browser, "/assistance/claims/")
    address = f"/assistance/claims/{claim.public_id}/"
    shown = page(browser, address)
    assert "Врач торопился" in shown
    assert [words for words in [*WRITTEN.values(), concluded.complaint] if words in shown] == []  # TM-45
    assert (
        sends(browser, address, {"verdict": "rejected", "text": "Врач предупреждён"})["Location"]
        == "/assistance/claims/"
    )
    assert ClaimAnswer.objects.get().text == "Врач предупреждён"
    assert concluded.number not in page(browser, "/assistance/claims/")
    read = page(insured_browser(concluded.asked_by), at(concluded))
    assert "Врач предупреждён" in read
    assert "ombudsman" in read  # NL-7.10


def test_only_the_insurers_coordinators_read_claims(concluded: Consultation) -> None:
    claim = claims(concluded)
    address = f"/assistance/claims/{claim.public_id}/"
    operator = a_member(StaffRole.OPERATOR, concluded.insurer, "operator@example.kz")
    assert staff_browser(operator).get(address).status_code == 403
    assert staff_browser(marat()).get("/assistance/claims/").status_code == 403
    assert staff_browser(zarina(an_insurer("kazakhinstrakh"))).get(address).status_code == 404


# ── A rating ─────────────────────────────────────────────────────────────────
def test_a_rating_is_given_and_changed_from_the_page(concluded: Consultation) -> None:
    browser = insured_browser(concluded.asked_by)
    for stars in ("2", "5"):
        sends(browser, at(concluded, "rating/"), {"stars": stars, "words": "Спасибо"})
    assert Rating.objects.get().stars == 5
    assert "You gave 5 of 5" in page(browser, at(concluded))


def test_a_rating_without_stars_or_before_the_end_is_none() -> None:
    talk = a_talk(ended_at=ENDED)
    browser = insured_browser(talk.asked_by)
    for stars in ("", "6", "5"):
        sends(browser, at(talk, "rating/"), {"stars": stars})
    assert not Rating.objects.exists()
    assert Consultation.objects.get().state == State.TALKED
