"""E-mail through a real server on loopback."""

from collections.abc import Iterator
from contextlib import suppress
from smtplib import SMTP
from typing import Any
from uuid import uuid4

import pytest

from notices.gateways.base import Message, Misconfigured, NotAccepted, Refused, Temporary
from notices.gateways.smtp import Smtp
from tests.peers.smtp import MailServer
from tests.waiting import wait_until


def message(**changes: Any) -> Message:
    facts: dict[str, Any] = {
        "key": str(uuid4()), "to": "aigul@example.kz", "sender": "", "language": "kk", "subject": "Полис іске қосылды",
        "text": "Сәлем\n", "html": "<p>Сәлем</p>", "again": False,
    }  # fmt: skip
    return Message(**facts | changes)


@pytest.fixture(params=[False, True], ids=["one by one", "read ahead"])
def smtp(request: pytest.FixtureRequest, mail_server: MailServer) -> Iterator[Smtp]:
    mail_server.reads_ahead = request.param
    with Smtp() as gateway:
        yield gateway


def test_a_letter_arrives_whole(smtp: Smtp, mail_server: MailServer) -> None:
    sent = message(sender="Мой полис <noreply@mp.example>")
    accepted = smtp.deliver(sent)
    (letter,) = mail_server.letters
    assert letter["Message-ID"] == f"<{sent.key}@mp.example>"
    assert letter["From"].addresses[0].display_name == "Мой полис"
    assert (letter["To"], letter["Subject"]) == ("aigul@example.kz", "Полис іске қосылды")
    assert (letter["Auto-Submitted"], letter["Content-Language"]) == ("auto-generated", "kk")
    assert [part.get_content().strip() for part in letter.iter_parts()] == ["Сәлем", "<p>Сәлем</p>"]
    assert (accepted.provider_id, accepted.answer[:3]) == ("000001", "250")


def test_without_a_sender_the_settings_one_is_used(smtp: Smtp, mail_server: MailServer) -> None:
    smtp.deliver(message())
    assert mail_server.letters[0]["From"] == "p@mp.example"


def test_a_batch_shares_one_connection(smtp: Smtp, mail_server: MailServer) -> None:
    for _ in range(5):
        smtp.deliver(message())
    assert (mail_server.connections, len(mail_server.letters)) == (1, 5)


@pytest.mark.parametrize(
    ("mode", "error", "words"),
    [
        ("451", Temporary, "451 4.7.1 greylisted"),
        ("550", Refused, "550 5.1.1 no such mailbox"),
        ("nobody", Refused, "550 5.1.1 no such mailbox"),
        ("content", Refused, "554 5.6.0"),
        ("sender", Misconfigured, "550 5.7.1"),
        ("busy", Temporary, "SMTPServerDisconnected"),
        ("drop", Temporary, "no answer"),
    ],
)
def test_each_answer_means_what_its_code_says(
    smtp: Smtp, mail_server: MailServer, mode: str, error: type[NotAccepted], words: str
) -> None:
    mail_server.mode = mode
    with pytest.raises(error, match=words) as raised:
        smtp.deliver(message())
    assert not raised.value.everyone
    mail_server.mode = "accept"
    smtp.deliver(message())


def test_after_a_refusal_the_connection_serves_the_next_letter(smtp: Smtp, mail_server: MailServer) -> None:
    mail_server.mode = "550"
    with pytest.raises(Refused):
        smtp.deliver(message())
    mail_server.mode = "accept"
    smtp.deliver(message())
    assert mail_server.connections == 1


def answers_354_to_nobody(mail_server: MailServer) -> None:
    """A letter that is refused, and one that is not."""
    mail_server.reads_ahead, mail_server.mode = True, "nobody"
    with Smtp() as smtp:
        with pytest.raises(Refused):
            smtp.deliver(message())
        mail_server.mode = "accept"
        smtp.deliver(message())


def test_a_server_that_waits_for_a_letter_to_nobody_is_given_an_empty_one(mail_server: MailServer) -> None:
    """RFC 2920, 3.1: DATA was sent before the refusal was read."""
    answers_354_to_nobody(mail_server)
    assert [letter.get_content() if letter.keys() == [] else "ours" for letter in mail_server.letters] == ["", "ours"]
    assert mail_server.connections == 1


