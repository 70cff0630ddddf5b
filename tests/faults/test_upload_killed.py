"""kill -9 of the worker that looks through a sent file, when its copy lies on the disk and is told nobody yet."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils import timezone

from core.uploads.checking import check_next_upload
from core.uploads.rules import LEASE, Event, State
from core.uploads.services import forget_uploads, withdraw_upload
from tests.core.uploads.conftest import disk
from tests.core.uploads.sending import Disk, sent
from tests.faults.test_register_killed import held, stands_at
from tests.live.stream import database_url
from tests.people import aigul
from tests.waiting import wait_until

__all__ = ["disk"]  # the fixture: where the files lie
pytestmark = pytest.mark.django_db(transaction=True)
ROUND = "import django; django.setup(); from core.tasks import check_uploads; check_uploads()"


@contextmanager
def a_worker(disk: Disk) -> Iterator[None]:
    """Killed when the block ends."""
    places = {f"{name.upper()}_DIR": str(disk.folder / name) for name in ("originals", "derivatives")}
    variables = {**os.environ, **places, "DATABASE_URL": database_url()}
    process = subprocess.Popen([sys.executable, "-c", ROUND], env=variables)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def die_over_it(disk: Disk) -> None:
    with held("core_uploadstep"), a_worker(disk):
        wait_until(lambda: stands_at("core_uploadstep"), "the copy is made and the row is not")
    assert len(disk.derivatives) == 1


def test_another_worker_looks_again_and_leaves_one_copy(disk: Disk) -> None:
    upload = sent(aigul(), now=timezone.now())
    die_over_it(disk)
    upload.refresh_from_db()
    assert (upload.state, upload.tries) == (State.QUARANTINED, 1)
    assert not check_next_upload(now=timezone.now())
    assert check_next_upload(now=timezone.now() + LEASE)
    upload.refresh_from_db()
    assert (upload.state, upload.steps.filter(event=Event.PASS).count()) == (State.CLEAN, 1)
    assert [str(path) for path in disk.derivatives] == [upload.derivative.path]


def test_what_is_taken_back_takes_the_dead_ones_copy_along(disk: Disk) -> None:
    upload = sent(aigul(), now=timezone.now())
    die_over_it(disk)
    withdraw_upload(upload=upload, by=None, now=timezone.now())
    forget_uploads(now=timezone.now())
    assert disk.originals == disk.derivatives == []
