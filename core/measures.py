"""Figures of a room: what is counted has measures, and a measure is one line of a table and one column of a file."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import ceil
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.figures import lasted, percent

NOBODY = "–"


# ── What is read from counts ─────────────────────────────────────────────────
def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def quantile(counted: Counter[int], part: float) -> int | None:
    """The least value that at least `part` of all do not exceed: somebody really had it. None: there is nobody."""
    wanted, passed = ceil(round(counted.total() * part, 6)), 0
    for value in sorted(counted):
        passed += counted[value]
        if passed >= max(wanted, 1):
            return value
    return None


# ── Measures ─────────────────────────────────────────────────────────────────
class Unit(StrEnum):
    COUNT = "count"
    SHARE = "share"
    SPAN = "span"
    STARS = "stars"


Value = int | float | timedelta | None


@dataclass(frozen=True)
class Measure:
    """One line of the tables of figures, and one column of their file."""

    label: Any  # translated when it is shown
    of: Callable[[Any], Value]  # of one room's figures
    unit: Unit = Unit.COUNT

    def in_words(self, figures: Any) -> str:
        value = self.of(figures)
        if value is None:
            return NOBODY
        if isinstance(value, timedelta):
            return lasted(value)
        if self.unit == Unit.SHARE:
            return percent(value)
        return str(number_format(value, decimal_pos=1 if isinstance(value, float) else None))

    @property
    def heading(self) -> str:
        """Of its column in a file, with the unit of `in_cell`."""
        units = {Unit.SHARE: ", %", Unit.SPAN: _(", seconds")}
        return f"{self.label}{units.get(self.unit, '')}"

    def in_cell(self, figures: Any) -> int | float | None:
        value = self.of(figures)
        if isinstance(value, timedelta):
            return int(value.total_seconds())
        if isinstance(value, float):
            return round(value * 100 if self.unit == Unit.SHARE else value, 1)
        return value


@dataclass(frozen=True)
class Table:
    title: str
    heads: list[str]
    rows: list[tuple[str, list[str]]]  # the measure, and its value in each column
