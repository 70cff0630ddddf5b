"""A migration waits for nobody long: behind a waiting ALTER TABLE every page would wait (security.md, F15)."""

import pytest
from django.db import OperationalError, connection, connections, transaction
from psycopg.errors import LockNotAvailable, QueryCanceled

from core.models import Limit

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

ALTER = "ALTER TABLE core_limit ADD COLUMN never_added integer"


def cause_of_failure(*settings: str) -> type[BaseException | None]:
    """Of ALTER TABLE by the owner, while a page reads the table."""
    with transaction.atomic(), connections["owner"].cursor() as owner:
        assert not Limit.objects.exists()
        for setting in settings:
            owner.execute(f"SET {setting}")
        with pytest.raises(OperationalError) as failure:
            owner.execute(ALTER)
    connections["owner"].close()
    return type(failure.value.__cause__)


def test_the_owner_gives_up_instead_of_making_readers_wait() -> None:
    assert cause_of_failure("statement_timeout = '15s'") is LockNotAvailable


def test_without_the_limit_the_owner_would_wait() -> None:
    assert cause_of_failure("lock_timeout = 0", "statement_timeout = '1s'") is QueryCanceled


def test_the_role_that_serves_pages_keeps_the_servers_own_patience() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)
