"""The second wall (core.rows) as tests take it away."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from core.grants import grant_to_web
from core.rows.viewers import Viewer
from core.rows.walls import HOUSE, walls


def seen_by_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page is shown what the house sees: the wall stands open, and only the page's own question is left."""
    monkeypatch.setattr("core.rows.middleware.Viewer", lambda account: Viewer(account, job=HOUSE))


@contextmanager
def pulled_down() -> Iterator[None]:
    """In PostgreSQL itself, as migrations would, for a transactional test: nobody may hold the tables meanwhile."""
    with connections["owner"].schema_editor() as editor:
        for model, wall in walls().items():
            editor.remove_constraint(model, wall)
    try:
        yield
    finally:
        with connections["owner"].schema_editor() as editor:
            for model, wall in walls().items():
                editor.add_constraint(model, wall)
        grant_to_web(None, "owner")
