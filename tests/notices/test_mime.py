"""A letter as bytes: whatever it says, a mail program reads it as it was meant."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.gateways.base import Message, Refused
from notices.gateways.mime import letter
from notices.gateways.smtp import compose

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).map(
    lambda text: " ".join(text.split())
)


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def body_of(mail: EmailMessage, kind: str) -> str:
    part: Any = mail.get_body((kind,))
    return str(part.get_payload(decode=True).decode())


def a_message(**facts: Any) -> Message:
    usual: dict[str, Any] = {
        "key": "0f", "to": "a@b.kz", "sender": "Мой полис <p@mp.example>", "language": "ru", "subject": "Полис",
        "text": "Текст\n", "html": "<p>Текст</p>", "again": False,
    }  # fmt: skip
    return Message(**(usual | facts))


@settings(deadline=None)
@given(text=TEXTS, html=TEXTS)
def test_both_bodies_arrive_as_they_were_written(text: str, html: str) -> None:
    mail = read(letter([("Subject", "s")], text=text, html=html))
    assert (body_of(mail, "plain"), body_of(mail, "html")) == (text, html)


@settings(deadline=None)
@given(subject=LINES)
def test_any_subject_arrives_whole(subject: str) -> None:
    raw = letter([("Subject", subject)], text="t", html="h")
    assert read(raw)["Subject"] == subject


@settings(deadline=None)
@given(text=TEXTS, subject=LINES)
def test_the_wire_sees_ascii_in_short_lines(text: str, subject: str) -> None:
    raw = letter([("Subject", f"Ж{subject}")], text=text, html=text)
    assert raw.isascii()
    assert b"\n." not in raw  # the wire's end of a letter (notices.gateways.smtp)
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 76 + len("Subject: ")


@settings(deadline=None)
@given(content=st.binary(), name=st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_a_file_arrives_with_its_name(content: bytes, name: str) -> None:
    mail = read(letter([("Subject", "s")], text="t", html="h", files=[(f"{name}.pdf", content)]))
    (file,) = mail.iter_attachments()
    assert file.get_content_type() == "application/pdf"
    assert file.get_payload(decode=True) == content
    assert file.get_filename() == f"{name}.pdf"
    assert body_of(mail, "plain") == "t"


@pytest.mark.parametrize("subject", ["Полис\r\nBcc: all@b.kz", "Policy\nBcc: all@b.kz", "Policy\rBcc: all@b.kz"])
def test_a_line_break_in_a_header_is_refused(subject: str) -> None:
    with pytest.raises(Refused):
        compose(a_message(subject=subject))


def test_who_writes_is_named_in_their_own_letters() -> None:
    mail = read(compose(a_message()).body)
    assert mail["From"] == "Мой полис <p@mp.example>"
    assert mail["To"] == "a@b.kz"
    assert mail["MIME-Version"] == "1.0"
