"""The suite connects as the role `web`, like the product. Only set-up and clean-up use the owner."""

import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase

from tests.silence import pytest_runtest_makereport  # noqa: F401  a hook

# Nobody ran collectstatic: files keep their own names.
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    name = "test_" + settings.DATABASES["owner"]["NAME"] + os.environ.get("PYTEST_XDIST_WORKER", "")
    with owner_of("postgres") as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(
            f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        )
    for alias in ("owner", "default"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    with django_db_blocker.unblock():
        call_command("migrate", database="owner", verbosity=0)
    yield
    with django_db_blocker.unblock():
        for alias in ("owner", "default"):
            connections[alias].close()
    with owner_of("postgres") as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def owner_of(database: str) -> psycopg.Connection[Any]:
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"], port=owner["PORT"] or 5432, user=owner["USER"], password=owner["PASSWORD"],
        dbname=database, autocommit=True,
    )  # fmt: skip


def empty_tables(self: TransactionTestCase) -> None:
    """The role `web` may not TRUNCATE, so the owner empties what a transactional test left."""
    with owner_of(connections["owner"].settings_dict["NAME"]) as connection:
        tables = connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        emptied = ", ".join(table for (table,) in tables if table not in FILLED_BY_MIGRATE)
        connection.execute(f"TRUNCATE {emptied} RESTART IDENTITY")


FILLED_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}
TransactionTestCase._fixture_teardown = empty_tables

# Hashed names need a collected manifest; the suite reads static files under their own names.
settings.STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
