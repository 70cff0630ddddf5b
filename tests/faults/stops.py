"""Commit points: where a process of the product stands still until it is killed or let go.

The product knows nothing of it. The processes of the house start through tests.faults.web and tests.faults.worker, which
call `install`; a test arms one stop at a time through a file, so that it works while PostgreSQL and Valkey are away.
"""

import json
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from django.db import transaction
from django.db.backends.signals import connection_created

FOLDER = "FAULT_STOPS"  # in the environment of the house's processes
WRITE = re.compile(r'\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
PATIENCE = 180.0  # seconds until a stop is reached, on a busy machine

Moment = Literal["before write", "after write", "after commit", "before response"]
MOMENTS: tuple[Moment, ...] = ("before write", "after write", "after commit", "before response")
here = threading.local()


@dataclass(frozen=True)
class Stop:
    """The first process that comes to `moment` of a write to `table`, at work on `place`, stands still.

    `place` is the beginning of a request's path or the name of a task.
    """

    place: str
    table: str
    moment: Moment


class Armed:
    """A stop as the test sees it."""

    def __init__(self, folder: Path, stop: Stop) -> None:
        self.waiting, self.reached = folder / "armed.json", folder / "reached.json"
        self.reached.unlink(missing_ok=True)
        aside = folder / "armed.new"
        aside.write_text(json.dumps(asdict(stop)))
        aside.rename(self.waiting)

    def wait(self) -> int:
        """The process that stands still."""
        ends = time.monotonic() + PATIENCE
        while not self.reached.exists() or not self.reached.read_text():
            assert time.monotonic() < ends, f"nobody came to {self.waiting.read_text()}"
            time.sleep(0.02)
        return int(self.reached.read_text())

    def let_go(self) -> None:
        self.waiting.unlink(missing_ok=True)
        self.reached.unlink(missing_ok=True)


def install() -> None:
    connection_created.connect(_watch, weak=False)


def _watch(connection: Any, **kwargs: Any) -> None:
    if _around not in connection.execute_wrappers:
        connection.execute_wrappers.append(_around)


def work_on(place: str) -> None:
    """This thread begins a request or a task."""
    here.place, here.tables = place, set()


def _around(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not hasattr(here, "place"):
        return execute(sql, params, many, context)
    written = set(WRITE.findall(str(sql)))
    for table in written:
        stand_still(table, "before write")
    answer = execute(sql, params, many, context)
    if not context["cursor"].rowcount:  # a claim that found nothing
        return answer
    here.tables |= written
    for table in written:
        stand_still(table, "after write")
        transaction.on_commit(lambda table=table: stand_still(table, "after commit"))  # type: ignore[misc]
    return answer


def before_response() -> None:
    for table in here.tables:
        stand_still(table, "before response")


def stand_still(table: str, moment: Moment) -> None:
    """If this is the armed point. Renaming the file chooses one among threads and processes."""
    folder = Path(os.environ[FOLDER])
    armed, reached = folder / "armed.json", folder / "reached.json"
    try:
        stop = Stop(**json.loads(armed.read_text()))
        if (stop.table, stop.moment) != (table, moment) or not here.place.startswith(stop.place):
            return
        armed.rename(folder / f"taken-{os.getpid()}")
    except FileNotFoundError:
        return
    reached.write_text(str(os.getpid()))
    while reached.exists():
        time.sleep(0.02)
