"""`make test`: the whole suite against a real PostgreSQL, a real Valkey, a real SMTP server and Debian's chromium."""

import subprocess
import sys
import tempfile
from pathlib import Path

from dev import environment, messages, system
from dev.places import PYTHON, ROOT
from dev.postgres import FOR_TESTS
from dev.processes import Stop, stop_on_signals
from dev.servers import servers


def main(arguments: list[str]) -> int:
    messages.compile_stale()
    with tempfile.TemporaryDirectory(prefix="portal-test-") as folder:
        state = Path(folder)
        state.chmod(0o711)  # nobody must reach the data of root's PostgreSQL
        (state / "static").mkdir()
        with servers(state, FOR_TESTS) as urls:
            return run_pytest(state, urls, arguments)


def run_pytest(state: Path, urls: dict[str, str], arguments: list[str]) -> int:
    variables = {
        **environment.product(state, urls, "http://127.0.0.1:8000"),
        "CHROMIUM": system.find(system.BROWSER) or "",
    }
    command: list[str | Path] = [PYTHON, "-m", "pytest", "--numprocesses=3", "--dist=loadgroup", *arguments]
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


if __name__ == "__main__":
    stop_on_signals()
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop:
        sys.exit("\nStopped.")
