"""What a request costs in statements. The suite's own transaction adds savepoints, which do not count."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def statements() -> Iterator[list[str]]:
    """The list is filled when the block ends."""
    made: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield made
    made += [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]
