"""What the role `web` may do. The owner migrates and then grants; history and audit can only grow."""

from typing import Any

from django.apps import apps
from django.db import connections

from core.models import AppendOnly
from core.rows.walls import WEB_ROLE, walls


def grant_to_web(sender: Any, using: str, **kwargs: Any) -> None:
    """Runs after every migration, on the connection that migrated."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s AND rolname <> current_user", [WEB_ROLE])
        if cursor.fetchone() is None:  # somebody runs everything as one role: the start-up check speaks of it
            return
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WEB_ROLE}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {WEB_ROLE}")
        for window in windows():
            cursor.execute(f'REVOKE INSERT, UPDATE, DELETE ON "{window}" FROM {WEB_ROLE}')
        for table in append_only_tables():
            cursor.execute(f'REVOKE UPDATE, DELETE ON "{table}" FROM {WEB_ROLE}')


def windows() -> list[str]:
    return sorted(wall.window.view for wall in walls().values() if wall.window)


def append_only_tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly))
