"""The grants follow the roles that exist, and rows say in a line what they are."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation

from core import grants
from core.models import AuditEvent, CalendarDay, Limit

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


class Recorder:
    """A connection on which the role `web` does not exist."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def cursor(self) -> "Recorder":
        return self

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *error: object) -> None:
        self.statements.append("closed")

    def execute(self, statement: str, parameters: Any = None) -> None:
        self.statements.append(statement.split()[0])

    def fetchone(self) -> None:
        return None


def test_where_there_is_no_second_role_nothing_is_granted(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder()
    monkeypatch.setattr(grants, "connections", {"default": recorder})
    grants.grant_to_web(sender=None, using="default")
    assert recorder.statements == ["SELECT", "closed"]


def test_the_audit_trail_is_among_the_tables_that_only_grow() -> None:
    assert "core_auditevent" in grants.append_only_tables()
    assert "core_calendarday" not in grants.append_only_tables()


def test_rows_name_themselves() -> None:
    event = AuditEvent(at=NOW, verb="opened a card", object_type="core.Limit", object_id="1")
    assert str(event) == "21.11.2026 07:00 opened a card core.Limit 1"
    assert str(Limit(key="id:42", spent=2, ceiling=5)) == "id:42 2/5"
    with translation.override("en"):
        assert str(CalendarDay(country="KZ", date=date(2026, 3, 26), kind="off")) == "KZ 26.03.2026 day off"
