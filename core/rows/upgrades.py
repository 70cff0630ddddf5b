"""A wall around rows that are being served: processes of the release before do not say who looks, and would see none of
them. `migrate` finds it before it begins, while web nodes and workers are connected, and says what to do."""

from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps
from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations import AddConstraint, Migration

from core.rows.viewers import working
from core.rows.walls import HOUSE, WEB_ROLE, Wall

SERVED = """
SELECT EXISTS (SELECT FROM pg_stat_activity
               WHERE datname = current_database() AND usename = %s AND pid <> pg_backend_pid())
"""
ROWS = 'SELECT EXISTS (SELECT FROM "{table}")'


def refuse_walls_while_served(using: str, plan: list[tuple[Migration, bool]], apps: Apps, **kwargs: Any) -> None:
    """Runs before any migration; `apps` as it is before them. Raise CommandError."""
    tables = [table for table in tables_to_be_walled(plan, apps) if holds_rows(table, using)]
    if tables and is_served(using):
        raise CommandError(
            f"A wall goes up around {', '.join(tables)}. What runs now does not know it and would see none of their rows. "
            "Nothing has been changed. Stop the processes first: docs/notes/operations.md, «With a pause»."
        )


def tables_to_be_walled(plan: list[tuple[Migration, bool]], apps: Apps) -> Iterator[str]:
    """Without those that the same plan creates: nobody reads them yet."""
    for migration, backwards in plan:
        for operation in migration.operations:
            if not backwards and isinstance(operation, AddConstraint) and isinstance(operation.constraint, Wall):
                try:
                    yield apps.get_model(migration.app_label, operation.model_name)._meta.db_table
                except LookupError:
                    continue


@working(HOUSE)
def holds_rows(table: str, using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute(ROWS.format(table=table))
        return bool(cursor.fetchone()[0])


def is_served(using: str) -> bool:
    with connections[using].cursor() as cursor:
        cursor.execute(SERVED, [WEB_ROLE])
        return bool(cursor.fetchone()[0])
