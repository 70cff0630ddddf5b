"""A real ASGI server on the test's database, and people who wait at its streams."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpx
from django.conf import settings
from django.db import connection
from django.test import Client

from dev import commands, memory
from dev.processes import start, wait_until

PATIENCE = 20.0  # seconds: two cores may be busy


@contextmanager
def served(state: Path) -> Iterator[str]:
    port = memory.a_free_port()
    child = start(
        "live", commands.live(port, workers=1), state=state, environment=os.environ | {"DATABASE_URL": database_url()}
    )
    address = f"http://127.0.0.1:{port}/live/letter/"
    try:
        wait_until(lambda: answers(address), child)
        yield address
    finally:
        child.end()


def database_url() -> str:
    role = settings.DATABASES["default"]
    name = connection.settings_dict["NAME"]
    return f"postgres://{role['USER']}:{quote(role['PASSWORD'])}@{role['HOST']}:{role['PORT'] or 5432}/{name}"


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=PATIENCE).status_code == 204  # whoever began nothing
    except httpx.TransportError:
        return False


class Waiting:
    """A page in somebody's browser that waits for something to move."""

    def __init__(self, address: str, browser: Client, patience: float = PATIENCE) -> None:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
        self._stream = httpx.stream("GET", address, headers={"Cookie": cookies}, timeout=patience)

    def __enter__(self) -> Self:
        self.response = self._stream.__enter__()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stream.__exit__(kind, error, trace)

    def hears(self) -> str:
        """The first line that is no heartbeat. Raises httpx.ReadTimeout where the server is silent for too long."""
        return next(line for line in self.response.iter_lines() if line and not line.startswith(":"))


def until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def sessions(query: str) -> list[int]:
    """Backends of the role `web` in this database, but for the test's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
            " AND pid <> pg_backend_pid() AND query LIKE %s",
            [query],
        )
        return [pid for (pid,) in cursor.fetchall()]
