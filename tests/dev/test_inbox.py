"""The sandbox inbox takes letters over SMTP, finds SMS as files, and shows both as harmless text."""

import http.client
import json
import smtplib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Thread

import pytest
from aiosmtpd.controller import Controller

from dev.inbox import Keeper, page_server
from dev.memory import a_free_port

Get = Callable[[str], tuple[int, str]]


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[int]:
    controller = Controller(Keeper(tmp_path), hostname="127.0.0.1", port=a_free_port())
    controller.start()
    yield controller.port
    controller.stop()


@pytest.fixture
def get(tmp_path: Path) -> Iterator[Get]:
    server = page_server(tmp_path, 0)
    thread = Thread(target=server.serve_forever, args=[0.02])
    thread.start()

    def get(address: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
        connection.request("GET", address)
        answer = connection.getresponse()
        page = answer.status, answer.read().decode()
        connection.close()
        return page

    yield get
    server.shutdown()
    thread.join()
    server.server_close()


def send(port: int, subject: str = "Полис", text: str = "Сәлем!", html: str = "") -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "portal@example.kz", "aigul@example.kz", subject
    letter.set_content(text)
    if html:
        letter.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", port) as connection:
        connection.send_message(letter)


def write_sms(folder: Path, name: str, text: str, at: datetime) -> None:
    (folder / "sms").mkdir(exist_ok=True)
    message = {"id": name, "to": "+77012344567", "text": text, "at": at.isoformat()}
    (folder / f"sms/{name}").write_text(json.dumps(message))


def test_a_letter_is_shown_with_its_recipient_and_a_link_to_follow(relay: int, get: Get) -> None:
    send(relay, "Сіздің полисіңіз", "Откройте http://127.0.0.1:8000/letter/abc?x=1&y=2.")
    status, page = get("/")
    assert status == 200
    assert "Сіздің полисіңіз" in page
    assert "aigul@example.kz" in page
    assert '<a href="http://127.0.0.1:8000/letter/abc?x=1&amp;y=2">' in page  # the full stop is no part of it


def test_nothing_of_a_letter_becomes_markup(relay: int, get: Get) -> None:
    send(relay, "<script>1</script>", '<img src=x onerror=1> http://x/"onclick=1')
    _status, page = get("/")
    assert "&lt;script&gt;1&lt;/script&gt;" in page
    assert "<script" not in page
    assert "<img" not in page
    assert '"onclick' not in page


def test_the_html_version_is_kept_and_may_run_nothing(relay: int, get: Get) -> None:
    send(relay, html="<p>Құрметті Айгүл</p>")
    _status, page = get("/")
    address = page.split('<a href="')[1].split('"')[0]
    assert "<p>Құрметті Айгүл</p>" in get(address)[1]


def test_the_newest_message_stands_first_whether_letter_or_sms(relay: int, get: Get, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    write_sms(tmp_path, "1.json", "yesterday's code", now - timedelta(days=1))
    send(relay, "today's letter")
    write_sms(tmp_path, "2.json", "tomorrow's code", now + timedelta(days=1))
    _status, page = get("/")
    places = [page.index(text) for text in ("tomorrow&#x27;s code", "today&#x27;s letter", "yesterday&#x27;s code")]
    assert places == sorted(places)


def test_an_sms_that_is_still_being_written_is_not_shown(get: Get, tmp_path: Path) -> None:
    write_sms(tmp_path, ".half", "half of it", datetime.now(UTC))
    assert "half of it" not in get("/")[1]


@pytest.mark.parametrize("address", ["/letters/1/0", "/letters/../../state.json", "/state.json", "/letters/1/99"])
def test_other_addresses_lead_nowhere(address: str, get: Get, tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("secret")
    assert get(address) == (404, "404")
