"""The suite connects as the role `web`, like the product. Only set-up and clean-up use the owner."""

import gc
import os
import time
from collections.abc import Iterator
from logging.config import dictConfig
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from django.test.signals import setting_changed
from django.utils import timezone, translation
from hypothesis import settings as examples
from psycopg._preparing import PrepareManager

from core.rows.viewers import working
from core.rows.walls import HOUSE
from tests.migrated import migrate
from tests.seals import seals  # noqa: F401  a fixture
from tests.silence import pytest_runtest_makereport  # noqa: F401  a hook

# Nobody ran collectstatic: files keep their own names.
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
setting_changed.send(None, setting="STORAGES", value=settings.STORAGES, enter=True)  # models have looked already


# What the product logs, a test reads from `caplog`, or formats by itself. Also after a second django.setup().
settings.LOGGING = {**settings.LOGGING, "root": {"level": "INFO"}}
dictConfig(settings.LOGGING)

# Whatever is rolled back, psycopg forgets all that it has prepared, lest a table be gone with it. Here every test ends so,
# and no table goes: PostgreSQL need not plan each statement anew.
PrepareManager._should_discard = lambda manager, *answer: False  # type: ignore[method-assign]

# An example that takes long on a busy machine is no fault; what hangs is named by pytest-timeout. CI has a profile of its own.
if not os.environ.get("CI"):
    examples.register_profile("desk", deadline=None)
    examples.load_profile("desk")

PATIENCE = 20  # seconds
EMPTY = "CREATE DATABASE \"{}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"


@pytest.fixture(scope="session", autouse=True)
def behind_the_walls() -> Iterator[None]:
    """Whoever tells a test's story sees every row of it; its pages are seen by whoever asks for them (core.rows)."""
    with working(HOUSE):
        yield


@pytest.fixture(autouse=True)
def nobody_has_chosen_a_language_yet() -> None:
    """A request keeps its language and its clock until the next one; a test begins with neither."""
    translation.deactivate()
    timezone.deactivate()


def pytest_collection_finish() -> None:
    """What lives as long as the suite is not looked through each time that memory is tidied up: a tenth of its time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    name = "test_" + settings.DATABASES["owner"]["NAME"] + os.environ.get("PYTEST_XDIST_WORKER", "")
    model = "model_" + os.environ.get("PYTEST_XDIST_TESTRUNUID", name)
    drop(name)
    with connect("owner", "postgres") as connection, django_db_blocker.unblock():
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [model])  # of its processes one migrates, all copy
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [model]).fetchone():
            begun = f"{model}_begun"  # whoever is ended while migrating leaves nothing that the next takes for whole
            drop(begun)
            connection.execute(EMPTY.format(begun))
            work_on(begun)
            migrate()
            work_on(name)
            connection.execute(f'ALTER DATABASE "{begun}" RENAME TO "{model}"')
        work_on(name)
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{model}"')
    yield
    with django_db_blocker.unblock():
        work_on("postgres")
    drop(name)
    drop(model)


def work_on(database: str) -> None:
    for alias in ("owner", "default"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = database


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
    """The role `web` may not empty every table, so the owner takes away what a transactional test left. To truncate eighty
    tables takes half a second, whatever was in them; foreign keys are looked at when the transaction ends.
    """
    with connect("owner", connections["owner"].settings_dict["NAME"]) as connection, connection.transaction():
        connection.execute("SELECT set_config('rows.job', %s, true)", [HOUSE])  # it is nobody by itself
        tables = connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)",
            [list(FILLED_BY_MIGRATE)],
        ).fetchall()
        some_in = " UNION ALL ".join(
            f"SELECT '{table}', (SELECT count(*) FROM (SELECT FROM {table} LIMIT {MANY}) AS row)" for (table,) in tables
        )
        for table, rows in connection.execute(some_in).fetchall():
            if rows:
                connection.execute(f"TRUNCATE {table} CASCADE" if rows == MANY else f"DELETE FROM {table}")
        connection.execute(  # the same story gives the same numbers
            "SELECT setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences"
            " WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename <> ALL(%s)",
            [[f"{table}_id_seq" for table in FILLED_BY_MIGRATE]],
        )


MANY = 500  # rows, from which on truncating is quicker
FILLED_BY_MIGRATE = {"django_migrations", "django_content_type", "auth_permission"}
TransactionTestCase._fixture_teardown = empty_tables
