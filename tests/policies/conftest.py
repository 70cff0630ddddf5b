from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from tests.notices.conftest import mail_server  # noqa: F401  a fixture
from tests.originals import lie_in

NOON = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)  # 12:00 in Almaty, on tests.factories.TODAY


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def originals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where registers and documents of this test lie."""
    lie_in(tmp_path, monkeypatch)
    return tmp_path
