"""The product in processes of its own, which serve pages and streams both, and somebody who sits before a browser."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize

from dev import commands, memory
from dev.processes import Child, start, wait_until
from tests.journeys.browsers import PATIENCE
from tests.live.stream import database_url

# Every connection is kept, so that a test may look what it really does; `relay` leaves it no other path.
WATCHED = """(relay) => {
  window.connections = [];
  window.tones = 0;  // that were heard: where a browser lets nothing sound, none is
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    if (this.context.state === "running") window.tones += 1;
    return start.apply(this, when);
  };
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(given) {
      super(relay ? { ...given, iceTransportPolicy: "relay" } : given);
      window.connections.push(this);
    }
  };
}"""
FRAMES = """async () => {
  const reports = [...(await window.connections?.at(-1)?.getStats() ?? new Map()).values()];
  return Math.max(0, ...reports.map((report) => report.type === "inbound-rtp" ? report.framesDecoded ?? 0 : 0));
}"""
SAMPLES = """async () => {
  const reports = [...(await window.connections?.at(-1)?.getStats() ?? new Map()).values()];
  return Math.max(0, ...reports.map((report) => report.type === "inbound-rtp" ? report.packetsReceived ?? 0 : 0));
}"""
ALOUD = "() => { const theirs = document.querySelector('[data-theirs]'); return !theirs.paused && !theirs.muted; }"
PATHS = """async () => {
  const reports = await window.connections.at(-1).getStats();
  return [...reports.values()].filter((pair) => pair.type === "candidate-pair" && pair.state === "succeeded")
    .map((pair) => reports.get(pair.localCandidateId).candidateType);
}"""


@dataclass(frozen=True)
class Node:
    child: Child
    address: str


@contextmanager
def served(state: Path, name: str = "node", **environment: str) -> Iterator[Node]:
    """Static files come from the sources, and cookies are plain: that is what DEBUG does here."""
    port = memory.a_free_port()
    child = start(name, commands.live(port, workers=1), state=state, environment=variables(environment))
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), child)
        yield Node(child, f"http://127.0.0.1:{port}")
    finally:
        child.end()


def node_at(socket: Path, state: Path, **environment: str) -> Child:
    """The same at a socket, for the front; a group of its own, so that it can be killed with what it has started."""
    command = [
        sys.executable, "-m", "granian", "--interface=asginl", "--workers=1", f"--uds={socket}", "--uds-permissions=0666",
        "portal.asgi:application",
    ]  # fmt: skip
    child = start(socket.stem, command, state=state, environment=variables(environment), own_session=True)
    wait_until(lambda: healthy(socket), child)
    return child


def variables(environment: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database_url(), "DEBUG": "1", "LIVE": "1", **environment}


def healthy(socket: Path) -> bool:
    if not socket.is_socket():  # httpcore leaves a connection open that could not be made
        return False
    try:
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(socket)), timeout=5) as client:
            return client.get("http://localhost/healthz").status_code == 200
    except httpx.TransportError:
        return False


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}


class Person:
    """Somebody signed in, at a page of a consultation."""

    def __init__(
        self, browser: Browser, client: Client, address: str, *, relayed: bool = False, language: str = "ru",
        screen: ViewportSize = PHONE,
    ) -> None:  # fmt: skip
        (session,) = (cookie.value for name, cookie in client.cookies.items() if name.endswith("session"))
        self.context = browser.new_context(base_url=address, locale=language, viewport=screen, ignore_https_errors=True)
        self.context.set_default_timeout(PATIENCE)
        for name, value in (("session", session), ("language", language)):
            self.context.add_cookies([{"name": name, "value": value, "url": address}])
        self.context.add_init_script(f"({WATCHED})({'true' if relayed else 'false'})")
        self.faults: list[str] = []
        self.context.on("weberror", lambda fault: self.faults.append(str(fault.error)))
        self.page: Page = self.context.new_page()

    def leaves(self) -> list[str]:
        """What the page's scripts stumbled over."""
        self.context.close()
        return self.faults

    def writes(self, text: str) -> None:
        self.page.locator("[data-say] textarea").fill(text)
        self.page.locator("[data-say] button").click()

    def sees_the_other(self, more: int = 20) -> None:
        """Frames that this browser has decoded: more than before."""
        self._grows(FRAMES, more)

    def hears_the_other(self, more: int = 20) -> None:
        self._grows(SAMPLES, more)

    def is_heard_aloud(self) -> bool:
        """Whether the other's sound is on."""
        return bool(self.page.evaluate(ALOUD))

    def hears_it_ring(self) -> None:
        """Again and again, on the page as it is now."""
        self._grows("() => window.tones", 2)

    def _grows(self, question: str, more: int) -> None:
        """Asked from here: the page's Content-Security-Policy lets no text become a script."""
        deadline = time.monotonic() + PATIENCE / 1000
        before = self.page.evaluate(question)
        while self.page.evaluate(question) < before + more:
            assert time.monotonic() < deadline, self.page.locator("main").inner_text()
            self.page.wait_for_timeout(100)

    def paths(self) -> set[str]:
        return set(self.page.evaluate(PATHS))
