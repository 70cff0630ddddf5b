"""Counted tries, in PostgreSQL: they survive a flushed cache, and 40 parallel requests cannot spend one try twice.

Measured without this (security.md, A6): 40 connections × 5 tries at limit 5 let 116 through with read-modify-save.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import connection
from prometheus_client import Counter

UNLIMITED = 2**31 - 1
EXHAUSTED = Counter("portal_limits_exhausted", "Tries that were refused because none was left")


@dataclass(frozen=True)
class Allowance:
    """`limit` tries of `key` (up to 200 characters) in a window that starts at the first one.

    No limit: tries are only counted. No window: for ever.
    """

    key: str
    limit: int | None
    window: timedelta | None


@dataclass(frozen=True)
class Spent:
    """`exhausted`: keys that had no try left. `counts`: tries of the others in their window, this one included."""

    exhausted: list[str]
    counts: dict[str, int]

    @classmethod
    def of(cls, allowances: Sequence[Allowance], counts: dict[str, int]) -> Self:
        """`counts`: what SPEND returned."""
        exhausted = [allowance.key for allowance in allowances if allowance.key not in counts]
        EXHAUSTED.inc(len(exhausted))
        return cls(exhausted, counts)


def spend(*allowances: Allowance, now: datetime) -> Spent:
    """Take one try of each allowance; nothing exhausted = all granted.

    Call it before anything is compared. It runs in the caller's transaction: a rollback returns the tries, and others
    with the same key wait for the commit. The keys of one call differ.
    """
    with connection.cursor() as cursor:
        cursor.execute(SPEND, asked(*allowances, now=now))
        counts: dict[str, int] = dict(cursor.fetchall())
    return Spent.of(allowances, counts)


def asked(*allowances: Allowance, now: datetime) -> dict[str, Any]:
    """The parameters of SPEND, also for a statement that spends and does something more in one round trip."""
    return {
        "now": now,
        "keys": [allowance.key for allowance in allowances],
        "limits": [UNLIMITED if allowance.limit is None else allowance.limit for allowance in allowances],
        "windows": [allowance.window for allowance in allowances],
    }


@dataclass(frozen=True)
class Held:
    """What is spent of one allowance in its present window. `ends_at` is None where the tries never come back."""

    spent: int
    ceiling: int
    started_at: datetime  # of the first try
    ends_at: datetime | None

    @property
    def is_exhausted(self) -> bool:
        return self.spent >= self.ceiling


def held(*keys: str, now: datetime) -> dict[str, Held]:
    """For a screen: whoever is about to compare something calls `spend`. Keys without a living window are left out."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"keys": list(keys), "now": now})
        return {key: Held(*facts) for key, *facts in cursor.fetchall()}


def give_back(*keys: str) -> None:
    """Return one try of each: the facts were right, so nothing was guessed."""
    run(GIVE_BACK, {"keys": list(keys)})


def forgive(key: str, *, also_in: str) -> None:
    """Take all tries of `key` out of another count that they are part of, and forget them: they were no guesses.

    Tries that are older than the other count's window are not in it and are only forgotten.
    """
    run(FORGIVE, {"key": key, "total": also_in, "keys": [key, also_in]})


def reset(*keys: str) -> None:
    """Forget all tries: a second proof lifted the lock."""
    run(RESET, {"keys": list(keys)})


def prune(now: datetime) -> int:
    """Delete what has run out and return how many; a row in use is left for the next time."""
    return run(PRUNE, {"now": now})


def run(statement: str, parameters: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: int = cursor.rowcount
    return rows


# One statement decides: PostgreSQL locks the row, looks at its newest state and counts, or leaves it and returns
# nothing. Every statement takes its rows in the order of the keys, so that two of them cannot wait for each other.
SPEND = """
INSERT INTO core_limit AS held (key, spent, ceiling, started_at, ends_at)
SELECT key, 1, ceiling, %(now)s::timestamptz, %(now)s::timestamptz + span
FROM unnest(%(keys)s::text[], %(limits)s::int[], %(windows)s::interval[]) AS asked (key, ceiling, span)
WHERE ceiling > 0
ORDER BY key
ON CONFLICT (key) DO UPDATE SET
    ceiling = excluded.ceiling,
    spent = CASE WHEN held.ends_at <= excluded.started_at THEN 1 ELSE held.spent + 1 END,
    started_at = CASE WHEN held.ends_at <= excluded.started_at THEN excluded.started_at ELSE held.started_at END,
    ends_at = CASE WHEN held.ends_at <= excluded.started_at THEN excluded.ends_at ELSE held.ends_at END
WHERE held.spent < excluded.ceiling OR held.ends_at <= excluded.started_at
RETURNING key, spent
"""

HELD = """
SELECT key, spent, ceiling, started_at, ends_at FROM core_limit
WHERE key = ANY(%(keys)s) AND (ends_at IS NULL OR ends_at > %(now)s)
"""

GIVE_BACK = """
UPDATE core_limit SET spent = spent - 1
WHERE spent > 0 AND key IN (SELECT key FROM core_limit WHERE key = ANY(%(keys)s) ORDER BY key FOR UPDATE)
"""

FORGIVE = """
WITH held AS (SELECT * FROM core_limit WHERE key = ANY(%(keys)s) ORDER BY key FOR UPDATE),
    forgiven AS (DELETE FROM core_limit WHERE key IN (SELECT key FROM held WHERE key = %(key)s) RETURNING *)
UPDATE core_limit AS total SET spent = greatest(total.spent - forgiven.spent, 0) FROM forgiven
WHERE total.key IN (SELECT key FROM held WHERE key = %(total)s) AND total.started_at <= forgiven.started_at
"""

RESET = """
DELETE FROM core_limit
WHERE key IN (SELECT key FROM core_limit WHERE key = ANY(%(keys)s) ORDER BY key FOR UPDATE)
"""

PRUNE = """
DELETE FROM core_limit
WHERE key IN (SELECT key FROM core_limit WHERE ends_at <= %(now)s FOR UPDATE SKIP LOCKED)
"""
