"""The suite connects as the role `web`, like the product. Only set-up and clean-up use the owner."""

import os
import time
from collections.abc import Iterator
from logging.config import dictConfig
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from django.test.signals import setting_changed

from tests.silence import pytest_runtest_makereport  # noqa: F401  a hook

# Nobody ran collectstatic: files keep their own names.
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
setting_changed.send(None, setting="STORAGES", value=settings.STORAGES, enter=True)  # models have looked already


# What the product logs, a test reads from `caplog`, or formats by itself. Also after a second django.setup().
settings.LOGGING = {**settings.LOGGING, "root": {"level": "INFO"}}
dictConfig(settings.LOGGING)

PATIENCE = 20  # seconds


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    name = "test_" + settings.DATABASES["owner"]["NAME"] + os.environ.get("PYTEST_XDIST_WORKER", "")
    drop(name)
    with connect("owner", "postgres") as connection:
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
    drop(name)


def drop(name: str) -> None:
    """A thread of a test may come back while its session is being ended, so this is tried until nobody does."""
    deadline = time.monotonic() + PATIENCE
    while True:
        end_sessions(name)
        try:
            with connect("owner", "postgres") as owner:
                owner.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            return
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            if time.monotonic() > deadline:
                raise


def end_sessions(name: str) -> None:
    """Whatever the threads of earlier tests have left in a database. A role may end its own sessions only."""
    for alias in ("default", "owner"):
        with connect(alias, "postgres") as role:
            role.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
                [name],
            )


def connect(alias: str, database: str) -> psycopg.Connection[Any]:
    role = settings.DATABASES[alias]
    return psycopg.connect(
        host=role["HOST"], port=role["PORT"] or 5432, user=role["USER"], password=role["PASSWORD"],
        dbname=database, autocommit=True,
    )  # fmt: skip


def empty_tables(self: TransactionTestCase) -> None:
    """The role `web` may not TRUNCATE, so the owner empties what a transactional test left."""
    with connect("owner", connections["owner"].settings_dict["NAME"]) as connection:
        tables = connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        emptied = ", ".join(table for (table,) in tables if table not in FILLED_BY_MIGRATE)
        connection.execute(f"TRUNCATE {emptied} RESTART IDENTITY")


FILLED_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}
TransactionTestCase._fixture_teardown = empty_tables
