"""What an account sees by its rights. Each app that knows a right says in its `apps.py` by which queryset it is asked, so
that the wall and the pages follow one rule."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db.models import QuerySet

Question = Callable[[int, datetime], QuerySet[Any, Any]]  # of an account, at a moment: the numbers, as one column
Asked = tuple[str, Sequence[Any]]  # an expression and its values


@dataclass(frozen=True)
class Sight:
    question: Question
    of_staff: bool = False  # nobody else has it: it is not asked


SIGHTS: dict[str, Sight] = {}
GIVEN: set[str] = set()  # those that a service gives for a moment (core.rows.viewers.also); no account has them

SOMEBODY, SOMETIME = 2**62 - 1, datetime(1, 1, 2, tzinfo=UTC)  # stand where the account and the moment will stand


def names() -> list[str]:
    return ["account", *SIGHTS, *sorted(GIVEN)]


def asked_of(name: str, *, account: int, now: datetime) -> Asked:
    sql, values = _written(name)
    standing_in = {SOMEBODY: account, SOMETIME: now}
    return sql, [standing_in.get(value, value) if isinstance(value, int | datetime) else value for value in values]


@cache
def _written(name: str) -> Asked:
    """Once a process, with SOMEBODY and SOMETIME among its values: Django takes longer to write it than PostgreSQL to answer."""
    sql, values = SIGHTS[name].question(SOMEBODY, SOMETIME).order_by().query.sql_with_params()
    return f"ARRAY({sql})::text", values
