"""PostgreSQL writes its own log, which names nobody (deploy/roles.sql)."""

import psycopg
import pytest
from psycopg.errors import UniqueViolation

from tests.faults.house import House

ADDRESS = "zarina@example.kz"
TWICE = (
    "INSERT INTO core_limit (key, spent, ceiling, started_at)"
    " SELECT %(email)s::text, 1, 5, now() FROM generate_series(1, 2)"
)


def logged(house: House, *, told: str = "") -> str:
    """What a violated constraint leaves in the log; `told` goes before it."""
    log = house.postgres.child.log
    before = len(log.read_text())
    with psycopg.connect(house.postgres.superuser_url if told else house.postgres.url) as connection:
        if told:
            connection.execute(told)
        with pytest.raises(UniqueViolation):
            connection.execute(TWICE, {"email": ADDRESS})
    return log.read_text()[before:]


def test_an_error_in_the_servers_log_names_nobody(house: House) -> None:
    lines = logged(house)
    assert "duplicate key value" in lines
    assert ADDRESS not in lines


def test_without_the_roles_settings_the_log_would_name_them(house: House) -> None:
    assert ADDRESS in logged(house, told="SET log_error_verbosity = default")
