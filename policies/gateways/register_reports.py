"""The rows that a register was refused, as a file that its sender mends and uploads again."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _

from core.dates import short_date
from policies.models import RegisterRow
from policies.rules.register_columns import Column
from policies.rules.register_values import guarded

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the system's old code page
SEPARATOR = ";"  # what Excel expects in Russian and Kazakh


class Echo:
    """csv.writer hands each line to `write` and returns what that returns."""

    def write(self, line: str) -> str:
        return line


def refused_rows(rows: Iterable[RegisterRow]) -> Iterator[str]:
    """Lines of a CSV in the reader's language: where it stood, what is wrong, then the row as it was given."""
    write = csv.writer(Echo(), delimiter=SEPARATOR).writerow
    yield BYTE_ORDER_MARK + write([_("Line"), _("What is wrong"), *(str(label) for label in Column.labels)])
    for row in rows:
        words = " ".join(problem.words for problem in row.problems)
        yield write([row.line, guarded(words), *map(guarded, cells_of(row))])


def cells_of(row: RegisterRow) -> list[str]:
    """As given; what only the comparison with other rows or with the file refused stands as it was understood."""
    return row.given or [_written(getattr(row, column.value)) for column in Column]


def _written(value: str | date | None) -> str:
    if isinstance(value, date):
        return short_date(value)
    return value or ""
