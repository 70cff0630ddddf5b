"""The sandbox inbox: a real SMTP server that keeps letters as files, and a page on loopback that shows letters and SMS.

The product knows nothing of it: it sends mail to a relay and writes SMS as files, as everywhere.
"""

import argparse
import email
import email.policy
import html
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from dev.processes import Stop, stop_on_signals

LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
CLOSED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
PAGE = """<!doctype html><html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Inbox</title><style>
:root {{ color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif }}
body {{ max-width: 44rem; margin: 0 auto; padding: 1rem }}
article {{ border-top: 1px solid #8888; padding: 1rem 0 }}
h2 {{ font-size: 1.125rem; margin: 0 }} p {{ margin: 0; opacity: .75 }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; margin: .5rem 0 0 }}
</style><h1>✉ Inbox</h1>{items}</html>"""


@dataclass(frozen=True)
class Item:
    at: datetime
    mark: str
    to: str
    subject: str
    text: str
    parts: list[tuple[str, str]]  # address and title of each further view: the HTML version, attachments


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--smtp-port", type=int, required=True)
    options.add_argument("--http-port", type=int, required=True)
    given = options.parse_args()
    relay = Controller(Keeper(given.folder), hostname="127.0.0.1", port=given.smtp_port)
    relay.start()
    server = page_server(given.folder, given.http_port)
    stop_on_signals()
    try:
        server.serve_forever()
    except Stop:
        relay.stop()


class Keeper:
    """aiosmtpd's handler: one file a letter, whole before it gets its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "letters"
        self.folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        name = f"{time.time_ns()}.eml"
        aside = self.folder / f".{name}"
        aside.write_bytes(envelope.original_content or b"")
        aside.rename(self.folder / name)
        return "250 kept"


def page_server(folder: Path, port: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = page_for(folder, self.path)
            kind, body = found or ("text/plain; charset=utf-8", b"404")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", CLOSED)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            """Quiet: nobody needs a log of who read the sandbox."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


def page_for(folder: Path, address: str) -> tuple[str, bytes] | None:
    """Content type and body, or None where nothing is kept."""
    if address == "/":
        newest_first = sorted([*letters(folder), *short_messages(folder)], key=lambda item: item.at, reverse=True)
        items = "\n".join(map(drawn, newest_first)) or "<p>—</p>"
        return "text/html; charset=utf-8", PAGE.format(items=items).encode()
    named = re.fullmatch(r"/letters/(\d+)/(\d+)", address)
    path = folder / "letters" / f"{named[1]}.eml" if named else None
    if named is None or path is None or not path.exists():
        return None
    parts = list(leaves(read_letter(path)))
    return part_as_page(parts[int(named[2])]) if int(named[2]) < len(parts) else None


def letters(folder: Path) -> Iterator[Item]:
    for path in (folder / "letters").glob("[0-9]*.eml"):
        letter = read_letter(path)
        body = letter.get_body(("plain", "html"))
        further = [
            (f"/letters/{path.stem}/{number}", part.get_filename() or part.get_content_type())
            for number, part in enumerate(leaves(letter))
            if part is not body
        ]
        at = datetime.fromtimestamp(int(path.stem) / 1e9, tz=UTC)
        text = body.get_content() if body else ""
        yield Item(at, "✉", str(letter["To"]), str(letter["Subject"]), text, further)


def short_messages(folder: Path) -> Iterator[Item]:
    for path in (folder / "sms").glob("[!.]*.json"):
        message = json.loads(path.read_text(encoding="utf-8"))
        yield Item(datetime.fromisoformat(message["at"]), "SMS", message["to"], "", message["text"], [])


def read_letter(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def leaves(letter: EmailMessage) -> Iterator[EmailMessage]:
    return (part for part in letter.walk() if not part.is_multipart())


def part_as_page(part: EmailMessage) -> tuple[str, bytes]:
    payload = part.get_payload(decode=True)
    body = payload if isinstance(payload, bytes) else b""
    return f"{part.get_content_type()}; charset={part.get_content_charset('utf-8')}", body


def drawn(item: Item) -> str:
    shown_at = item.at.astimezone().strftime("%d.%m.%Y %H:%M:%S")
    views = " ".join(f'<a href="{address}">{html.escape(title)}</a>' for address, title in item.parts)
    return (
        f"<article><h2>{item.mark} {html.escape(item.subject)}</h2>"
        f"<p>{html.escape(item.to)} · {shown_at} {views}</p><pre>{with_links(item.text)}</pre></article>"
    )


def with_links(text: str) -> str:
    """Escaped; what looks like an address can be followed."""
    pieces, done = [], 0
    for found in LINK.finditer(text):
        address = html.escape(found.group())
        pieces += [html.escape(text[done : found.start()]), f'<a href="{address}">{address}</a>']
        done = found.end()
    return "".join([*pieces, html.escape(text[done:])])


if __name__ == "__main__":
    main()
