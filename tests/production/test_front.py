"""What nginx lets in, what it says about the visitor, and which node it asks. The nodes here only tell what they heard."""

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.production.front import Front, nginx_in_front
from tests.waiting import wait_until

MIB = 1024**2


KEPT = {
    "static": "max-age=60, public",
    "ru": "max-age=60, public",
    "kk": "max-age=1, public",
}  # by the path's first part


class Node(socketserver.ThreadingUnixStreamServer):
    """Answers with its name and the headers that reached it; `gone` are paths it has no file for, `adds` more headers."""

    daemon_threads = True

    def __init__(self, socket: Path) -> None:
        super().__init__(str(socket), Answer)
        self.name = socket.stem
        self.heard: list[str] = []
        self.gone: set[str] = set()
        self.adds: dict[str, str] = {}


class Answer(BaseHTTPRequestHandler):
    server: Node
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one write: after a head of 404 nginx hangs up and asks the next node

    def do_GET(self) -> None:
        self.server.heard.append(f"{self.command} {self.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = json.dumps({"node": self.server.name, "bytes": len(body), **dict(self.headers)}).encode()
        self.send_response(404 if self.path in self.server.gone else 200)
        self.send_header("Content-Length", str(len(told)))
        for name, value in self.server.adds.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", KEPT.get(self.path.split("/")[1], "no-store"))
        self.end_headers()
        self.wfile.write(told)

    do_POST = do_GET  # noqa: N815

    def address_string(self) -> str:
        return "nginx"

    def log_message(self, format: str, *arguments: Any) -> None:
        """A test prints nothing."""


@pytest.fixture(scope="module")
def front() -> Iterator[Front]:
    with nginx_in_front() as front:
        yield front


@contextmanager
def node(front: Front, name: str) -> Iterator[Node]:
    socket = front.sockets / f"{name}.sock"
    with Node(socket) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()
        socket.unlink(missing_ok=True)


@pytest.fixture
def web(front: Front) -> Iterator[Node]:
    with node(front, "web-1") as server:
        yield server


def told(
    front: Front, method: str = "GET", path: str = "/", body: bytes | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    answer, text = front.asks(method, path, body, **(headers or {}))
    assert answer.status == 200, text
    facts: dict[str, Any] = json.loads(text)
    return facts


def test_what_a_browser_claims_about_itself_is_dropped(front: Front, web: Node) -> None:
    claims = {
        "X_Forwarded_For": "203.0.113.7", "X_Forwarded_Proto": "http", "X_Forwarded_Host": "evil.example",
        "Forwarded": "for=203.0.113.7", "X_Request_ID": "chosen-by-a-stranger",
    }  # fmt: skip
    heard = told(front, headers=claims)
    assert heard["X-Forwarded-For"] == "127.0.0.1"
    assert heard["X-Forwarded-Proto"] == "https"
    assert heard["Host"] == f"localhost:{front.secure}"
    assert "evil.example" not in str(heard)
    assert "203.0.113.7" not in str(heard)
    assert len(heard["X-Request-ID"]) == 32


def test_plain_http_leads_to_https(front: Front) -> None:
    answer, _ = front.asks_plainly(front.plain, "/help/?x=1")
    assert (answer.status, answer.getheader("Location")) == (301, "https://localhost/help/?x=1")


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_what_watches_the_house_is_not_outside(path: str, front: Front, web: Node) -> None:
    answer, _ = front.asks("GET", path)
    assert answer.status == 404
    assert web.heard == []


def test_inside_each_node_is_asked_by_its_name_and_no_client_is_named(front: Front, web: Node) -> None:
    answer, text = front.asks_plainly(front.probes, "/web-1/metrics")
    assert answer.status == 200
    assert web.heard == ["GET /metrics"]
    assert "X-Forwarded-For" not in json.loads(text)
    assert front.asks_plainly(front.probes, "/web-1/activate/")[0].status == 404


@pytest.mark.parametrize(("path", "size", "status"), [("/", 104, 200), ("/", 106, 413), ("/staff/", 106, 200)])
def test_the_product_judges_the_size_until_it_is_absurd(
    path: str, size: int, status: int, front: Front, web: Node
) -> None:
    answer, _ = front.asks("POST", path, bytes(size * MIB))
    assert answer.status == status


def test_a_node_without_its_name_is_passed_by_also_for_a_post(front: Front, web: Node) -> None:
    assert {told(front, "POST", body=b"x")["node"] for _ in range(4)} == {"web-1"}


def test_a_dead_nodes_name_is_passed_by(front: Front, web: Node) -> None:
    with node(front, "web-2") as other:
        other.shutdown()
        other.server_close()
        assert {told(front, "POST", body=b"x")["node"] for _ in range(4)} == {"web-1"}


def test_without_any_node_a_page_says_so(front: Front) -> None:
    answer, text = front.asks("GET", "/")
    assert (answer.status, answer.getheader("Retry-After")) == (503, "30")
    assert "Портал на обслуживании" in text.decode()


def test_a_file_that_one_release_lacks_is_asked_of_the_other_and_then_kept(front: Front, web: Node) -> None:
    with node(front, "web-2") as other:
        other.gone.add("/static/of-the-older.css")
        found = {told(front, path="/static/of-the-older.css")["node"] for _ in range(4)}
    assert found == {"web-1"}
    assert len(web.heard) == 1


def test_a_page_for_anybody_is_asked_for_once_at_each_host(front: Front, web: Node) -> None:
    first, second = front.asks("GET", "/ru/doctors/"), front.asks("GET", "/ru/doctors/", Cookie="session=somebody")
    assert first[1] == second[1]
    assert first[0].getheader("X-Request-ID") != second[0].getheader("X-Request-ID")
    front.asks("GET", "/ru/doctors/", Host="nsk.localhost")
    front.asks("GET", "/ru/doctors/?page=2")
    assert web.heard == ["GET /ru/doctors/", "GET /ru/doctors/", "GET /ru/doctors/?page=2"]
    front.asks("GET", "/help/")
    front.asks("GET", "/help/")
    assert web.heard[3:] == ["GET /help/", "GET /help/"]  # control: what says nothing of keeping is asked for each time


def test_where_no_node_answers_the_last_page_for_anybody_is_shown(front: Front) -> None:
    with node(front, "web-1"):
        page = front.asks("GET", "/kk/doctors/")[1]
    time.sleep(2.1)  # what is kept for a second has grown old: nginx counts whole ones
    answer, shown = front.asks("GET", "/kk/doctors/")
    assert (answer.status, shown) == (200, page)
    assert front.asks("GET", "/kk/medical-organisations/")[0].status == 503  # control: what nobody has asked for before


def test_streams_go_to_a_process_of_their_own(front: Front, web: Node) -> None:
    with node(front, "live"):
        assert told(front, path="/live/letter/")["node"] == "live"
        assert front.asks_plainly(front.probes, "/live/readyz")[0].status == 200
    assert front.asks("GET", "/live/letter/")[0].status == 503


WALLS = {
    "Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip


def test_a_file_that_a_view_permits_is_handed_out_within_the_same_walls(front: Front, web: Node) -> None:
    file = front.folder / "files/derivatives/nsk/1"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"a picture")
    named = {"Content-Type": "image/jpeg", "Content-Disposition": "attachment; filename*=utf-8''%D0%B0.jpg"}
    web.adds = {"X-Accel-Redirect": "/files-of-the-house/derivatives/nsk/1", **named, **WALLS}
    answer, content = front.asks("GET", "/talk/files/1/")
    assert (answer.status, content) == (200, b"a picture")
    assert {name: answer.getheader(name) for name in (*named, *WALLS)} == named | WALLS
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("X-Accel-Redirect") is None


def test_nobody_asks_for_a_file_by_its_place(front: Front, web: Node) -> None:
    for path in ("/files-of-the-house/derivatives/nsk/1", "/talk/../files-of-the-house/derivatives/nsk/1"):
        assert front.asks("GET", path)[0].status == 404
    assert web.heard == []


def test_the_log_keeps_the_key_of_no_link(front: Front, web: Node) -> None:
    for path in ("/activate/confirm/SECRET:1/", "/accounts/password/reset/key/2-SECRET/", "/help/?email=SECRET"):
        told(front, path=path)
    wait_until(lambda: '"path":"/help/"' in front.log, "nginx writes a line after its answer")
    assert '"path":"/activate/confirm/-"' in front.log
    assert "SECRET" not in front.log
