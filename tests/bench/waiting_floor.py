"""Event streams without Django: one connection that listens, one that reads; nobody is asked who they are."""

import asyncio
import json
import os
import re
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg

HEARTBEAT = 15.0
NEWS = """
SELECT said.id, said.text, to_char(said.at AT TIME ZONE 'Asia/Almaty', 'HH24:MI') FROM telemed_message said
JOIN telemed_consultation asked ON asked.id = said.consultation_id WHERE asked.public_id = %s AND said.id > %s ORDER BY said.id
"""
TOPIC = re.compile(r"/live/consultations/([0-9a-f-]{36})/talk/")
Send = Callable[[dict[str, Any]], Awaitable[None]]

waiting: dict[str, asyncio.Event] = {}
state: dict[str, Any] = {}


async def application(scope: dict[str, Any], receive: Any, send: Send) -> None:
    if scope["type"] != "http":
        return
    if not state:
        state["reading"] = await psycopg.AsyncConnection.connect(
            os.environ["DATABASE_URL"], autocommit=True, options="-c rows.job=house"
        )
        state["listening"] = asyncio.create_task(listen())
    found = TOPIC.fullmatch(scope["path"])
    if found is None:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body"})
        return
    await stream(found[1], send)


async def listen() -> None:
    async with await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"], autocommit=True) as heard:
        await heard.execute("LISTEN live")
        async for notice in heard.notifies():
            if woken := waiting.get(notice.payload):
                woken.set()


async def stream(topic: str, send: Send) -> None:
    woken = waiting[topic] = asyncio.Event()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    await tell(send, ": still here\n\n")
    last = 0
    while True:
        try:
            await asyncio.wait_for(woken.wait(), HEARTBEAT)
        except TimeoutError:
            await tell(send, ": still here\n\n")
            continue
        woken.clear()
        for number, text, at in await (await state["reading"].execute(NEWS, [topic, last])).fetchall():
            last = number
            line = json.dumps({"pk": number, "text": text, "time": at, "is_mine": False})
            await tell(send, f"id: {number}.0.waiting-0.\nevent: message\ndata: {line}\n\n")


async def tell(send: Send, words: str) -> None:
    await send({"type": "http.response.body", "body": words.encode(), "more_body": True})
