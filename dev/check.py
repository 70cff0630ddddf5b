"""`make check`: everything that can be judged without running the product. CI runs the same list.

A step prints one line; what it found stands below it only when it fails.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from dev import system
from dev.places import DEBIAN, PYTHON, ROOT, VENV

BIN = VENV / "bin"
MANAGE = (PYTHON, "manage.py")

STEPS: tuple[tuple[str, tuple[str | Path, ...]], ...] = (
    ("no package index is named", (PYTHON, "-m", "dev.checks.hosts")),
    ("style (ruff)", (BIN / "ruff", "check", "--quiet", ".")),
    ("format (ruff)", (BIN / "ruff", "format", "--check", "--quiet", ".")),
    ("views use no bare managers", (PYTHON, "-m", "dev.checks.views")),
    ("ladder and rooms (import-linter)", (BIN / "lint-imports", "--no-logo")),
    ("templates (djlint)", (BIN / "djlint", "--lint", "--quiet", "templates")),
    ("no migration is missing", (*MANAGE, "makemigrations", "--check", "--dry-run")),
    ("Kazakh and Russian are complete", (PYTHON, "-m", "dev.checks.translations")),
    ("types (mypy)", (BIN / "mypy",)),
)

# Enough to import the settings; no step connects anywhere.
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "SECRET_KEY": "for-checks-only",
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "DATABASE_URL": "postgres://web@127.0.0.1/none",
    "OWNER_DATABASE_URL": "postgres://owner@127.0.0.1/none",
    "PYTHONWARNINGS": "ignore",  # makemigrations warns that it cannot reach a database
}


def main() -> int:
    environment = {**os.environ, **system.unpacked_environment(), **SETTINGS, "PATH": path()}
    failed = [name for name, command in STEPS if not passes(name, command, environment)]
    if failed:
        print(f"\n{len(failed)} of {len(STEPS)} checks failed: {', '.join(failed)}")
    return len(failed)


def path() -> str:
    """Programs that Django calls by name, wherever they lie."""
    return os.pathsep.join([os.environ.get("PATH", os.defpath), str(DEBIAN / "usr/bin")])


def passes(name: str, command: tuple[str | Path, ...], environment: dict[str, str]) -> bool:
    began = time.monotonic()
    answer = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    mark = "✗" if answer.returncode else "✓"
    print(f"{mark} {name} · {time.monotonic() - began:.1f} s", flush=True)
    if answer.returncode:
        print(answer.stdout.rstrip(), flush=True)
    return not answer.returncode


if __name__ == "__main__":
    sys.exit(main())
