"""Registers as people send them: where their header is, and the lines below it."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, NamedTuple

from policies.gateways.sheet_files import Bounds, Line, at_most, open_sheet
from policies.rules.register_columns import Header, understand
from policies.rules.registers import (
    HEADER_WITHIN,
    MOST_COLUMNS,
    MOST_CSV_BYTES,
    MOST_CSV_ROWS,
    MOST_XLSX_BYTES,
    MOST_XLSX_ROWS,
    Unreadable,
)

FEWEST_KNOWN = 3  # columns by which a row is recognised as the header


class Table(NamedTuple):
    header: Header
    lines: Iterator[Line]  # below the header; too many of them raise Unreadable
    ignored_sheets: list[str]


def open_table(file: IO[bytes], *, is_cover_printed: bool = True) -> Table:
    """Raise Unreadable, also later, while the lines are read. `is_cover_printed`: rules.register_rows.RowReader."""
    bounds = Bounds(MOST_CSV_BYTES, MOST_CSV_ROWS, MOST_XLSX_BYTES, MOST_XLSX_ROWS)
    sheet = open_sheet(file, named=known_in, bounds=bounds)
    header = header_of(sheet.lines)
    if header.width > MOST_COLUMNS:
        raise Unreadable("too_many_columns", str(MOST_COLUMNS))
    if header.twice:
        raise Unreadable("twice", *header.twice)
    if missing := header.missing(is_cover_printed=is_cover_printed):
        raise Unreadable("missing_columns", *missing)
    return Table(header, at_most(sheet.most_rows, sheet.lines), sheet.ignored_sheets)


def known_in(cells: Sequence[str]) -> int:
    return len(understand(cells).places)


def header_of(lines: Iterator[Line]) -> Header:
    """The first row that names three columns; titles may stand above it. The lines go on below."""
    for _number, cells in islice(lines, HEADER_WITHIN):
        header = understand(cells)
        if len(header.places) >= FEWEST_KNOWN:
            return header
    raise Unreadable("no_header")
