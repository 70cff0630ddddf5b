"""What an earlier start left behind is ended, and nothing else."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.processes import Child, DidNotStart, end_leftovers, start, wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[Child]:
    child = start("sleeper", SLEEP, state=tmp_path, environment=os.environ)
    yield child
    child.end()


def test_a_leftover_of_the_same_folder_is_ended(sleeper: Child, tmp_path: Path) -> None:
    end_leftovers(tmp_path)
    assert sleeper.has_ended()


def test_a_process_of_another_folder_is_left_alone(sleeper: Child, tmp_path: Path) -> None:
    end_leftovers(tmp_path / "another")
    assert not sleeper.has_ended()


def test_a_child_that_dies_at_once_shows_the_end_of_its_log(tmp_path: Path) -> None:
    child = start("web", [sys.executable, "-c", "raise SystemExit('no such port')"], state=tmp_path, environment={})
    with pytest.raises(DidNotStart, match=r"web did not start[\s\S]*no such port"):
        wait_until(lambda: False, child)
