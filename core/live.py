"""Event streams: whoever waits on a page learns at once that something moved.

A service announces within its transaction; PostgreSQL tells every process when it commits. The announcement names a topic
(a public_id) and carries nothing else: who hears it reads the rows again, under the rights that the page has anyway.
Whatever is announced while nobody listens is not lost, because a stream reads the rows first.

Two kinds: `stream` says once that its page is out of date; `feed` hands over rows as they come, each with an id, and a
browser that comes back names the last one that it has seen.

Streams are served under ASGI alone (portal.asgi): one listening connection a process and a few that read, none for each
who waits.
"""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import psycopg
from asgiref.sync import SyncToAsync, sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, StreamingHttpResponse

from core.rows.viewers import Viewer, in_one_look, present, seen_by

CHANNEL = "live"
HEARTBEAT = 15.0  # seconds: proxies cut what is silent for longer
STILL_HERE = ": still here\n\n"  # a comment, which browsers pass over
PRESENCE = 60.0  # seconds: so often a stream says whose page is open
LONGEST = 600.0  # seconds: then the stream ends, and the browser comes back by itself
RECONNECT = 0.5  # seconds between attempts to listen again
READERS = 4  # threads, each with its connection, in which a process reads for all who wait at it

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Event:
    """`id`: from where a browser that lost the stream goes on; without one it goes on from the event before."""

    name: str
    data: str = ""  # one line
    id: str = ""
    is_last: bool = False  # the stream ends with it

    def __str__(self) -> str:
        return (f"id: {self.id}\n" if self.id else "") + f"event: {self.name}\ndata: {self.data}\n\n"


MOVED = Event("moved", is_last=True)  # the page is out of date: load it again
Presence = Callable[[], object]
News = Callable[[str], Sequence[Event]]  # what came after the event of this id


def announce(topic: str) -> None:
    """When the present transaction commits, everybody who waits on `topic` is woken. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])


def mark(facts: object) -> str:
    """A short name of what a page shows: another one as soon as it would show something else. `facts` are plain values."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def stream(
    request: HttpRequest, topic: str, has_moved: Callable[[], bool], still_here: Presence | None = None
) -> StreamingHttpResponse:
    """One event `moved`, as soon as `has_moved` says so. Otherwise as `feed`."""
    return feed(request, topic, lambda _since: [MOVED] if has_moved() else [], still_here=still_here)


def feed(
    request: HttpRequest, topic: str, news: News, *, since: str = "", still_here: Presence | None = None
) -> StreamingHttpResponse:
    """What `news` finds, first after `since` or after what this browser has seen, then after each announcement.

    `still_here` is called when the stream opens and once a minute while somebody listens. Both run in another thread,
    outside the request, and see what whoever opened the stream sees (core.rows). Raise Http404 where this process serves
    pages, not streams.
    """
    if not isinstance(request, ASGIRequest):
        raise Http404
    since = request.headers.get("Last-Event-ID", since)
    told = events(topic, news, since, still_here, present())
    response = StreamingHttpResponse(told, content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx passes each event on as it comes
    return response


async def events(
    topic: str, news: News, since: str, still_here: Presence | None, viewer: Viewer
) -> AsyncIterator[str]:  # fmt: skip
    yield STILL_HERE  # at once: a proxy holds the headers back until something follows them
    await let_go()
    clock = asyncio.get_running_loop().time
    ends_at, shows_at = clock() + LONGEST, clock()
    async with listener().waiting(topic) as woken:
        while clock() < ends_at:
            if still_here and clock() >= shows_at:
                shows_at = clock() + PRESENCE
                await read(still_here, viewer)
            if not await is_set(woken, HEARTBEAT):
                yield STILL_HERE
                continue
            woken.clear()
            for event in await read(partial(news, since), viewer):
                yield str(event)
                if event.is_last:
                    return
                since = event.id or since


async def let_go() -> None:
    """Of the request's own connection, which belongs to its thread, and of that thread: thousands may wait. asgiref makes
    another one where the end of the request needs it."""
    await sync_to_async(_close)()
    own = SyncToAsync.thread_sensitive_context.get(None)
    if own and (thread := SyncToAsync.context_to_thread_executor.pop(own, None)):
        thread.shutdown(wait=False)


def _close() -> None:
    connection.close()


async def read(question: Callable[[], Answer], viewer: Viewer) -> Answer:
    """In one of a few threads that keep their connections: a connection for each who waits would be too many, and
    opening one for each reading costs more than the reading."""
    return await sync_to_async(_ask, thread_sensitive=False, executor=_readers)(question, viewer)


def _ask(question: Callable[[], Answer], viewer: Viewer) -> Answer:
    """Again, where PostgreSQL was restarted since this thread asked last. To look before each reading would be one more
    round trip for all that wait."""
    try:
        return _look(question, viewer)
    except (InterfaceError, OperationalError):
        connection.close()
        return _look(question, viewer)


def _look(question: Callable[[], Answer], viewer: Viewer) -> Answer:
    """Rights are asked with each reading."""
    with seen_by(viewer.anew()), in_one_look():
        return question()


_readers = ThreadPoolExecutor(READERS, thread_name_prefix="live")


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
