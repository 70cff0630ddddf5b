"""Rows that stand or fall together, in one statement: what a hot form writes costs one way to PostgreSQL and not ten."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, ForeignKey, Model

from core.live import CHANNEL


def insert_together(first: Model, then: Sequence[Model], *, announced: Iterable[str] = ()) -> bool:
    """Insert `first`, and if no unique or exclusion constraint stands against it, the rows that follow from it, and
    announce these topics (core.live). False: one stands against it, and nothing was written.

    A foreign key in `then` to the unsaved `first` gets its number; nobody's `save()` is called. Somebody who is about to
    write what `first` would clash with is waited for.
    """
    topics = list(announced)
    parts, parameters = [_insert(first)], _values(first)
    for place, row in enumerate(then):
        parts.append(f"row_{place} AS ({_insert_after(row, first)})")
        parameters += _values(row, without=first)
    told = "".join([", pg_notify(%s, %s)"] * len(topics))
    statement = f"WITH {', '.join(parts)} SELECT first_row.id{told} FROM first_row"  # noqa: S608  names of our own models
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters + [word for topic in topics for word in (CHANNEL, topic)])
        written = cursor.fetchone()
    if written:
        first.pk, first._state.adding, first._state.db = written[0], False, "default"
    return written is not None


def _insert(row: Model) -> str:
    marks = ", ".join(["%s"] * len(_fields(row)))
    return f"first_row AS ({_into(row)} VALUES ({marks}) ON CONFLICT DO NOTHING RETURNING id)"


def _insert_after(row: Model, first: Model) -> str:
    marks = ", ".join("first_row.id" if _leads_to(field, row, first) else "%s" for field in _fields(row))
    return f"{_into(row)} SELECT {marks} FROM first_row"  # noqa: S608  likewise


def _into(row: Model) -> str:
    quote = connection.ops.quote_name
    return f"INSERT INTO {quote(row._meta.db_table)} ({', '.join(quote(str(field.column)) for field in _fields(row))})"


def _values(row: Model, without: Model | None = None) -> list[Any]:
    return [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for field in _fields(row)
        if without is None or not _leads_to(field, row, without)
    ]


def _fields(row: Model) -> list[Field]:
    return [field for field in row._meta.concrete_fields if not field.primary_key]


def _leads_to(field: Field, row: Model, first: Model) -> bool:
    return isinstance(field, ForeignKey) and field.is_cached(row) and getattr(row, field.name) is first
