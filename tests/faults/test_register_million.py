"""A million rows in a worker of its own: what it holds in memory, and what the unchanged repeat leaves alone."""

import csv
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from accounts.models import User
from policies.management.commands.invent_register import HEADER, invented_rows
from policies.models import Policy
from policies.rules.registers import State
from policies.services.registers import confirm_register, receive_register
from tests.bench.measure import peak_memory
from tests.factories import TODAY, an_insurer
from tests.faults.test_register_killed import a_worker
from tests.people import a_person
from tests.policies.registers import FACTS, digest, outcomes

ROWS = 1_000_000
MOST_MIB = 150


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "million.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(chain([HEADER], invented_rows(ROWS, seed=7, today=TODAY)))
    return path


@dataclass(frozen=True)
class Round:
    outcomes: dict[str, int]
    seconds: float
    mib: float  # the most that a worker held at once


def taken_over(path: Path, keeper: User, originals: Path) -> Round:
    """From the file to the report."""
    with path.open("rb") as file:
        product = an_insurer().products.get()
        register = receive_register(product=product, file=file, file_name=path.name, by=keeper, now=timezone.now())
    check_seconds, check_mib = worked(originals)
    register.refresh_from_db()
    confirm_register(register=register, by=keeper, now=timezone.now())
    apply_seconds, apply_mib = worked(originals)
    register.refresh_from_db()
    assert register.state == State.APPLIED
    return Round(outcomes(register), check_seconds + apply_seconds, max(check_mib, apply_mib))


def worked(originals: Path) -> tuple[float, float]:
    """One round of a worker: its seconds, and its peak in MiB."""
    began, mib = time.monotonic(), 0.0
    with a_worker(originals) as worker:
        while worker.poll() is None:
            mib = max(mib, peak_memory(worker.pid))  # the process itself knows the peak; it only must be asked in time
            time.sleep(0.1)
    assert worker.returncode == 0
    return time.monotonic() - began, mib


def writers() -> list[list[str]]:
    """The transactions that wrote the rows of each table as they are now."""
    with connection.cursor() as cursor:
        return [writers_of(cursor, f"policies_{table}") for table in FACTS]


def writers_of(cursor: CursorWrapper, table: str) -> list[str]:
    cursor.execute(f"SELECT DISTINCT xmin::text FROM {table} ORDER BY 1")  # noqa: S608  our own tables
    return [writer for (writer,) in cursor.fetchall()]


@pytest.mark.long
@pytest.mark.timeout(3600)  # seconds: checked, applied, and both once more
@pytest.mark.django_db(transaction=True)
def test_a_million_rows_take_150_mib_and_their_repeat_writes_none_of_them_again(
    path: Path, originals: Path, record_property: Callable[[str, object], None]
) -> None:
    keeper = a_person("keeper@example.kz", is_staff=True)
    first = taken_over(path, keeper, originals)
    assert first.outcomes == {"new": ROWS}
    assert Policy.objects.count() == ROWS
    before = digest(), writers()
    repeat = taken_over(path, keeper, originals)
    assert repeat.outcomes == {"unchanged": ROWS}
    assert (digest(), writers()) == before
    record_property("rows a second", [round(ROWS / one.seconds) for one in (first, repeat)])
    record_property("MiB", [round(one.mib) for one in (first, repeat)])
    assert max(first.mib, repeat.mib) < MOST_MIB
