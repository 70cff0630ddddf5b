"""PostgreSQL's own programs: those of the server's major version, because an older pg_dump refuses a newer server."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.client import DatabaseClient

PLACES_OF_DEBIAN = Path("/usr/lib/postgresql")


class NoTool(Exception):
    """Neither POSTGRES_BIN nor the usual places have the program in the server's version, or it failed. Says which."""


def run(program: str, *arguments: str, alias: str, job: str = "") -> None:
    """On the database of `alias`, as its role; `job`: as which it meets walls (core.rows). The password goes by the
    environment, which others cannot list."""
    command = [tool(program, major=server_major(alias)), *arguments]
    variables = environment(alias) | ({"PGOPTIONS": f"-c rows.job={job}"} if job else {})
    answer = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise NoTool(f"{program} ended with {answer.returncode}: {answer.stderr.strip()}")


def server_major(alias: str) -> int:
    connection = connections[alias]
    connection.ensure_connection()
    return connection.connection.info.server_version // 10_000


def tool(program: str, *, major: int) -> str:
    """Raise NoTool."""
    places = (
        [settings.POSTGRES_BIN] if settings.POSTGRES_BIN else [f"{PLACES_OF_DEBIAN}/{major}/bin", *os.get_exec_path()]
    )
    found = [path for place in places if (path := shutil.which(program, path=place))]
    for path in found:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
        if re.search(rf"\b{major}[.\s]", answer):
            return path
    raise NoTool(
        f"{program} {major} is needed, as the server is. Found: {', '.join(found) or 'none'}. See POSTGRES_BIN."
    )


def environment(alias: str) -> dict[str, str]:
    """libpq's variables for this database."""
    facts = connections[alias].settings_dict
    _command, secrets = DatabaseClient.settings_to_cmd_args_env(facts, [])
    where = {
        "PGHOST": facts["HOST"],
        "PGPORT": str(facts["PORT"]),
        "PGUSER": facts["USER"],
        "PGDATABASE": facts["NAME"],
    }
    return {"PATH": os.defpath, **{name: value for name, value in where.items() if value}, **(secrets or {})}
