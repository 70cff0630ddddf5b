"""`make bench NAME=…`: product and floor side by side, on a PostgreSQL of its own that waits for the disk as in production."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from dev import environment, messages
from dev.places import PYTHON, ROOT
from dev.postgres import Postgres, start_postgres
from dev.processes import MARK, Stop, end_leftovers, stop_on_signals
from dev.valkey import start_valkey

# fsync stays on. Statements are counted by the server, which both sides pay alike.
COUNTED = ("shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track_utility=off")


def main(names: list[str]) -> int:
    messages.compile_stale()
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        state = Path(folder)
        state.chmod(0o711)  # nobody must reach the data of root's PostgreSQL
        (state / "static").mkdir()
        try:
            postgres, valkey = start_postgres(state, COUNTED), start_valkey(state)
            return run_benches(state, postgres, valkey.url, names)
        finally:
            end_leftovers(state)


def run_benches(state: Path, postgres: Postgres, redis_url: str, names: list[str]) -> int:
    urls = {"DATABASE_URL": postgres.url, "OWNER_DATABASE_URL": postgres.owner_url, "REDIS_URL": redis_url}
    variables = {
        **environment.product(state, urls, "http://127.0.0.1:8000"),
        **{name: value for name, value in os.environ.items() if name.startswith("BENCH_")},  # BENCH_INVITATIONS=1000
        MARK: str(state),
        "TRUSTED_PROXY_COUNT": "1",  # visitors come from many addresses
        "BENCH_STATE": str(state),
        "BENCH_POSTGRES": str(postgres.child.process.pid),
        "BENCH_SUPERUSER_URL": postgres.superuser_url,
    }
    command: list[str | Path] = [PYTHON, "-m", "tests.bench", *names]
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


if __name__ == "__main__":
    stop_on_signals()
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop:
        sys.exit("\nStopped.")
