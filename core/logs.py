"""Log lines: one JSON object each, by which a request can be followed and nobody recognised.

Two walls. What we log names routes, states and public ids; of an exception its class and where it was raised, never its
message, which may quote a row. And whatever somebody writes all the same goes through `redacted`.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from celery import current_task
from django.conf import settings
from django.http import HttpRequest

_request_id: ContextVar[str] = ContextVar("request_id", default="")


@contextmanager
def within_request(request_id: str) -> Iterator[None]:
    """Every line that this thread writes inside carries the request's number."""
    token = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(token)


def route_of(request: HttpRequest) -> str:
    """«activation:start», «static», «none» where no pattern answered. The path itself may hold a key or a number."""
    if request.resolver_match:
        return request.resolver_match.view_name
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


class JsonLines(logging.Formatter):
    """`extra={"facts": {…}}` adds fields of ours; no other attribute of a record is written."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(message_of(record)),
            "request_id": _request_id.get(),
            **task_of_this_thread(),
            **{name: redacted(fact) for name, fact in getattr(record, "facts", {}).items()},
        }
        if record.exc_info and record.exc_info[1]:
            line["exception"] = anatomy(record.exc_info[1])
        return json.dumps({name: value for name, value in line.items() if value not in ("", None)}, ensure_ascii=False)


def task_of_this_thread() -> dict[str, str]:
    return {"task": current_task.name, "task_id": current_task.request.id or ""} if current_task else {}


def message_of(record: logging.LogRecord) -> str:
    """The message without what libraries put into it: Django the path of its request, Celery the words of an error."""
    arguments: Any = record.args
    if isinstance(arguments, tuple):
        request = getattr(record, "request", None)
        arguments = tuple(_harmless(argument, request) for argument in arguments)
    elif isinstance(arguments, dict) and "traceback" in arguments:  # celery.app.trace
        arguments = {**arguments, "exc": str(arguments["exc"]).partition("(")[0], "traceback": ""}
    return (str(record.msg) % arguments if arguments else str(record.msg)).strip()


def _harmless(argument: object, request: object) -> object:
    if isinstance(argument, BaseException):
        return type(argument).__name__
    if isinstance(request, HttpRequest) and argument == request.path:
        return route_of(request)
    return argument


def anatomy(error: BaseException) -> list[dict[str, Any]]:
    """The exception and those that it was raised from: class, PostgreSQL's name of the fault, the way through the code."""
    found: list[dict[str, Any]] = []
    link: BaseException | None = error
    while link and len(found) < LONGEST_CHAIN:
        found.append({"type": f"{type(link).__module__}.{type(link).__qualname__}", **_fault(link), "way": way(link)})
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return found


LONGEST_CHAIN, LONGEST_WAY = 5, 25


def _fault(error: BaseException) -> dict[str, str]:
    """psycopg's errors name the constraint; their message would quote the values that broke it."""
    diagnosis = getattr(error, "diag", None)
    facts = {"sqlstate": getattr(error, "sqlstate", None), "constraint": getattr(diagnosis, "constraint_name", None)}
    return {name: fact for name, fact in facts.items() if fact}


def way(error: BaseException) -> list[str]:
    """«policies/views.py:19 policy» from the outside in, the last steps of a long way."""
    steps, trace = [], error.__traceback__
    while trace:
        steps.append(f"{_place(trace)}:{trace.tb_lineno} {trace.tb_frame.f_code.co_name}")
        trace = trace.tb_next
    return steps[-LONGEST_WAY:]


def _place(trace: TracebackType) -> str:
    path = trace.tb_frame.f_code.co_filename
    return path.removeprefix(f"{settings.BASE_DIR}/").rpartition("site-packages/")[2]


def redacted(value: Any) -> Any:
    """Six digits or more may be a code, an ID, a phone, an IIN or a date; Cyrillic letters are a person's own words.

    Addresses of mail go too, public ids stay. Not a text: not touched.
    """
    return PRIVATE.sub(lambda found: found["kept"] or "…", value) if isinstance(value, str) else value


PRIVATE = re.compile(
    r"(?P<kept>\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b)"
    r"|[\w.+-]{1,64}@[\w.-]{1,255}"
    r"|\d(?:[\s().+/-]{0,2}\d){5,}"
    r"|[\u0400-\u04FF]+(?:[\s.-]{1,2}[\u0400-\u04FF]+)*",
    re.IGNORECASE,
)
