"""Secrets are made once and ports are kept while they are free."""

import socket
from pathlib import Path

from dev import memory


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = memory.secret(tmp_path, "secret-key")
    assert memory.secret(tmp_path, "secret-key") == first
    assert memory.secret(tmp_path, "another") != first
    assert (tmp_path / "state.json").stat().st_mode & 0o777 == 0o600


def test_a_free_port_is_kept_for_the_next_start(tmp_path: Path) -> None:
    assert memory.port(tmp_path, "web") == memory.port(tmp_path, "web")


def test_a_port_that_somebody_took_is_exchanged(tmp_path: Path) -> None:
    port = memory.port(tmp_path, "web")
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", port))
        occupant.listen()
        assert memory.port(tmp_path, "web") != port


def test_a_preferred_port_is_taken_when_free_and_left_when_not(tmp_path: Path) -> None:
    preferred = memory.a_free_port()
    assert memory.port(tmp_path, "web", preferred) == preferred
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", preferred))
        occupant.listen()
        assert memory.port(tmp_path, "inbox", preferred) != preferred
