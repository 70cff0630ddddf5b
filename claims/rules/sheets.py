"""Small tables that banks send: where their header stands, and what is wrong with a row, in words."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, TypeVar

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.names import search_key
from policies.rules.register_columns import heading_key
from policies.rules.registers import HEADER_WITHIN

Line = tuple[int, Sequence[str]]  # its number in the file, its cells (policies.gateways.sheet_files)
H = TypeVar("H", bound=TextChoices)
TOTAL = re.compile(r"(?:итого|всего|барлыгы|жиыны|жалпы|total)\b")  # as search_key folds them


class HeaderUnclear(Exception):
    """`code` is "no_header" or "twice"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def known_as(called: Mapping[H, Iterable[str]]) -> dict[str, H]:
    """What a cell says without case, spaces and punctuation → what it means."""
    return {heading_key(name): meaning for meaning, names in called.items() for name in names}


def find_header(lines: Iterator[Line], heading_in: Callable[[str], H | None], *, needed: Collection[H]) -> dict[H, int]:
    """Where each heading stands. Titles may stand above; the lines go on below. Raise HeaderUnclear."""
    for _number, cells in islice(lines, HEADER_WITHIN):
        named = [(heading, place) for place, cell in enumerate(cells) if (heading := heading_in(cell))]
        places = dict(named)
        if all(heading in places for heading in needed):
            if len(named) > len(places):
                raise HeaderUnclear("twice")
            return places
    raise HeaderUnclear("no_header")


def is_total(cell: str) -> bool:
    return bool(TOTAL.match(search_key(cell)))


@dataclass(frozen=True)
class SheetProblem:
    code: str
    line: int | None = None  # None: it is about the whole
    heading: TextChoices | None = None
    facts: str = ""

    wording: ClassVar[Mapping[str, Promise]] = {}

    @property
    def words(self) -> str:
        """In the reader's language: «Row 12, principal: not a sum of money. …»"""
        said = str(self.wording[self.code]) % {"facts": self.facts}
        if self.line is None or self.heading is None:
            return said
        return _("Row %(number)d, %(column)s: %(problem)s") % {
            "number": self.line, "column": self.heading.label, "problem": said
        }  # fmt: skip
