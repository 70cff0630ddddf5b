"""PostgreSQL and Valkey for one command. With DATABASE_URL or REDIS_URL in the environment nothing embedded is started."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dev.postgres import start_postgres
from dev.processes import end_leftovers
from dev.valkey import start_valkey


@contextmanager
def servers(state: Path, postgres_settings: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """Yields the three URLs, and where PostgreSQL's own tools lie, by their names in the environment; ends what it started."""
    with ExitStack() as started:
        started.callback(end_leftovers, state)  # Ctrl-C may come while a server has begun and is not yet known here
        urls = database_urls(state, postgres_settings, started)
        if "REDIS_URL" in os.environ:
            urls["REDIS_URL"] = os.environ["REDIS_URL"]
        else:
            valkey = start_valkey(state)
            started.callback(valkey.end)
            urls["REDIS_URL"] = valkey.url
        yield urls


def database_urls(state: Path, postgres_settings: tuple[str, ...], started: ExitStack) -> dict[str, str]:
    given = {name: os.environ[name] for name in ("DATABASE_URL", "OWNER_DATABASE_URL") if name in os.environ}
    if len(given) == 1:
        sys.exit(
            "DATABASE_URL (the role that serves pages) and OWNER_DATABASE_URL (the role that migrates) go together."
        )
    if given:
        return given
    postgres = start_postgres(state, postgres_settings)
    started.callback(postgres.end)
    return {
        "DATABASE_URL": postgres.url,
        "OWNER_DATABASE_URL": postgres.owner_url,
        "POSTGRES_BIN": str(postgres.binaries),
    }
