"""What a side costs, read from outside: processor time and memory of a process tree, statements of PostgreSQL."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class House:
    """The servers of this run. `state` is the folder for logs."""

    state: Path
    postgres: int  # process id
    superuser: psycopg.Connection[Any]  # reads counters, takes no part in the work

    def statements(self) -> int:
        """Statements that the role `web` has sent, without BEGIN, COMMIT and savepoints."""
        row = self.superuser.execute(STATEMENTS).fetchone()
        return int(row[0]) if row else 0


# track_utility is off: transaction control is not counted.
STATEMENTS = "SELECT COALESCE(sum(calls), 0) FROM pg_stat_statements WHERE userid = 'web'::regrole"


def cpu_seconds(root: int) -> float:
    """User and system time of a process and its descendants, those that have ended included."""
    ticks = 0
    for pid in tree(root):
        fields = stat(pid)
        ticks += sum(map(int, fields[11:15]))  # utime, stime, and both of the children that were waited for
    return ticks / TICKS_A_SECOND


def peak_memory(root: int) -> float:
    """The largest that the side's main processes have been, in MiB: its web server or its worker, each child added."""
    return sum(_peak_kib(pid) for pid in tree(root)) / 1024


def tree(root: int) -> Iterator[int]:
    yield root
    for children in Path(f"/proc/{root}/task").glob("*/children"):
        for child in _read(children).split():
            yield from tree(int(child))


def stat(pid: int) -> list[str]:
    """The fields after the name, which may hold spaces: the first is the state. A process that has ended has none."""
    return _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()


def _peak_kib(pid: int) -> int:
    lines = _read(Path(f"/proc/{pid}/status")).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
