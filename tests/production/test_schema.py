"""The suite works on the database that `migrate` makes, although its own is made in a quicker way."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from core import postgres_tools
from tests.conftest import EMPTY, connect, drop
from tests.production.conftest import move_to

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
OF_THE_DUMP = re.compile(r"^\\(un)?restrict .*$", re.MULTILINE)  # a word drawn for each dump


@pytest.mark.long
def test_the_suites_database_is_what_migrate_makes(transactional_db: None, tmp_path: Path) -> None:
    suite = connections["owner"].settings_dict["NAME"]
    migrated = f"{suite}_migrated"
    drop(migrated)
    with connect("owner", "postgres") as owner:
        owner.execute(EMPTY.format(migrated))
    try:
        move_to(migrated)
        call_command("migrate", database="owner", verbosity=0)
        by_migrate = schema(tmp_path / "migrated.sql")
    finally:
        move_to(suite)
        drop(migrated)
    assert by_migrate == schema(tmp_path / "suite.sql")
    assert "CREATE POLICY" in by_migrate


def schema(file: Path) -> str:
    """Of the database that is connected now: tables, constraints, walls, grants."""
    postgres_tools.run("pg_dump", "--schema-only", f"--file={file}", alias="owner")
    return OF_THE_DUMP.sub("", file.read_text())
