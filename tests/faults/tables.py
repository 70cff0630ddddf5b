"""Where a process stands is sure, not guessed: a test holds the table that its work writes next."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections

from tests.conftest import connect


@contextmanager
def held(table: str) -> Iterator[None]:
    """Nobody writes to it meanwhile."""
    with connect("owner", connections["default"].settings_dict["NAME"]) as owner, owner.transaction():
        owner.execute(f"LOCK TABLE {table} IN SHARE MODE")
        yield


def stands_at(table: str) -> bool:
    """A session of this database waits to write to it. In its twin, of another process of the suite, it has the same number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database AND datname = current_database()"
            " WHERE relation = %s::regclass AND mode = 'RowExclusiveLock' AND NOT granted",
            [table],
        )
        return cursor.fetchone() is not None
