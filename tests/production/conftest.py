"""A house of its own: a database that may be dropped, a folder of originals, and the cast in the middle of their stories."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from tests.conftest import connect, drop, end_sessions
from tests.originals import DERIVATIVES, ORIGINALS, lie


@pytest.fixture
def database(transactional_db: None, request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a copy of the suite's database, to which both roles are connected until the test ends."""
    suite = connections["owner"].settings_dict["NAME"]
    copy = f"{suite}_house"
    move_to(suite)
    drop(copy)
    end_sessions(suite)  # a template may have none, and threads of earlier tests have left theirs
    with connect("owner", "postgres") as owner:
        owner.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{suite}"')
    move_to(copy)
    yield copy
    move_to(suite)
    drop(copy)


def move_to(name: str) -> None:
    for alias in ("owner", "default"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture
def originals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where uploaded files of this test lie; the copies of sent ones beside it."""
    folder = tmp_path / "originals"
    lie("originals", folder, ORIGINALS, monkeypatch)
    lie("derivatives", tmp_path / "derivatives", DERIVATIVES, monkeypatch)
    return folder
