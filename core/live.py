"""Event streams: whoever waits on a page learns at once that something moved.

A service announces within its transaction; PostgreSQL tells every process when it commits. The announcement names a topic
(a public_id) and carries nothing else: who hears it reads the rows again, under the rights that the page has anyway.
Whatever is announced while nobody listens is not lost, because a stream reads the rows first.

Streams are served under ASGI alone (portal.asgi): one listening connection a process, none for each who waits.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import Http404, HttpRequest, StreamingHttpResponse

CHANNEL = "live"
HEARTBEAT = 15.0  # seconds: proxies cut what is silent for longer
STILL_HERE = ": still here\n\n"  # a comment, which browsers pass over
BEATS = 40  # then the stream ends, and the browser comes back by itself
RECONNECT = 0.5  # seconds between attempts to listen again


def announce(topic: str) -> None:
    """When the present transaction commits, everybody who waits on `topic` is woken. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])


def stream(request: HttpRequest, topic: str, has_moved: Callable[[], bool]) -> StreamingHttpResponse:
    """One event `moved`, as soon as `has_moved` says so. Raise Http404 where this process serves pages, not streams."""
    if not isinstance(request, ASGIRequest):
        raise Http404
    response = StreamingHttpResponse(events(topic, has_moved), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx passes each event on as it comes
    return response


async def events(topic: str, has_moved: Callable[[], bool]) -> AsyncIterator[str]:
    yield STILL_HERE  # at once: a proxy holds the headers back until something follows them
    async with listener().waiting(topic) as woken:
        for _ in range(BEATS):
            if not await is_set(woken, HEARTBEAT):
                yield STILL_HERE
                continue
            woken.clear()
            if await read(has_moved):
                yield "event: moved\ndata:\n\n"
                return


@sync_to_async
def read(has_moved: Callable[[], bool]) -> bool:
    """The connection goes back at once: thousands may wait, and each has a thread of its own."""
    try:
        return has_moved()
    finally:
        connection.close()


async def is_set(woken: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(woken.wait(), seconds)
    return woken.is_set()


class Listener:
    """The one connection that listens, and who waits at it. It belongs to an event loop."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._listens = asyncio.Event()
        self._task = asyncio.create_task(self._listen_for_ever())

    @asynccontextmanager
    async def waiting(self, topic: str) -> AsyncIterator[asyncio.Event]:
        """An event that each announcement of `topic` sets. It is set at first, because the rows have yet to be read."""
        woken = asyncio.Event()
        woken.set()
        self._waiting[topic].add(woken)
        try:
            await self._listens.wait()  # what is announced from now on is heard
            yield woken
        finally:
            self._waiting[topic].discard(woken)
            if not self._waiting[topic]:
                del self._waiting[topic]

    async def _listen_for_ever(self) -> None:
        while True:
            with suppress(psycopg.OperationalError):
                await self._listen()
            self._listens.clear()
            await asyncio.sleep(RECONNECT)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(**parameters(), autocommit=True) as heard:
            await heard.execute(f"LISTEN {CHANNEL}")
            self._listens.set()
            self._wake(*self._waiting)  # what was announced while the connection was away
            async for notice in heard.notifies():
                self._wake(notice.payload)

    def _wake(self, *topics: str) -> None:
        for topic in topics:
            for woken in self._waiting.get(topic, ()):
                woken.set()


def parameters() -> dict[str, Any]:
    """How Django connects, without what is of use to its own cursors only."""
    return {
        name: value
        for name, value in connection.get_connection_params().items()
        if name not in ("cursor_factory", "context")
    }


_listeners: dict[asyncio.AbstractEventLoop, Listener] = {}


def listener() -> Listener:
    loop = asyncio.get_running_loop()
    if loop not in _listeners:
        _listeners[loop] = Listener()
    return _listeners[loop]
