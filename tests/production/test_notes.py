"""The commands of the operations notes, as a shell reads them."""

import os
import re
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest

from dev.places import ROOT

NOTES = (ROOT / "docs/notes/operations.md").read_text()


def blocks(text: str) -> list[str]:
    return [dedent(block) for block in re.findall(r"(?:^ {4}.*\n)+", text, re.MULTILINE)]


def commands(*, after: str) -> str:
    """The first block below these words."""
    return blocks(NOTES.partition(after)[2])[0]


def a_script(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)


@pytest.mark.parametrize("block", blocks(NOTES), ids=lambda block: block.split()[0])
def test_a_shell_reads_every_block(block: str) -> None:
    subprocess.run(["bash", "-n"], input=block, text=True, check=True)


# ── The drill ────────────────────────────────────────────────────────────────
def told_to_restore(block: str, folder: Path) -> dict[str, str]:
    """What the command gets by its environment, beside the settings of the server."""
    for name in ("runuser", "install", "rm", "ls"):
        a_script(folder / "bin" / name)
    a_script(folder / "deploy/manage", 'env > "$PWD/told"')
    owner = folder / "owner"
    owner.write_text("OWNER_DATABASE_URL=postgres://owner:secret@127.0.0.1:5432/portal\n")
    subprocess.run(
        ["bash", "-e"], input=block.replace("/etc/portal/owner", str(owner)), text=True, check=True, cwd=folder,
        env={"PATH": f"{folder}/bin:{os.environ['PATH']}"},
    )  # fmt: skip
    return dict(line.split("=", 1) for line in (folder / "told").read_text().splitlines())


def test_the_drill_restores_beside_what_runs(tmp_path: Path) -> None:
    told = told_to_restore(commands(after="**The drill**"), tmp_path)
    assert told["OWNER_DATABASE_URL"].endswith("/drill")
    assert told["ORIGINALS_DIR"] == "/var/lib/portal/drill/originals"
    assert told["DERIVATIVES_DIR"] == "/var/lib/portal/drill/derivatives"


# ── What deploy/run asks first ───────────────────────────────────────────────
def run_with_stubs(folder: Path, *arguments: str) -> list[str]:
    """The commands of a process that ends at once, in their order."""
    a_script(folder / "deploy/run", *(ROOT / "deploy/run").read_text().splitlines()[1:])
    for name in ("python", "celery"):
        a_script(
            folder / ".venv/bin" / name, f'echo {name} "$@" >> "{folder}/said"', 'case "$*" in *back_up*) exit 1; esac'
        )
    subprocess.run([folder / "deploy/run", *arguments], check=True)
    return (folder / "said").read_text().splitlines()


def test_a_worker_is_checked_before_it_starts(tmp_path: Path) -> None:
    check, start = run_with_stubs(tmp_path, "worker", "notices")
    assert check == "python manage.py check --deploy --fail-level=ERROR"
    assert start.startswith("celery --app=portal worker --queues=notices --hostname=notices@")


def test_backups_start_although_they_may_not_write_the_files(tmp_path: Path) -> None:
    """In Docker both folders are read-only for them, which portal.E008 refuses."""
    assert run_with_stubs(tmp_path, "back-ups") == ["python manage.py back_up /var/backups/portal --keep=72"]
