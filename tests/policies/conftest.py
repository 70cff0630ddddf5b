from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from core.whole_files import WholeFileStorage
from policies.models import Register

NOON = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)  # 12:00 in Almaty, on tests.factories.TODAY


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def originals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where uploaded files of this test lie."""
    field = Register._meta.get_field("file")
    monkeypatch.setattr(field, "storage", WholeFileStorage(location=tmp_path))
    return tmp_path
