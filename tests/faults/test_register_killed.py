"""kill -9 of the process that checks or applies a register: nothing half-done, and the next round ends as a clean run does.

Where it dies is sure, not guessed: the test holds a table that the work needs at that point, so the process stands there.
The file's own quarters are told by how far the process has read it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from policies.models import Register, RegisterRow
from policies.rules.registers import State
from policies.services.register_work import work_on_next
from policies.services.registers import confirm_register
from tests.factories import an_insurer, another_insurer
from tests.faults.tables import held, stands_at
from tests.live.stream import database_url
from tests.policies.registers import applied, checked, invented, outcomes, received, written
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

# What an apply writes, in its order: about a quarter, a half, three quarters of its way.
APPLY = ("policies_person", "policies_policy", "policies_policyevent")


MANY = 60_000  # rows


def and_more(quick: Any, *more: Any) -> list[Any]:
    """Killed in the middle with a few rows in each run of the suite, everywhere with many in the long one."""
    return [(2_000, quick), *(pytest.param(MANY, point, marks=pytest.mark.long) for point in more)]


@contextmanager
def a_worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    variables = {**os.environ, "DATABASE_URL": database_url(), "ORIGINALS_DIR": str(folder)}
    process = subprocess.Popen([sys.executable, "-m", "tests.faults.register_worker"], env=variables)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def is_copying() -> bool:
    """Before that the file is looked through for its encoding and its separator."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND starts_with(query, 'COPY incoming')"
        )
        return cursor.fetchone() is not None


def share_read(process: subprocess.Popen[bytes], register: Register) -> float:
    """Of the register's file, in the reading under way."""
    for number in Path(f"/proc/{process.pid}/fd").iterdir():
        with suppress(OSError):
            if os.readlink(number) == register.file.path:
                position = (Path(f"/proc/{process.pid}/fdinfo") / number.name).read_text().split()[1]
                return int(position) / register.file.size
    return 0.0


def heals(register: Register, ends: State) -> None:
    """The dead one's session ends by itself, and any next round takes the register."""

    def is_done() -> bool:
        work_on_next(now=timezone.now())
        register.refresh_from_db()
        return register.state == ends

    wait_until(is_done, f"the register is {ends}")


@pytest.mark.long  # a small file is read before anybody sees it half read
@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_a_check_killed_on_its_way_through_the_file(share: float, originals: Path) -> None:
    register = received(invented(MANY))
    with held("policies_registerrow"):  # it ends with these; until then nothing but the kill can end it
        with a_worker(originals) as worker:
            wait_until(lambda: is_copying() and share_read(worker, register) >= share, f"{share:.0%} of it are read")
        register.refresh_from_db()
        assert register.state == State.CHECKING
    assert not RegisterRow.objects.exists()
    heals(register, State.CHECKED)
    assert outcomes(register) == {"new": MANY}


@pytest.mark.parametrize(("rows", "table"), and_more("policies_policy", *APPLY))
def test_an_apply_killed_on_its_way_through_the_tables(rows: int, table: str, originals: Path) -> None:
    data = invented(rows)
    clean = applied(data, product=another_insurer().products.get())
    register = checked(data, product=an_insurer().products.get())
    confirm_register(register=register, by=register.uploaded_by, now=timezone.now())
    with held(table), a_worker(originals):
        wait_until(lambda: stands_at(table), f"the apply has come to {table}")
    register.refresh_from_db()
    assert register.state == State.APPLYING
    assert written(register.insurer) == []
    heals(register, State.APPLIED)
    assert written(register.insurer) == written(clean.insurer)
    assert outcomes(register) == outcomes(clean)
