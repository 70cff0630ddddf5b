"""The one door: only to hosts on the list, never by a redirect, and every wait ends. All peers are on loopback."""

import smtplib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from core.outbound import HostNotAllowed, SmtpRefused, Unreachable, post_form, smtp_connection

Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], str]]:
    servers: list[HTTPServer] = []

    def start(answer: Answer) -> str:
        handler = type("Peer", (BaseHTTPRequestHandler,), {"do_POST": answer, "log_message": lambda *_: None})
        server = HTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def wait_for(event: threading.Event) -> None:
    event.wait(timeout=60)


def reply(peer: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    peer.send_response(status)
    for name, value in headers.items():
        peer.send_header(name, value)
    peer.end_headers()
    peer.wfile.write(body)


def test_a_form_arrives_and_the_answer_comes_back(serve: Callable[[Answer], str]) -> None:
    def echo(peer: BaseHTTPRequestHandler) -> None:
        received = peer.rfile.read(int(peer.headers["Content-Length"])).decode()
        reply(peer, 201, b'{"got": "%s"}' % received.encode())

    answer = post_form(serve(echo), {"mes": "код 1"}, timeout=5)
    assert (answer.status, answer.json()) == (201, {"got": "mes=%D0%BA%D0%BE%D0%B4+1"})


def test_a_redirect_is_an_answer_and_not_a_way(serve: Callable[[Answer], str]) -> None:
    visits: list[str] = []
    target = serve(lambda peer: visits.append(peer.path))
    assert post_form(serve(lambda peer: reply(peer, 307, b"", Location=target)), {}, timeout=5).status == 307
    assert visits == []


def test_a_host_that_is_not_on_the_list_is_not_called(settings: Any) -> None:
    settings.OUTBOUND_HOSTS = ["sms.example"]
    with pytest.raises(HostNotAllowed):
        post_form("https://127.0.0.1/", {}, timeout=1)
    with pytest.raises(HostNotAllowed):
        post_form("https://sms.example@other.example/", {}, timeout=1)
    with pytest.raises(HostNotAllowed), smtp_connection("127.0.0.1", 25, timeout=1):
        pytest.fail("nobody answers")


@pytest.mark.parametrize("url", ["http://sms.example/", "ftp://sms.example/", "file:///etc/passwd", "sms.example"])
def test_only_https_leaves_the_machine(url: str, settings: Any) -> None:
    settings.OUTBOUND_HOSTS = ["sms.example", ""]
    with pytest.raises(HostNotAllowed):
        post_form(url, {}, timeout=1)


def test_a_silent_peer_is_left_in_time(serve: Callable[[Answer], str]) -> None:
    left = threading.Event()
    url = serve(lambda peer: wait_for(left))
    with pytest.raises(Unreachable):
        post_form(url, {}, timeout=0.2)
    assert not left.is_set()
    left.set()


def test_a_peer_that_drips_is_left_in_time(serve: Callable[[Answer], str]) -> None:
    def drip(peer: BaseHTTPRequestHandler) -> None:
        reply(peer, 200, b"")
        with suppress(OSError):  # it has gone
            while True:
                time.sleep(0.1)
                peer.wfile.write(b".")

    with pytest.raises(Unreachable, match="too slow"):
        post_form(serve(drip), {}, timeout=1)


def test_an_endless_answer_is_cut(serve: Callable[[Answer], str]) -> None:
    with pytest.raises(Unreachable, match="too long"):
        post_form(serve(lambda peer: reply(peer, 200, b"x" * 70_000)), {}, timeout=5)


def test_nobody_at_home_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable):
            post_form(f"http://127.0.0.1:{taken.getsockname()[1]}/", {}, timeout=1)


# ── SMTP ─────────────────────────────────────────────────────────────────────


class Mailbox:
    def __init__(self, rcpt: str = "250 OK", data: str = "250 OK") -> None:
        self.rcpt, self.data, self.received = rcpt, data, list[str]()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.received.append(envelope.content.decode())
        return self.data


@pytest.fixture
def mail_server() -> Iterator[Callable[[Mailbox], int]]:
    controllers: list[Controller] = []

    def start(mailbox: Mailbox) -> int:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        controllers.append(Controller(mailbox, hostname="127.0.0.1", port=port))
        controllers[-1].start()
        return port

    yield start
    for controller in controllers:
        controller.stop()


def send(port: int) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "portal@example.kz", "aigul@example.kz", "Policy"
    with smtp_connection("127.0.0.1", port, security="none", timeout=2) as smtp:
        smtp.send_message(letter)


def test_a_letter_goes_through(mail_server: Callable[[Mailbox], int]) -> None:
    mailbox = Mailbox()
    send(mail_server(mailbox))
    assert "Subject: Policy" in mailbox.received[0]


@pytest.mark.parametrize(
    ("mailbox", "code"),
    [(Mailbox(rcpt="550 no such user"), 550), (Mailbox(rcpt="451 later"), 451), (Mailbox(data="554 spam"), 554)],
)
def test_a_refusal_keeps_its_code(mail_server: Callable[[Mailbox], int], mailbox: Mailbox, code: int) -> None:
    with pytest.raises(SmtpRefused) as refusal:
        send(mail_server(mailbox))
    assert refusal.value.smtp_code == code


def test_nobody_listening_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable):
            send(taken.getsockname()[1])


def test_a_server_without_encryption_is_not_spoken_to(mail_server: Callable[[Mailbox], int]) -> None:
    mailbox = Mailbox()
    with pytest.raises(Unreachable), smtp_connection("127.0.0.1", mail_server(mailbox), timeout=2) as smtp:
        smtp.sendmail("a@example.kz", "b@example.kz", "in clear")
    assert mailbox.received == []


def test_a_plain_server_is_no_tls_server(mail_server: Callable[[Mailbox], int]) -> None:
    port = mail_server(Mailbox())
    with pytest.raises(Unreachable), smtp_connection("127.0.0.1", port, security="tls", timeout=2):
        pytest.fail("there is no certificate to trust")


def test_it_signs_in_where_a_user_is_given(mail_server: Callable[[Mailbox], int]) -> None:
    """The test server offers no AUTH, so that asking for it is refused instead of being left out."""
    port = mail_server(Mailbox())
    with (
        pytest.raises(Unreachable, match="AUTH"),
        smtp_connection("127.0.0.1", port, user="portal", password="secret", security="none", timeout=2),
    ):
        pytest.fail("nobody signed in")


def test_a_missing_goodbye_loses_nothing(
    mail_server: Callable[[Mailbox], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang_up(smtp: smtplib.SMTP) -> None:
        smtp.close()
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(smtplib.SMTP, "quit", hang_up)
    mailbox = Mailbox()
    send(mail_server(mailbox))
    assert len(mailbox.received) == 1
