"""A conclusion under the seal of its medical organisation: sealed once, kept, handed out and checked as it was sealed."""

import hashlib
from pathlib import Path

import pytest
from django.test import Client

from notices.models import Notice
from telemed.checks import check_seals_are_of_somebody
from telemed.models import ConclusionDocument, Consultation
from telemed.queries.after import conclusions_wanted
from telemed.services import documents
from telemed.services.documents import MadeAlready, make_next_conclusion
from tests.people import insured_browser
from tests.seals import a_seal, seals_of, verdict
from tests.telemed.after import ENDED, a_talk, sent

pytestmark = pytest.mark.django_db
SLUG = "dariger"  # of tests.telemed.factories


def make_all() -> int:
    made = 0
    while make_next_conclusion(now=ENDED):
        made += 1
    return made


def downloaded(talk: Consultation, language: str) -> bytes:
    answer = insured_browser(talk.asked_by).get(f"/doctor/consultations/{talk.public_id}/conclusion/{language}/")
    return b"".join(answer.streaming_content)


def checked(code: str) -> str:
    page = Client(headers={"accept-language": "en"}).get(f"/conclusions/{code}/")
    return page.content.decode()


def test_what_the_worker_seals_is_what_is_kept_handed_out_and_checked(seals: Path, originals: Path) -> None:
    a_seal(seals, SLUG, holder="ТОО «Дәрігер»")
    talk = a_talk()
    conclusion = sent(talk)
    assert make_all() == 3
    page = checked(conclusion.code)
    for document in ConclusionDocument.objects.all():
        content = downloaded(talk, document.language)
        assert verdict(content).bottom_line
        assert document.file.read() == content
        assert document.sha256 == hashlib.sha256(content).hexdigest()
        assert document.size == len(content)
        assert document.sha256 in page
    assert "electronic seal of <b>ТОО «Дәрігер»</b>" in page
    assert page.count(ConclusionDocument.objects.first().certificate) == 1
    assert (
        Notice.objects.filter(kind="conclusion_sent", attachments=[]).count() == 2
    )  # the letter only says where it is


def test_a_changed_byte_is_found_by_the_seal_and_by_the_sum_on_the_page(seals: Path) -> None:
    a_seal(seals, SLUG)
    talk = a_talk()
    conclusion = sent(talk)
    make_all()
    content = downloaded(talk, "ru")
    place = content.index(b"/Title") + 1
    changed = content[:place] + b"t" + content[place + 1 :]
    assert not verdict(changed).bottom_line
    assert hashlib.sha256(changed).hexdigest() not in checked(conclusion.code)


def test_without_a_seal_it_is_made_and_the_page_names_none() -> None:
    talk = a_talk()
    conclusion = sent(talk)
    assert make_all() == 3
    assert seals_of(downloaded(talk, "ru")) == 0
    assert not ConclusionDocument.objects.exclude(sealed_by="", certificate="").exists()
    page = checked(conclusion.code)
    assert "SHA-256" in page
    assert "seal" not in page


def test_a_seal_of_somebody_else_is_not_taken(seals: Path) -> None:
    a_seal(seals, "another")
    talk = a_talk()
    sent(talk)
    make_all()
    assert seals_of(downloaded(talk, "ru")) == 0


def test_with_a_seal_that_cannot_be_used_it_waits_and_nothing_leaves_unsealed(seals: Path, originals: Path) -> None:
    password = a_seal(seals, SLUG).with_suffix(".password")
    right = password.read_bytes()
    password.write_text("another")
    sent(a_talk())
    assert make_all() == 3
    assert not ConclusionDocument.objects.made().exists()
    assert [path for path in originals.rglob("*") if path.is_file()] == []
    assert conclusions_wanted() == 3
    password.write_bytes(right)
    ConclusionDocument.objects.update(next_try_at=ENDED)
    assert make_all() == 3
    assert conclusions_wanted() == 0


def test_of_two_workers_that_sealed_the_same_row_one_file_is_kept(seals: Path, originals: Path) -> None:
    """Their seals differ, so it matters whose sum stands in the row."""
    a_seal(seals, SLUG)
    sent(a_talk())
    one, other = (ConclusionDocument.objects.get(language="ru") for _ in range(2))
    documents._make(one, ENDED)
    a_seal(seals, SLUG)
    with pytest.raises(MadeAlready):
        documents._make(other, ENDED)
    (file,) = [path for path in originals.rglob("*") if path.is_file()]
    kept = ConclusionDocument.objects.get(language="ru")
    assert kept.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert kept.certificate == one.certificate != other.certificate


def test_a_seal_that_is_called_as_nobody_is_warned_of(seals: Path) -> None:
    a_seal(seals, SLUG)
    a_talk()
    assert check_seals_are_of_somebody(databases=["default"]) == []
    a_seal(seals, "dariger-2")
    (message,) = check_seals_are_of_somebody(databases=["default"])
    assert (message.id, "dariger-2.p12" in message.msg) == ("telemed.W003", True)
    assert check_seals_are_of_somebody(databases=None) == []
