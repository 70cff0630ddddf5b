from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import transaction

from tests.originals import DERIVATIVES, lie, lie_in
from tests.security.matrix.world import World, a_world

NOON = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)  # 12:00 in Almaty, on tests.factories.TODAY


@pytest.fixture(scope="package")
def built(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Once for this folder, and rolled back after it. The clock stands at noon meanwhile.

    No test here may be transactional: it would wait for this transaction to end.
    """
    with (
        time_machine.travel(NOON, tick=False),
        pytest.MonkeyPatch.context() as patched,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        patched.setattr(settings, "NATIONAL_ID_ISSUER", "http://127.0.0.1:1")  # switched on, and away
        lie_in(tmp_path_factory.mktemp("originals"), patched)
        lie("derivatives", tmp_path_factory.mktemp("derivatives"), DERIVATIVES, patched)
        yield a_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(built: World) -> Iterator[World]:
    """What a test writes is put back."""
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)
