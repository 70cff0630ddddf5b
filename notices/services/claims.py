"""Rows in a worker's hands."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction


class Claimed(NamedTuple):
    """Of a notice what it takes to word it and to hand it over: a model of twenty fields costs as much as its words."""

    pk: int
    public_id: str
    kind: str
    channel: str
    to: str
    language: str
    sender: str
    tries: int
    is_late: bool  # worth nothing to its reader any more
    context: dict[str, Any]
    attachments: list[dict[str, str]]


def claim(*, now: datetime, lease: datetime, size: int) -> list[Claimed]:
    """Up to `size` of the rows that are due, nobody else's until `lease`."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "lease": lease, "size": size})
        rows = cursor.fetchall()
    return [Claimed._make((*facts, json.loads(context), json.loads(files))) for *facts, context, files in rows]


# MATERIALIZED: the inner SELECT must run once, or LIMIT would lock more rows than it returns.
CLAIM = """
    WITH due AS MATERIALIZED (
        SELECT id FROM notices_notice
        WHERE state IN ('waiting', 'claimed') AND COALESCE(leased_until, next_try_at) <= %(now)s
        ORDER BY COALESCE(leased_until, next_try_at), id
        LIMIT %(size)s
        FOR UPDATE SKIP LOCKED
    )
    UPDATE notices_notice AS notice SET state = 'claimed', leased_until = %(lease)s, tries = tries + 1
    FROM due WHERE notice.id = due.id
    RETURNING notice.id, public_id::text, kind, channel, "to", language, sender, tries,
        COALESCE(not_after <= %(now)s, false), context, attachments
"""