def test_without_it_both_would_wait_until_the_connection_is_given_up(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Control."""
    settings.EMAIL_TIMEOUT = 0.5
    monkeypatch.setattr("notices.gateways.smtp.GO_ON", None)
    answers_354_to_nobody(mail_server)
    assert mail_server.connections == 2


@pytest.mark.parametrize(("reads_ahead", "most"), [(False, 4), (True, 2)])
def test_a_server_that_reads_ahead_is_told_the_whole_envelope_at_once(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, reads_ahead: bool, most: int
) -> None:
    mail_server.reads_ahead = reads_ahead
    with Smtp() as smtp:
        smtp.deliver(message())
        sent: list[object] = []
        send = SMTP.send

        def counted(self: SMTP, words: bytes | str) -> None:
            sent.append(words)
            send(self, words)

        monkeypatch.setattr(SMTP, "send", counted)
        smtp.deliver(message())
        assert len(sent) == most


def test_a_drop_after_data_may_have_arrived_and_the_repeat_has_the_same_message_id(
    smtp: Smtp, mail_server: MailServer
) -> None:
    sent = message()
    mail_server.mode = "drop"
    with pytest.raises(Temporary):
        smtp.deliver(sent)
    mail_server.mode = "accept"
    smtp.deliver(sent)
    assert len(mail_server.keys) == 2
    assert len(set(mail_server.keys)) == 1


def test_a_server_that_hangs_up_between_letters_costs_nobody_a_try(smtp: Smtp, mail_server: MailServer) -> None:
    mail_server.mode = "hangs_up"
    smtp.deliver(message())
    wait_until(lambda: mail_server.hung_up, "the server has closed the connection")
    smtp.deliver(message())
    assert (mail_server.connections, len(mail_server.letters)) == (2, 2)


def test_a_slow_server_is_given_up_in_time_for_the_whole_batch(
    smtp: Smtp, mail_server: MailServer, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    mail_server.mode = "slow"
    with pytest.raises(Temporary, match="TimeoutError") as raised:
        smtp.deliver(message())
    assert raised.value.everyone


def test_a_server_that_is_down_is_everyones_temporary_trouble(smtp: Smtp, settings: Any) -> None:
    settings.EMAIL_PORT = 1  # nobody listens
    with pytest.raises(Temporary, match="ConnectionRefusedError") as raised:
        smtp.deliver(message())
    assert raised.value.everyone


def test_a_password_that_the_server_does_not_take_is_ours_to_mend(
    smtp: Smtp, mail_server: MailServer, settings: Any
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "wrong"
    with pytest.raises(Misconfigured) as raised:
        smtp.deliver(message())
    assert raised.value.everyone


def test_a_server_without_the_promised_encryption_is_ours_to_mend(
    smtp: Smtp, mail_server: MailServer, settings: Any
) -> None:
    settings.EMAIL_USE_TLS = True
    with pytest.raises(Misconfigured):
        smtp.deliver(message())
    assert mail_server.letters == []


def test_a_host_that_is_not_allowed_is_ours_to_mend(smtp: Smtp, settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example"
    with pytest.raises(Misconfigured) as raised:
        smtp.deliver(message())
    assert raised.value.everyone


@pytest.mark.parametrize(
    "to",
    [
        "a@example.kz\r\nBcc: all@example.kz",
        "a@example.kz, b@example.kz",
        "a@example.kz>\r\nRCPT TO:<b@example.kz",
        "почта@example.kz",
        "a@",
        "@",
        "nobody",
        "",
        "a@" + "я" * 80 + ".kz",
    ],
)
def test_what_is_not_one_address_is_refused_before_the_wire(smtp: Smtp, mail_server: MailServer, to: str) -> None:
    with pytest.raises(Refused, match="cannot be written"):
        smtp.deliver(message(to=to))
    assert mail_server.connections == 0


def test_a_line_break_in_the_subject_cannot_add_a_header(smtp: Smtp, mail_server: MailServer) -> None:
    with pytest.raises(Refused):
        smtp.deliver(message(subject="Полис\r\nBcc: all@example.kz"))
    assert mail_server.letters == []


def test_a_line_break_in_the_sender_adds_no_header(smtp: Smtp, mail_server: MailServer) -> None:
    """Python before 3.11.4 reads no address in this and refuses, later ones read the first; neither adds anything."""
    with suppress(Refused):
        smtp.deliver(message(sender="p@mp.example\r\nBcc: all@example.kz"))
    assert all("Bcc" not in letter and letter["From"] == "p@mp.example" for letter in mail_server.letters)
    smtp.deliver(message(sender="p@mp.example"))
    assert mail_server.letters[-1]["From"] == "p@mp.example"


def test_a_cyrillic_domain_is_reached(smtp: Smtp, mail_server: MailServer) -> None:
    smtp.deliver(message(to="info@пример.қаз"))
    assert mail_server.letters[0]["To"] == "info@xn--e1afmkfd.xn--80ao21a"
