"""What must be true of the machine before the portal starts. Registered in core.apps."""

from collections.abc import Sequence
from ctypes import CDLL
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import connections
from django.utils import timezone

from core.documents.seals import SealUnusable, opened, sealing
from core.uploads.inspection import Refused
from core.uploads.inspector import inspected

REFERENCE = datetime(2026, 1, 1, tzinfo=UTC)
RENEWED_BEFORE = timedelta(days=30)  # the end of a certificate
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

# One white point, as a PNG.
SMALLEST_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a4944415478da63f80f0001010100"
    "1bb6ee560000000049454e44ae426082"
)


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


def check_antivirus(**kwargs: Any) -> list[CheckMessage]:
    """core.outbound would refuse to ask it, and every sent file would wait for ever."""
    if not settings.CLAMAV_HOST or settings.CLAMAV_HOST in settings.OUTBOUND_HOSTS:
        return []
    return [Error("CLAMAV_HOST is missing from OUTBOUND_HOSTS.", id="core.E004")]


def check_inspection(**kwargs: Any) -> list[CheckMessage]:
    """Where its process cannot work (a library, a limit of the machine), every sent file would be refused."""
    try:
        with inspected(BytesIO(SMALLEST_PICTURE)):
            return []
    except Refused:
        hint = "As the user of the house: python -m core.uploads.inspection /tmp/copy < some.png"
        return [Error("Files that people send cannot be looked through here.", hint=hint, id="core.E005")]


def check_seals(**kwargs: Any) -> list[CheckMessage]:
    """A wrong folder or password is found by whoever has just written it."""
    try:
        organisations = sealing()
    except SealUnusable as error:
        return [Error(f"SEALS_DIR: {error}", id="core.E006")]
    return [problem for organisation in organisations for problem in _of_seal(organisation)]


def _of_seal(organisation: str) -> list[CheckMessage]:
    """Time runs out while nobody looks: that holds up papers, and must not hold up a house that starts anew at night."""
    try:
        seal = opened(organisation)
    except SealUnusable as error:
        return [Error(str(error), hint=f"Its password is the content of {organisation}.password.", id="core.E007")]
    now, hint = timezone.now(), f"The seal of {seal.holder}, {organisation}.p12."
    if not seal.is_in_time(now):
        words = f"A certificate is valid from {seal.begins_at:%d.%m.%Y} to {seal.ends_at:%d.%m.%Y}: papers wait for it."
        return [Warning(words, hint=hint, id="core.W001")]
    if seal.ends_at - now <= RENEWED_BEFORE:
        return [Warning(f"A certificate ends on {seal.ends_at:%d.%m.%Y}.", hint=hint, id="core.W002")]
    return []


def can_be_loaded(library: str) -> bool:
    try:
        CDLL(library)
    except OSError:
        return False
    return True
