"""A backup is a folder: the database as pg_dump writes it, the files, and a manifest of what must be in both.

The dump comes first, the files after it. A file lies in its place before its row commits and is never changed, so
every row of the dump finds its file; one uploaded in between is a file too many, which harms nobody. Only what nobody
needs is ever deleted (core.uploads), so neither does one that goes in between.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import django
from django.core.files.storage import Storage, storages
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from core import postgres_tools
from core.rows.viewers import working
from core.rows.walls import HOUSE

OWNER = "owner"  # the database alias that may read and make everything
DUMP, MANIFEST = "database.dump", "manifest.json"
PLACES = ("originals", "derivatives")  # the storages, and their folders in a backup
CHUNK = 1024**2

TABLES = """
SELECT quote_ident(relname) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
# Whatever the order of the rows: their count, and the sum of what md5 makes of each.
FACTS = "SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint), 0)::text FROM {table} t"

Facts = dict[str, list[Any]]  # table → its rows and their digest; file → its bytes and its SHA-256


class BadBackup(Exception):
    """The backup is not what its manifest says, or there is no empty place to restore it to. Says what is wrong."""


@dataclass(frozen=True)
class Manifest:
    made_at: str  # ISO 8601, UTC
    versions: dict[str, str]
    dump: list[Any]
    tables: Facts
    files: Facts

    @classmethod
    def read(cls, backup: Path) -> Self:
        """Raise BadBackup."""
        try:
            return cls(**json.loads((backup / MANIFEST).read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise BadBackup(f"{backup} has no manifest that can be read: {error}") from error

    def write(self, backup: Path) -> None:
        (backup / MANIFEST).write_text(json.dumps(vars(self), indent=1, ensure_ascii=False))


# ── Making one ───────────────────────────────────────────────────────────────
def make_backup(*, folder: Path, now: datetime) -> Path:
    """The new backup in `folder`, readable by its maker only. It has its name only when it is complete."""
    backup = folder / f"portal-{now:%Y%m%dT%H%M%SZ}"
    unfinished = backup.with_suffix(".unfinished")
    unfinished.mkdir(mode=0o700, parents=True)
    tables, versions = dump_database(unfinished / DUMP)
    files = copy_files(unfinished, earlier=newest_in(folder))
    Manifest(now.isoformat(), versions, facts_of(unfinished / DUMP), tables, files).write(unfinished)
    return unfinished.rename(backup)


def dump_database(target: Path) -> tuple[Facts, dict[str, str]]:
    """pg_dump and the counts see one snapshot, so they agree however busy the house is. Walled rows are in both: each says
    that it is the house."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version')")
        snapshot, server = cursor.fetchone()
        postgres_tools.run(
            "pg_dump", f"--snapshot={snapshot}", "--format=custom", "--enable-row-security", f"--file={target}",
            alias=OWNER, job=HOUSE,
        )  # fmt: skip
        return table_facts(cursor), {"postgresql": server, "django": django.get_version(), **migrations(cursor)}


def migrations(cursor: CursorWrapper) -> dict[str, str]:
    """The newest of each app: which release can read this backup."""
    cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app")
    return dict(cursor.fetchall())


def copy_files(target: Path, *, earlier: Path | None) -> Facts:
    """Files never change, so what the earlier backup has already costs no second place on the disk."""
    facts: Facts = {}
    for name, source in files():
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # it has gone meanwhile
            known = earlier / name if earlier else None
            if known and known.exists() and facts_of(known) == facts_of(source):
                os.link(known, copy)
            else:
                shutil.copyfile(source, copy)
            facts[name] = facts_of(copy)
    return facts


def forget_old_backups(*, folder: Path, keep: int) -> list[Path]:
    """What was removed: all but the newest `keep`, and what a killed backup left unfinished."""
    old = [*backups_in(folder)[:-keep], *folder.glob("portal-*.unfinished")]
    for backup in old:
        shutil.rmtree(backup)
    return old


# ── Bringing one back ────────────────────────────────────────────────────────
def restore_backup(*, backup: Path) -> Manifest:
    """Into an empty database and folders of files that hold nothing else. Raise BadBackup."""
    manifest = Manifest.read(backup)
    check_backup(backup, manifest)
    check_place()
    postgres_tools.run(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", f"--dbname={name_of_database()}",
        str(backup / DUMP), alias=OWNER,
    )  # fmt: skip
    bring_back_files(backup, manifest)
    check_restored(manifest)
    return manifest


def check_backup(backup: Path, manifest: Manifest) -> None:
    """Before anything is written: every file is there and is what it was."""
    if facts_of(backup / DUMP) != manifest.dump:
        raise BadBackup(f"{backup / DUMP} is not the file that was written.")
    spoiled = [name for name, facts in manifest.files.items() if facts_of(backup / name) != facts]
    if spoiled:
        raise BadBackup(f"Not the files that were copied: {', '.join(spoiled)}")


def check_place() -> None:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(TABLES)
        if cursor.fetchone():
            raise BadBackup(f"The database {name_of_database()} is not empty. Create one: createdb --owner=owner …")
    if next(files(), None):
        raise BadBackup("ORIGINALS_DIR or DERIVATIVES_DIR is not empty: name another, or move its files away.")


def bring_back_files(backup: Path, manifest: Manifest) -> None:
    for name in manifest.files:
        place, _, key = name.partition(os.sep)
        with (backup / name).open("rb") as file:
            storages[place].save(key, file)


def check_restored(manifest: Manifest) -> None:
    with connections[OWNER].cursor() as cursor:
        tables = table_facts(cursor)
        cursor.execute("ANALYZE")  # a dump carries no statistics: without them the first pages read whole tables
    present = {name: facts_of(path) for name, path in files()}
    differing = sorted(
        name
        for found, expected in ((tables, manifest.tables), (present, manifest.files))
        for name in found.keys() | expected.keys()
        if found.get(name) != expected.get(name)
    )
    if differing:
        raise BadBackup(f"Restored, but not what was saved: {', '.join(differing)}")


# ── What both need ───────────────────────────────────────────────────────────
def backups_in(folder: Path) -> list[Path]:
    """Complete ones, the oldest first."""
    return sorted(path for path in folder.glob("portal-*") if not path.suffix)


def newest_in(folder: Path) -> Path | None:
    return next(reversed(backups_in(folder)), None)


@working(HOUSE)
def table_facts(cursor: CursorWrapper) -> Facts:
    cursor.execute(TABLES)
    facts: Facts = {}
    for (table,) in cursor.fetchall():
        cursor.execute(FACTS.format(table=table))
        facts[table] = list(cursor.fetchone())
    return facts


def facts_of(path: Path) -> list[Any]:
    if not path.is_file():
        return [0, "missing"]
    with path.open("rb") as file:
        return [path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()]


def files() -> Iterator[tuple[str, Path]]:
    """Where each has its place in a backup, and where it lies."""
    for place in PLACES:
        storage = storages[place]
        yield from ((os.path.join(place, name), Path(storage.path(name))) for name in names_in(storage, ""))


def names_in(storage: Storage, folder: str) -> Iterator[str]:
    if not storage.exists(folder):
        return
    folders, files = storage.listdir(folder)
    whole = (name for name in sorted(files) if not name.startswith("."))  # core.whole_files: aside, not yet whole
    yield from (os.path.join(folder, name) for name in whole)
    for inner in sorted(folders):
        yield from names_in(storage, os.path.join(folder, inner))


def name_of_database() -> str:
    return str(connections[OWNER].settings_dict["NAME"])
