"""The rows that a register was refused, as a file that its sender mends and uploads again."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core.dates import short_date
from policies.gateways.sheets import Cell, as_csv
from policies.models import RegisterRow
from policies.rules.register_columns import Column


def refused_rows(rows: Iterable[RegisterRow]) -> Iterator[str]:
    """Lines of a CSV in the reader's language: where it stood, what is wrong, then the row as it was given."""
    return as_csv(_with_heading(rows))


def _with_heading(rows: Iterable[RegisterRow]) -> Iterator[list[Cell]]:
    yield [_("Line"), _("What is wrong"), *(str(label) for label in Column.labels)]
    for row in rows:
        yield [row.line, " ".join(problem.words for problem in row.problems), *cells_of(row)]


def cells_of(row: RegisterRow) -> list[str]:
    """As given; what only the comparison with other rows or with the file refused stands as it was understood."""
    return row.given or [_written(getattr(row, column.value)) for column in Column]


def _written(value: str | date | Decimal | None) -> str:
    if isinstance(value, date):
        return short_date(value)
    return "" if value is None else str(value)
