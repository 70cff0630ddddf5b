"""Which faults ask people to come back, and that a database which says nothing is given up in time."""

import errno
import socket
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import DataError, IntegrityError, InterfaceError, OperationalError

from portal.outages import is_database_away, is_disk_full


@pytest.mark.parametrize("fault", [OperationalError("cut"), InterfaceError("closed")])
def test_a_database_that_is_away_comes_back(fault: Exception) -> None:
    assert is_database_away(fault)


@pytest.mark.parametrize("fault", [DataError("ours"), IntegrityError("ours"), ValueError("ours"), None])
def test_a_mistake_of_ours_stays_one(fault: Exception | None) -> None:
    assert not is_database_away(fault)
    assert not is_disk_full(fault)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_known_by_its_number(number: int) -> None:
    assert is_disk_full(OSError(number, ""))
    assert not is_disk_full(OSError(errno.EACCES, ""))


@pytest.fixture
def silent_host() -> Iterator[int]:
    """Takes connections and never says a word, as a machine behind a broken network."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_silent_host_is_given_up_in_seconds(silent_host: int) -> None:
    assert settings.DATABASES["default"]["OPTIONS"]["connect_timeout"] == 5
    with pytest.raises(psycopg.errors.ConnectionTimeout):
        psycopg.connect(host="127.0.0.1", port=silent_host, user="web", connect_timeout=2)
