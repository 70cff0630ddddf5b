"""What is printed of a case: the request to an authority, and the papers for the ombudsman as one file."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from accounts.models import User
from claims.models import Claim, Objection, OmbudsmanPack, RequestPaper, Step, Suspension
from claims.rules.life import Way, WrongMoment
from claims.services.objections import file_objection, ready_for_ombudsman
from claims.services.suspending import NotThatDay, ask_authority, note_criminal_case, note_dispatch
from claims.tasks import make_papers
from tests.claims.browsing import a_guest_with_a_case, page_of
from tests.claims.desk import a_case, at, english, opens, page, refused, reviewed
from tests.claims.factories import NOW, TODAY, a_decision, a_review, asel, bakyt
from tests.documents import text_of
from tests.factories import another_insurer
from tests.forms import sends
from tests.people import dana, insured_browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "originals")]
A_DAY = timedelta(days=1)
LEFT = {"sent_on": "21.11.2026", "sent_how": "Заказное письмо RR 1"}


@pytest.fixture
def claim() -> Claim:
    return reviewed(a_case(story="Секрет: диабет"))


@pytest.fixture
def reviewer(claim: Claim) -> User:
    return bakyt(claim.insurer)


def asked(claim: Claim, by: User, language: str = "ru") -> Suspension:
    return ask_authority(
        claim=claim, authority="Полиция Астаны, пр. Абая, 1", question="Кто был за рулём?", why="Для заявителя",
        language=language, by=by, now=NOW,
    )  # fmt: skip


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def room(stop: Suspension, name: str) -> str:
    return at(stop.review.claim, f"answers/{stop.public_id}/{name}/")


# ── The request to an authority (7.8, 11.1(6)) ───────────────────────────────
def test_a_question_to_an_authority_is_printed_and_says_no_more_than_it_needs(claim: Claim, reviewer: User) -> None:
    stop, browser = asked(claim, reviewer), opens(claim, reviewer)
    assert browser.get(room(stop, "request")).status_code == 404  # a worker has yet to make it
    make_papers()
    answer = browser.get(room(stop, "request"))
    assert answer.headers["Content-Type"] == "application/pdf"
    text = text_of(content_of(answer))
    person = claim.person
    assert person
    for known in (
        "Запрос о предоставлении сведений",
        "Полиция Астаны, пр. Абая, 1",
        "Кто был за рулём?",
        person.full_name,
    ):
        assert known in text
    assert claim.number_shown in text
    for hidden in ("диабет", "инвалидност", "Инвалидност", "Для заявителя", claim.email):
        assert hidden not in text
    paper = RequestPaper.objects.get()
    assert (paper.facts, paper.made_at) == ({}, NOW)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("kk", "Мәлімет беру туралы сұрау салу"),
        ("ru", "Запрос о предоставлении сведений"),
        ("en", "Request for information"),
    ],
)
def test_it_is_in_the_authoritys_language_whatever_the_claimants(
    claim: Claim, reviewer: User, language: str, title: str
) -> None:
    stop = asked(claim, reviewer, language)
    make_papers()
    assert title in text_of(RequestPaper.objects.get(suspension=stop).file.open().read())
    assert claim.letters.latest("pk").language == "ru"


@pytest.mark.parametrize(("country", "first"), [("KZ", ["kk", "ru", "en"]), ("RU", ["ru", "kk", "en"])])
def test_the_form_begins_with_the_official_languages(
    claim: Claim, reviewer: User, country: str, first: list[str]
) -> None:
    type(claim.insurer).objects.filter(pk=claim.insurer.pk).update(country=country)
    text = page(opens(claim, reviewer), at(claim, "authority/")).partition("Language of the request")[2]
    places = [text.index(f'name="language" value="{language}"') for language in first]
    assert places == sorted(places)


def test_that_it_left_stands_in_the_history_once(claim: Claim, reviewer: User) -> None:
    stop, browser = asked(claim, reviewer), opens(claim, reviewer)
    assert "To be printed, signed and sent" in page(browser, at(claim))
    sends(browser, room(stop, "dispatch"), LEFT)
    step = Step.objects.filter(claim=claim).latest("pk")
    assert (step.in_words, step.on, step.reason, step.by) == (
        "the request to the authority was sent", TODAY, "Заказное письмо RR 1", reviewer,
    )  # fmt: skip
    assert "Left on 21 November 2026: Заказное письмо RR 1" in page(browser, at(claim))
    again = sends(browser, room(stop, "dispatch"), LEFT | {"sent_how": "Ещё раз"}, follow=True)
    assert again.status_code == 200
    assert Step.objects.filter(claim=claim, event="send_request").count() == 1


@pytest.mark.parametrize(("days", "is_taken"), [(-1, False), (0, True), (1, True), (2, False)])
def test_it_left_between_the_question_and_today(claim: Claim, reviewer: User, days: int, is_taken: bool) -> None:
    stop = asked(claim, reviewer)
    facts: dict[str, Any] = {"sent_on": TODAY + days * A_DAY, "sent_how": "Почта", "by": reviewer, "now": NOW + A_DAY}
    if is_taken:
        assert note_dispatch(suspension=stop, **facts).sent_on == facts["sent_on"]
    else:
        with pytest.raises(NotThatDay):
            note_dispatch(suspension=stop, **facts)


def test_a_wrong_day_is_said_at_its_field_and_nothing_is_lost(claim: Claim, reviewer: User) -> None:
    stop, browser = asked(claim, reviewer), opens(claim, reviewer)
    answer = sends(browser, room(stop, "dispatch"), LEFT | {"sent_on": "22.11.2026"})
    assert "Enter a day between the request and today" in answer.text
    assert "Заказное письмо RR 1" in answer.text


def test_a_criminal_case_asks_nobody(claim: Claim, reviewer: User) -> None:
    stop = note_criminal_case(claim=claim, authority="Суд", why="…", by=reviewer, now=NOW)
    assert not RequestPaper.objects.exists()
    assert opens(claim, reviewer).get(room(stop, "request")).status_code == 404
    with pytest.raises(WrongMoment):
        note_dispatch(suspension=stop, sent_on=TODAY, sent_how="Почта", by=reviewer, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.filter(pk=stop.pk).update(sent_on=TODAY, sent_how="Почта")


def test_strangers_to_the_desk_get_no_request(claim: Claim, reviewer: User) -> None:
    stop = asked(claim, reviewer)
    make_papers()
    elsewhere, approver = bakyt(another_insurer(), "elsewhere@example.kz"), asel(claim.insurer)
    assert opens(claim, elsewhere).get(room(stop, "request")).status_code == 404
    assert opens(claim, reviewer).post(room(stop, "request")).status_code == 405
    reads = opens(claim, approver)
    assert reads.get(room(stop, "request")).status_code == 200
    assert reads.post(room(stop, "dispatch"), LEFT).status_code == 403
    assert claim.claimant
    assert insured_browser(claim.claimant).get(room(stop, "request")).status_code in (302, 403, 404)


# ── The papers for the ombudsman (13.4) ──────────────────────────────────────
def announced(claim: Claim, text: str = "Экспертиза неверна") -> Objection:
    decision = claim.decisions.get()
    return file_objection(decision=decision, way=Way.OMBUDSMAN, text=text, by=claim.claimant, now=NOW)


def pack_of(objection: Objection) -> str:
    return page_of(objection.claim, "objections", str(objection.public_id), "pack")


@pytest.fixture
def objection(claim: Claim, reviewer: User) -> Objection:
    refused(claim, reviewer=reviewer)
    return announced(claim)


@pytest.fixture
def browser(claim: Claim) -> Client:
    assert claim.claimant
    return english(insured_browser(claim.claimant))


def test_notice_decision_and_list_are_one_file(objection: Objection, reviewer: User, browser: Client) -> None:
    claim = objection.claim
    assert browser.get(pack_of(objection)).status_code == 404
    ready_for_ombudsman(objection=objection, by=reviewer, now=NOW)
    assert browser.get(pack_of(objection)).headers["Location"] == page_of(claim, "objections")
    make_papers()
    assert pack_of(objection) in page(browser, page_of(claim, "objections"))
    answer = browser.get(pack_of(objection))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{claim.number_shown}-ombudsman.pdf"'
    text = text_of(content_of(answer))
    letter = claim.letters.filter(kind="refused").get()
    parts = ["1. Уведомление об обращении", "Экспертиза неверна", "2. Решение страховщика", "3. Список документов"]
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)
    assert " ".join(letter.subject.split()) in text
    for line in letter.body.split("\n\n")[:2]:
        assert line[:40] in text
    with translation.override("ru"):
        assert claim.items.get(code="I3").name[:40] in text


def test_the_same_case_gives_the_same_bytes(objection: Objection, reviewer: User, browser: Client) -> None:
    ready_for_ombudsman(objection=objection, by=reviewer, now=NOW)
    facts = OmbudsmanPack.objects.get().facts
    make_papers()
    first = OmbudsmanPack.objects.get()
    OmbudsmanPack.objects.all().delete()
    OmbudsmanPack.objects.create(objection=objection, facts=facts, next_try_at=NOW)
    make_papers()
    again = OmbudsmanPack.objects.get()
    assert (again.sha256, again.size) == (first.sha256, first.size)
    assert content_of(browser.get(pack_of(objection))) == first.file.open().read()


def test_a_guest_has_it_by_their_own_door_and_nobody_else(reviewer: User) -> None:
    guest, claim = a_guest_with_a_case()
    approver = asel(claim.insurer)
    by = bakyt(claim.insurer, "hers@example.kz")
    a_decision(a_review(claim), by, state="approved", approved_by=approver, approved_at=NOW, decided_on=TODAY)
    objection = announced(claim)
    ready_for_ombudsman(objection=objection, by=by, now=NOW)
    make_papers()
    assert content_of(guest.get(pack_of(objection))).startswith(b"%PDF")
    another, _case = a_guest_with_a_case("other@example.kz")
    assert another.get(pack_of(objection)).status_code == 302  # to sign in, as before any case that is not there
    assert Client().get(pack_of(objection)).status_code == 302


def test_a_stranger_has_no_pack_and_it_is_only_read(objection: Objection, reviewer: User, browser: Client) -> None:
    ready_for_ombudsman(objection=objection, by=reviewer, now=NOW)
    make_papers()
    assert insured_browser(dana()).get(pack_of(objection)).status_code == 404
    assert browser.post(pack_of(objection)).status_code == 405


def test_an_objection_to_the_insurer_has_no_pack(claim: Claim, reviewer: User, browser: Client) -> None:
    refused(claim, reviewer=reviewer)
    one = file_objection(decision=claim.decisions.get(), way=Way.INSURER, text="…", by=claim.claimant, now=NOW)
    assert browser.get(pack_of(one)).status_code == 404
