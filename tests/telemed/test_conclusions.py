"""What the doctor writes: kept while it is written, sent once, made a PDF in three languages, checked by anybody."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from core.documents import render
from notices.models import Notice
from policies.models import RenderedConsultation
from telemed.models import SECTIONS, Conclusion, ConclusionDocument, Consultation, ConsultationStep, Draft
from telemed.rules import Event, State, WrongMoment
from telemed.services import documents
from telemed.services.conclusions import save_draft
from telemed.services.documents import MadeAlready, facts_of, make_next_conclusion
from tests.documents import catalog_of, text_of
from tests.people import insured_browser
from tests.telemed.after import ENDED, WRITTEN, a_talk, sent
from tests.telemed.factories import NOW, a_consultation

pytestmark = pytest.mark.django_db


def make_all() -> int:
    made = 0
    while make_next_conclusion(now=ENDED):
        made += 1
    return made


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# ── Written ──────────────────────────────────────────────────────────────────
def test_no_field_asks_for_a_diagnosis_or_a_prescription() -> None:
    """TM-15, TM-17."""
    assert SECTIONS == ("heard", "specialists", "methods", "risks", "expected", "outcome")
    written = {field.name for field in Conclusion._meta.get_fields() if not field.is_relation}
    assert written == {*SECTIONS, "id", "code", "sent_at"}


def test_a_draft_is_kept_as_far_as_it_is_written_and_gone_when_sent() -> None:
    talk = a_talk()
    blank = dict.fromkeys(SECTIONS, "")
    save_draft(consultation=talk, sections=blank | {"heard": "Горло"}, now=ENDED)
    save_draft(consultation=talk, sections=blank | {"heard": "Горло болит"}, now=ENDED)
    assert Draft.objects.get().heard == "Горло болит"
    sent(talk)
    assert not Draft.objects.exists()
    with pytest.raises(WrongMoment):
        save_draft(consultation=talk, sections=WRITTEN, now=ENDED)


def test_a_draft_may_be_begun_while_the_talk_goes_on_and_not_before() -> None:
    talk = a_talk()
    Consultation.objects.update(state=State.TALKING)
    save_draft(consultation=talk, sections=WRITTEN, now=ENDED)
    Consultation.objects.update(state=State.CALLING)
    with pytest.raises(WrongMoment):
        save_draft(consultation=talk, sections=WRITTEN, now=ENDED)


# ── Sent ─────────────────────────────────────────────────────────────────────
def test_when_it_is_sent_the_consultation_counts_as_rendered_and_the_patient_is_told() -> None:
    conclusion = sent(a_talk())
    concluded = Consultation.objects.get()
    assert (concluded.state, concluded.rendered_at) == (State.CONCLUDED, ENDED)
    assert RenderedConsultation.objects.get().how == "held"
    assert ConsultationStep.objects.get(kind=Event.CONCLUDE).detail == {"outcome": "in_person"}
    assert {notice.channel for notice in Notice.objects.filter(kind="conclusion_sent")} == {"email", "sms"}
    assert conclusion.titled[0][1] == WRITTEN["heard"]


def test_what_is_paid_by_oneself_takes_nothing_from_a_sum_insured() -> None:
    sent(a_talk(policy_id=None, price=9000))
    assert Consultation.objects.get().state == State.CONCLUDED
    assert not RenderedConsultation.objects.exists()


@pytest.mark.parametrize("state", [State.TALKING, State.CONCLUDED, State.CALLING])
def test_it_is_sent_after_the_talk_and_once(state: State) -> None:
    talk = a_talk()
    Consultation.objects.update(state=state)
    with pytest.raises(WrongMoment):
        sent(talk)
    assert not Conclusion.objects.exists()


def test_what_was_sent_is_never_changed() -> None:
    sent(a_talk())
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Conclusion.objects.update(methods="другое")


@pytest.mark.parametrize("missing", ["outcome", "methods"])
def test_the_database_refuses_one_that_says_nothing(missing: str) -> None:
    with pytest.raises(DatabaseError, match="conclusion_says_what_to_do"):
        sent(a_talk(), **{missing: ""})  # type: ignore[arg-type]  # a name known only here


# ── The document ─────────────────────────────────────────────────────────────
def test_it_becomes_a_tagged_pdf_in_each_language_with_the_doctors_own_words(originals: Path) -> None:
    conclusion = sent(a_talk())
    assert make_all() == 3
    for document in ConclusionDocument.objects.all():
        content = document.file.read()
        text = text_of(content)
        for words in [*WRITTEN.values()][:5]:
            assert words in text
        with translation.override(document.language):
            assert gettext("Specialists to see in person") in text
        assert "Темирбекова Оксана Павловна" in text
        assert conclusion.check_url in text.replace(" ", "")
        assert catalog_of(content)["/MarkInfo"]["/Marked"]
        assert catalog_of(content)["/Lang"] == document.language
        assert document.sha256 == hashlib.sha256(content).hexdigest()
        assert document.facts == {}
    assert len(files(originals)) == 3


def test_the_same_conclusion_gives_the_same_bytes() -> None:
    facts = facts_of(sent(a_talk()), "kk")
    once, again = (render(documents.TEMPLATE, facts, language="kk") for _ in range(2))
    assert once == again


def test_its_code_is_a_picture_inside_the_document() -> None:
    address = documents.qr_of("https://mp.example/conclusions/abc/")
    kind, _comma, picture = address.partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(picture).startswith(b"<?xml")
    assert address == documents.qr_of("https://mp.example/conclusions/abc/")


def test_what_a_patient_or_a_doctor_types_does_not_become_markup() -> None:
    sent(a_talk(), methods="<img src='file:///etc/passwd'>{{ face }}")
    make_all()
    document = ConclusionDocument.objects.get(language="ru")
    assert "<img src='file:///etc/passwd'>{{ face }}" in text_of(document.file.read())


def test_a_worker_that_fails_leaves_it_to_the_next(monkeypatch: pytest.MonkeyPatch, originals: Path) -> None:
    sent(a_talk())

    def fails(*anything: Any, **whatever: Any) -> bytes:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(documents.documents, "render", fails)
        assert make_all() == 3
    assert files(originals) == []
    assert make_all() == 0  # a minute's pause
    ConclusionDocument.objects.update(next_try_at=ENDED)
    assert make_all() == 3
    assert len(files(originals)) == 3


def test_of_two_workers_with_one_row_the_first_keeps_its_file(originals: Path) -> None:
    sent(a_talk())
    one, other = (ConclusionDocument.objects.get(language="ru") for _ in range(2))
    documents._make(one, ENDED)
    with pytest.raises(MadeAlready):
        documents._make(other, ENDED)
    assert len(files(originals)) == 1


# ── The page that checks it ──────────────────────────────────────────────────
def test_anybody_learns_whether_a_paper_is_genuine_and_nothing_of_what_it_says() -> None:
    conclusion = sent(a_talk())
    make_all()
    with translation.override("ru"):
        page = Client().get(f"/conclusions/{conclusion.code}/")
    body = page.content.decode()
    assert page.status_code == 200
    assert ConclusionDocument.objects.get(language="kk").sha256 in body
    secrets = [*WRITTEN.values(), "Темирбекова", "Садыкова", "Айгуль", "терапевт"]
    assert [words for words in secrets if words in body] == []
    assert page["X-Robots-Tag"] == "noindex"


def test_a_code_that_nobody_got_is_not_ours() -> None:
    sent(a_talk())
    assert Client().get("/conclusions/AAAAAAAAAAAAAAAAAAAAAA/").status_code == 404


def test_two_conclusions_have_codes_that_nobody_guesses() -> None:
    first = sent(a_talk())
    talk = first.consultation
    assert talk.policy
    other = a_consultation(
        talk.asked_by, talk.policy, State.TALKED, doctor=talk.doctor, ended_at=ENDED, close_one="Мама", asked_at=NOW
    )
    assert len({first.code, sent(other).code}) == 2
    assert len(first.code) == 22


# ── The patient keeps it ─────────────────────────────────────────────────────
def test_the_patient_downloads_it_in_any_language() -> None:
    talk = a_talk()
    sent(talk)
    make_all()
    browser = insured_browser(talk.asked_by)
    answer = browser.get(f"/doctor/consultations/{talk.public_id}/conclusion/kk/")
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert browser.get(f"/doctor/consultations/{talk.public_id}/conclusion/de/").status_code == 404


def test_while_it_is_being_made_the_page_shows_the_words_already() -> None:
    talk = a_talk()
    sent(talk)
    page = insured_browser(talk.asked_by).get(f"/doctor/consultations/{talk.public_id}/")
    assert WRITTEN["methods"] in page.content.decode()
