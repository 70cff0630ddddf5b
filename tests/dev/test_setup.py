"""The environment gets what a command needs, once."""

from pathlib import Path
from typing import Any

import pytest

from dev import setup


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Names of the locks that were installed."""
    locks: list[str] = []
    for level in setup.LEVELS:
        (tmp_path / f"{level}.txt").write_text(level)
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(setup, "STAMP", tmp_path / "installed.json")

    def run(command: list[Any], **options: Any) -> None:
        locks.append(Path(command[-1]).name)

    monkeypatch.setattr("subprocess.run", run)
    return locks


def test_the_same_lock_is_installed_once(installed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    setup.install_packages("demo")
    setup.install_packages("demo")
    assert installed == ["demo.txt"]
    assert "installing demo.txt" in capsys.readouterr().out


def test_a_smaller_command_takes_nothing_away(installed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    setup.install_packages("test")
    setup.install_packages("demo")
    assert installed == ["test.txt"]
    assert "installing test.txt" in capsys.readouterr().out


def test_a_changed_lock_is_installed_again(
    installed: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    setup.install_packages("demo")
    (tmp_path / "demo.txt").write_text("newer")
    setup.install_packages("demo")
    assert installed == ["demo.txt", "demo.txt"]
    assert "installing demo.txt" in capsys.readouterr().out
