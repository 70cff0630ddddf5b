"""`python3 -m dev.setup LEVEL` makes `.venv` hold what LEVEL needs: base, demo, test or check.

It runs before the environment exists, so it uses the standard library only.
"""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev import system
from dev.places import PYTHON, REQUIREMENTS, ROOT, VENV

LEVELS = ("base", "demo", "test", "check")  # each lock holds all packages of those before it
STAMP = VENV / "installed.json"


def main(level: str) -> None:
    system.provide(level)
    create_environment()
    install_packages(level)


def create_environment() -> None:
    if PYTHON.exists():
        return
    with step("creating .venv"):
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    with step("installing uv"):
        lock = REQUIREMENTS / "installer.txt"
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock], check=True)


def install_packages(level: str) -> None:
    """Never takes away what a higher level has brought: `make demo` after `make test` installs nothing."""
    installed = json.loads(STAMP.read_text()) if STAMP.exists() else {"level": LEVELS[0], "lock": ""}
    level = max(level, installed["level"], key=LEVELS.index)
    lock = REQUIREMENTS / f"{level}.txt"
    wanted = {"level": level, "lock": hashlib.sha256(lock.read_bytes()).hexdigest()}
    if installed == wanted:
        return
    with step(f"installing {lock.relative_to(ROOT)}"):
        STAMP.unlink(missing_ok=True)
        uv: list[str | Path] = [VENV / "bin/uv", "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON]
        subprocess.run([*uv, lock], check=True)
        STAMP.write_text(json.dumps(wanted))


@contextmanager
def step(what: str) -> Iterator[None]:
    began = time.monotonic()
    print(f"· {what} …", end=" ", flush=True)
    yield
    print(f"{time.monotonic() - began:.1f} s", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except subprocess.CalledProcessError as failure:
        sys.exit(f"\nThe set-up stopped: {' '.join(map(str, failure.cmd))} ended with {failure.returncode}.")
