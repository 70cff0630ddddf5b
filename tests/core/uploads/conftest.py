from pathlib import Path

import pytest

from tests.core.uploads.sending import Disk
from tests.originals import DERIVATIVES, ORIGINALS, lie


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Where sent files and their copies of this test lie."""
    lie("originals", tmp_path / "originals", ORIGINALS, monkeypatch)
    lie("derivatives", tmp_path / "derivatives", DERIVATIVES, monkeypatch)
    return Disk(tmp_path)
