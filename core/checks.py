"""What must be true of the machine before the portal starts. Registered in core.apps."""

from collections.abc import Sequence
from ctypes import CDLL
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.checks import CheckMessage, Error
from django.db import connections

REFERENCE = datetime(2026, 1, 1, tzinfo=UTC)
ROLE = """
SELECT rolsuper, rolbypassrls, pg_has_role(current_user, relowner, 'USAGE')
FROM pg_roles, pg_class
WHERE rolname = current_user AND relname = 'core_auditevent' AND relkind = 'r'
"""

# What WeasyPrint opens (core.documents), in Debian's packages libpangoft2-1.0-0 and libharfbuzz-subset0.
DOCUMENT_LIBRARIES = (
    "libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz.so.0", "libharfbuzz-subset.so.0",
    "libfontconfig.so.1",
)  # fmt: skip


def check_time_zones(**kwargs: Any) -> list[CheckMessage]:
    """All of Kazakhstan is UTC+5 since 1 March 2024: older zone data puts every appointment an hour off."""
    if ZoneInfo("Asia/Almaty").utcoffset(REFERENCE) == timedelta(hours=5):
        return []
    return [Error("Asia/Almaty is not UTC+5.", hint="Time zone data of 2024a or later is needed.", id="core.E001")]


def check_database_role(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Row-level security and the append-only tables bind no superuser and no owner."""
    if "default" not in (databases or ()):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(ROLE)
        row = cursor.fetchone()
    if row is None or not any(row):  # before the first migration there is nothing to own
        return []
    hint = "DATABASE_URL names the role `web`, OWNER_DATABASE_URL the owner."
    return [Error("The portal runs as a database role that no restriction binds.", hint=hint, id="core.E002")]


def check_document_libraries(**kwargs: Any) -> list[CheckMessage]:
    """Found before the first document is wanted, and not by the worker that should make it."""
    missing = [name for name in DOCUMENT_LIBRARIES if not can_be_loaded(name)]
    if not missing:
        return []
    hint = "On Debian: apt-get install libpangoft2-1.0-0 libharfbuzz-subset0"
    return [Error(f"No document can be made without {', '.join(missing)}.", hint=hint, id="core.E003")]


def can_be_loaded(library: str) -> bool:
    try:
        CDLL(library)
    except OSError:
        return False
    return True
