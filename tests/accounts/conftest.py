from collections.abc import Callable

import pytest

from notices.models import Notice
from notices.services.wording import word
from tests.peers.identity import provider  # noqa: F401  a fixture

Letters = Callable[[], list[Notice]]


@pytest.fixture
def letters(db: None) -> Letters:
    """What waits in the outbox, oldest first. Each is worded: a letter with a hole in it fails the test."""

    def waiting() -> list[Notice]:
        notices = list(Notice.objects.order_by("pk"))
        for notice in notices:
            word(notice)
        return notices

    return waiting
