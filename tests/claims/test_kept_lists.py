"""What reviewers keep for their insurer: countries where the contract may not hold, templates of words they write with."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from claims.models import Claim, ExcludedCountry, Wording
from core.models import AuditEvent
from tests.claims.desk import a_case, at, delivered, english, opens
from tests.claims.factories import NOW, asel, bakyt
from tests.factories import TODAY, an_insurer, another_insurer
from tests.people import staff_browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
COUNTRIES, WORDINGS = "/staff/claims/excludedcountry/", "/staff/claims/wording/"


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def reviewer() -> Client:
    return english(staff_browser(bakyt(an_insurer("nomad-life"))))


def a_country() -> dict[str, str]:
    insurer = an_insurer("nomad-life")
    return {
        "insurer": f"{insurer.pk}", "country": "SY", "ground": "war", "since": f"{TODAY:%d.%m.%Y}", "until": "",
        "source": "Ministry, 1",
    }  # fmt: skip


def test_a_reviewer_puts_a_country_on_the_list_and_ends_it(reviewer: Client) -> None:
    assert reviewer.post(f"{COUNTRIES}add/", a_country()).status_code == 302
    kept = ExcludedCountry.objects.get()
    last = TODAY + timedelta(days=9)
    page = f"{COUNTRIES}{kept.public_id}/change/"
    reviewer.post(page, {"until": f"{last:%d.%m.%Y}", "source": "Ministry, 2", "country": "FR"})
    kept.refresh_from_db()
    assert (kept.country, kept.until, kept.source) == ("SY", last, "Ministry, 2")
    trail = AuditEvent.objects.filter(verb="kept a country on the list of 5.3").order_by("pk")
    assert [event.detail.get("source_before") for event in trail] == [None, "Ministry, 1"]


def test_of_another_insurer_no_country_is_kept(reviewer: Client) -> None:
    other = another_insurer()
    assert reviewer.post(f"{COUNTRIES}add/", a_country() | {"insurer": f"{other.pk}"}).status_code == 200
    assert not ExcludedCountry.objects.exists()


def test_an_approver_reads_the_list_and_nobody_deletes_from_it(reviewer: Client) -> None:
    reviewer.post(f"{COUNTRIES}add/", a_country())
    kept = ExcludedCountry.objects.get()
    approver = english(staff_browser(asel(kept.insurer)))
    assert "Syria" in approver.get(COUNTRIES).text
    assert approver.post(f"{COUNTRIES}add/", a_country()).status_code == 403
    assert reviewer.post(f"{COUNTRIES}{kept.public_id}/delete/", {"post": "yes"}).status_code == 403


# ── Templates of words ───────────────────────────────────────────────────────
@pytest.fixture
def claim() -> Claim:
    return delivered(a_case())


def a_wording(claim: Claim, language: str = "ru") -> Wording:
    return Wording.objects.create(
        insurer=claim.insurer, language=language, title="Нет печати", text="На выписке нет печати."
    )


def test_templates_are_kept_changed_and_dropped(reviewer: Client) -> None:
    said = {"insurer": f"{an_insurer('nomad-life').pk}", "language": "ru", "title": "Нет печати", "text": "Одно"}
    reviewer.post(f"{WORDINGS}add/", said)
    page = f"{WORDINGS}{Wording.objects.get().public_id}/"
    reviewer.post(f"{page}change/", said | {"text": "Другое"})
    assert Wording.objects.get().text == "Другое"
    assert AuditEvent.objects.filter(verb="kept a template of words").latest("pk").detail["text_before"] == "Одно"
    reviewer.post(f"{page}delete/", {"post": "yes"})
    assert not Wording.objects.exists()
    assert AuditEvent.objects.get(verb="dropped a template of words").detail["text"] == "Другое"


@pytest.mark.parametrize("room", ["", "setting-aside/", "documents/new/"])
def test_a_template_is_put_into_what_is_written(claim: Claim, room: str) -> None:
    reviewer, wording = opens(claim, bakyt(claim.insurer)), a_wording(claim)
    a_wording(claim, "kk")
    page = reviewer.get(at(claim, room)).text
    assert page.count("Нет печати") == 1  # of the language of the case
    assert wording.text not in page
    assert wording.text in reviewer.get(at(claim, room), {"wording": f"{wording.public_id}"}).text


def test_of_a_document_it_stands_in_every_reason(claim: Claim) -> None:
    reviewer, wording = opens(claim, bakyt(claim.insurer)), a_wording(claim)
    item = claim.items.get(code="I5")
    page = reviewer.get(at(claim, f"documents/{item.public_id}/"), {"wording": f"{wording.public_id}"}).text
    assert page.count(wording.text) == 2  # to be redone, not needed


@pytest.mark.parametrize("key", ["", "x", "6f9619ff-8b86-d011-b42d-00cf4fc964ff"])
def test_what_is_no_template_puts_in_nothing(claim: Claim, key: str) -> None:
    reviewer = opens(claim, bakyt(claim.insurer))
    assert reviewer.get(at(claim), {"wording": key}).status_code == 200


def test_another_insurers_template_is_none(claim: Claim) -> None:
    reviewer = opens(claim, bakyt(claim.insurer))
    foreign = Wording.objects.create(insurer=another_insurer(), language="ru", title="Чужое", text="Чужие слова")
    page = reviewer.get(at(claim), {"wording": f"{foreign.public_id}"}).text
    assert "Чужие слова" not in page
