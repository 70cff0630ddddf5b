"""Whoever disagrees finds the four ways in the cabinet, with the papers for each."""

from datetime import timedelta

import pytest
from django.test import Client

from claims.models import Claim, Objection
from claims.rules.life import ObjectionState, Way
from claims.services.objections import ready_for_ombudsman
from tests.claims.desk import a_case, english, page, refused, reviewed
from tests.claims.factories import NOW
from tests.forms import sends
from tests.people import dana, insured_browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
A_DAY = timedelta(days=1)


@pytest.fixture
def claim() -> Claim:
    claim = reviewed(a_case())
    refused(claim)
    return claim


@pytest.fixture
def browser(claim: Claim) -> Client:
    assert claim.claimant
    return english(insured_browser(claim.claimant))


def at(claim: Claim, room: str = "") -> str:
    return f"/claims/cases/{claim.public_id}/objections/{room}"


def test_the_four_ways_stand_in_their_order_with_their_clauses(claim: Claim, browser: Client) -> None:
    text = page(browser, at(claim))
    places = [
        text.index(words) for words in ("Object to us", "Send us the notice", "authorised body</a>", "to a court</a>")
    ]
    assert places == sorted(places)
    for clause in ("13.3", "13.4", "7.10", "13.5"):
        assert f"Rules, {clause}" in text
    assert "The letter with our decision" in text
    assert at(claim) in page(browser, f"/claims/cases/{claim.public_id}/")


def test_an_objection_is_registered_once_with_its_term(claim: Claim, browser: Client) -> None:
    assert sends(browser, at(claim, "insurer/"), {"text": ""}).status_code == 200
    sends(browser, at(claim, "insurer/"), {"text": "Заключение неверно"})
    text = page(browser, at(claim))
    assert "We answer until 11 December 2026" in text
    assert "Заключение неверно" in text
    answer = sends(browser, at(claim, "insurer/"), {"text": "Ещё раз"}, follow=True)
    assert "You are on this way already" in answer.text
    assert Objection.objects.count() == 1


def test_the_notice_to_us_the_papers_and_the_ombudsman(claim: Claim, browser: Client) -> None:
    sends(browser, at(claim, "ombudsman/"), {"text": "Обращусь к омбудсману"})
    objection = Objection.objects.get()
    step = at(claim, f"{objection.public_id}/lodge/")
    assert "This has changed meanwhile" in sends(browser, step, follow=True).text  # the papers are not ready
    decision = claim.decisions.get()
    ready_for_ombudsman(objection=objection, by=decision.proposed_by, now=NOW)
    text = page(browser, at(claim))
    assert "The papers are ready" in text
    assert "I have sent it to the ombudsman" in text
    sends(browser, step)
    objection.refresh_from_db()
    assert objection.state == ObjectionState.LODGED


def test_what_was_filed_is_taken_back(claim: Claim, browser: Client) -> None:
    sends(browser, at(claim, "insurer/"), {"text": "…"})
    objection = Objection.objects.get()
    sends(browser, at(claim, f"{objection.public_id}/withdraw/"))
    objection.refresh_from_db()
    assert objection.state == ObjectionState.WITHDRAWN
    assert "Object to us" in page(browser, at(claim))
    assert sends(browser, at(claim, f"{objection.public_id}/uphold/")).status_code == 404


@pytest.mark.parametrize("way", Way.values)
def test_each_way_has_its_page_and_no_other_has(claim: Claim, browser: Client, way: str) -> None:
    assert "What do you disagree with" in page(browser, at(claim, f"{way}/"))
    assert browser.get(at(claim, "king/")).status_code == 404


def test_a_stranger_finds_nothing_and_a_visitor_signs_in(claim: Claim) -> None:
    stranger = insured_browser(dana())
    assert {stranger.get(at(claim, room)).status_code for room in ("", "insurer/")} == {404}
    assert Client().get(at(claim)).status_code == 302


def test_before_a_decision_there_is_nothing_to_object_to() -> None:
    claim = a_case()
    assert claim.claimant
    assert insured_browser(claim.claimant).get(at(claim)).status_code == 404
