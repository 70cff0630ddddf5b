"""A letter leaves with what it carries, whole and unchanged, or it does not leave."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError
from django.utils import timezone

from notices.gateways import attachments as gateway
from notices.models import Notice
from notices.rules import MOST_ATTACHED, Answer, Attachment, State
from notices.services import deliver_batch, forget_old, retry_parked
from tests.notices.conftest import write, write_sms
from tests.originals import lie_in
from tests.peers.smtp import MailServer

pytestmark = pytest.mark.django_db
NAME = "Приложение 1 к полису КИ-204.pdf"


@pytest.fixture(autouse=True)
def originals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lie_in(tmp_path, monkeypatch)
    return tmp_path


def kept(content: bytes = b"%PDF-1.7 whole", path: str = "kih/1") -> Attachment:
    storages["originals"].save(path, ContentFile(content))
    return Attachment(NAME, path, hashlib.sha256(content).hexdigest())


def carried(server: MailServer) -> list[tuple[str | None, str, Any]]:
    return [
        (part.get_filename(), part.get_content_type(), part.get_content())
        for letter in server.letters
        for part in letter.iter_attachments()
    ]


def test_it_is_carried_whole_under_its_name(mail_server: MailServer) -> None:
    write(attachments=[kept(), kept(b"\x00\xff second", "kih/2")])
    assert deliver_batch(now=timezone.now()).accepted == 1
    pdf = "application/pdf"
    assert carried(mail_server) == [(NAME, pdf, b"%PDF-1.7 whole"), (NAME, pdf, b"\x00\xff second")]
    body = mail_server.letters[0].get_body(("plain",))
    assert body is not None
    assert body.get_content()


def lost(originals: Path) -> None:
    (originals / "kih/1").unlink()


def changed(originals: Path) -> None:
    (originals / "kih/1").write_bytes(b"%PDF-1.7 other")


def swollen(originals: Path) -> None:
    (originals / "kih/1").write_bytes(b"x" * (MOST_ATTACHED + 1))


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (lost, "an attachment is missing"),
        (changed, "an attachment is not the file that was attached"),
        (swollen, f"the attachments are larger than {MOST_ATTACHED} bytes"),
    ],
)
def test_without_it_the_letter_is_parked_and_says_why(
    mail_server: MailServer, originals: Path, happens: Any, reason: str
) -> None:
    notice = write(attachments=[kept()])
    write(to="next@example.kz")
    happens(originals)
    outcome = deliver_batch(now=timezone.now())
    assert (outcome.refused, outcome.accepted) == (1, 1)
    notice.refresh_from_db()
    assert (notice.state, notice.answer) == (State.PARKED, Answer.REFUSED)
    assert notice.deliveries.get().answer == reason
    assert [letter["To"] for letter in mail_server.letters] == ["next@example.kz"]


def test_all_together_have_one_bound(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "MOST_ATTACHED", 9)
    write(attachments=[kept(b"12345"), kept(b"12345", "kih/2")])
    write(attachments=[kept(b"1234", "kih/3"), kept(b"12345", "kih/4")])
    outcome = deliver_batch(now=timezone.now())
    assert (outcome.refused, outcome.accepted) == (1, 1)


def test_whoever_does_not_compare_sends_another_file(
    mail_server: MailServer, originals: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: the digest is what stops it."""

    def unread(attachments: tuple[Attachment, ...]) -> Iterator[tuple[str, bytes]]:
        for attachment in attachments:
            with storages["originals"].open(attachment.path) as file:
                yield attachment.name, file.read()

    monkeypatch.setattr("notices.gateways.smtp.contents", unread)
    write(attachments=[kept()])
    changed(originals)
    deliver_batch(now=timezone.now())
    assert [content for _name, _kind, content in carried(mail_server)] == [b"%PDF-1.7 other"]


def test_when_the_file_is_back_an_operator_sends_the_letter(mail_server: MailServer, originals: Path) -> None:
    notice = write(attachments=[kept()])
    lost(originals)
    deliver_batch(now=timezone.now())
    kept()
    retry_parked(notice=notice, by=None, reason="the file is back")
    assert deliver_batch(now=timezone.now()).accepted == 1
    assert len(carried(mail_server)) == 1


def test_an_sms_carries_nothing() -> None:
    with pytest.raises(IntegrityError, match="notice_attachments_go_by_email"):
        write_sms(attachments=[kept()])


def test_an_old_notice_forgets_what_it_carried_and_the_file_stays(originals: Path, mail_server: MailServer) -> None:
    notice = write(attachments=[kept()])
    deliver_batch(now=timezone.now())
    forget_old(now=timezone.now() + timedelta(days=91))
    assert Notice.objects.get(pk=notice.pk).attachments == []
    assert (originals / "kih/1").exists()
