"""How a side runs: behind a web server, or as a worker that is told what to do."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from dev.memory import a_free_port
from dev.processes import start, wait_until
from tests.bench.contest import Side, Task, Work, WrongAnswer
from tests.bench.measure import House

GRANIAN = Path(sys.executable).with_name("granian")


@dataclass
class Web:
    """One browser on one connection. It keeps no cookies: a bench says what it sends."""

    port: int
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path: str, headers: Mapping[str, str]) -> tuple[http.client.HTTPResponse, bytes]:
        return self._ask("GET", path, None, headers)

    def post(
        self, path: str, facts: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(facts), {**headers, **form})

    def reads_form(self, path: str, headers: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """What a browser keeps of a page with a form: its cookies, and the hidden fields in <main>."""
        page, body = self.get(path, headers)
        cookies = [one.partition(";")[0].strip() for one in page.headers.get_all("Set-Cookie") or []]
        main = body.decode().partition("<main")[2]
        return "; ".join(cookies), dict(re.findall(r'<input type="hidden" name="(\S+)" value="(\S+)"', main))

    def _ask(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        try:
            return self._ask_once(method, path, body, headers)
        except ConnectionError:  # ended by the server, as nothing came for half a minute: the other side's turn
            self.connection.close()
            return self._ask_once(method, path, body, headers)

    def _ask_once(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        self.connection.request(method, path, body, dict(headers))
        response = self.connection.getresponse()
        return response, response.read()


@contextmanager
def web_server(
    application: str, task: Callable[[Web], Task], house: House, *, threads: int = 1, **environment: str
) -> Iterator[Side]:
    """Granian with one process and one thread, as the product runs, only narrower: what waits for a core costs nothing.
    More threads where it matters who comes first."""
    port = a_free_port()
    child = start(
        f"web-{application}",
        [
            GRANIAN, "--interface=wsgi", "--workers=1", f"--blocking-threads={threads}", "--host=127.0.0.1", f"--port={port}",
            "--no-ws", "--workers-kill-timeout=2", application,
        ],
        state=house.state, environment={**os.environ, **environment},
    )  # fmt: skip
    try:
        wait_until(lambda: answers(port), child)
        yield Side(task(Web(port)), child.process.pid)
    finally:
        child.end()


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
        return True
    return False


@contextmanager
def worker(target: str) -> Iterator[Side]:
    """`target`: module:Class of a Task, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.worker", target]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Side(Told(process), process.pid)
        process.stdin.close()


@dataclass
class Told:
    """A Task that another process does."""

    process: subprocess.Popen[str]

    def prepare(self) -> None:
        self._tell("prepare")

    def work(self) -> Work:
        answer = self._tell("work")
        return Work(answer["operations"], answer["seconds"])

    def check(self) -> None:
        self._tell("check")

    def _tell(self, word: str) -> dict:
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the worker ended with {self.process.wait()}: its trace stands above")
        reply = json.loads(answer)
        if "wrong" in reply:
            raise WrongAnswer(reply["wrong"])
        return reply


def timed(operation: Callable[[], None]) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    operation()
    return time.perf_counter() - began
