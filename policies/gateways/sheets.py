"""Tables as files that a spreadsheet opens: CSV or XLSX. Whatever a cell says, it is no formula (security.md, 1.1)."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from core.languages import chosen
from core.money import DECIMAL_MARK
from policies.rules.register_values import guarded

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the system's old code page
SEPARATOR = ";"  # what Excel expects in Russian and Kazakh
PORTION = 64 * 1024  # bytes
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Cell = str | int | float | Decimal | date | None  # an instant on the wall it is to be read by, without its zone


@dataclass(frozen=True)
class Download:
    """What an answer of HTTP carries. `content` comes in portions."""

    content: Iterable[str | bytes]
    content_type: str
    disposition: str


def download(rows: Iterable[Sequence[Cell]], kind: str, *, name: str) -> Download:
    """`rows` begin with the heading and are asked for while the file is sent; `kind` is a key of TYPES."""
    content: Iterable[str | bytes] = as_csv(rows) if kind == "csv" else as_xlsx(rows)
    return Download(content, TYPES[kind], f'attachment; filename="{name}.{kind}"')


class Echo:
    """csv.writer hands each line to `write` and returns what that returns."""

    def write(self, line: str) -> str:
        return line


def as_csv(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Line by line."""
    write = csv.writer(Echo(), delimiter=SEPARATOR).writerow
    start = BYTE_ORDER_MARK
    for row in rows:
        yield start + write([_in_words(cell) for cell in row])
        start = ""


def _in_words(cell: Cell) -> str:
    """A number has the decimal mark of the reader's language: with another one Excel takes 3.5 for the third of May."""
    match cell:
        case None:
            return ""
        case str():
            return guarded(cell)
        case datetime():
            return f"{cell:%d.%m.%Y %H:%M:%S}"
        case date():
            return f"{cell:%d.%m.%Y}"
        case float() | Decimal():
            return str(cell).replace(".", DECIMAL_MARK[chosen()])
        case _:
            return str(cell)


def as_xlsx(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A workbook is closed before its first byte is known, so it waits on the disk and not in memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([_as_cell(sheet, cell) for cell in row])
    with TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while portion := file.read(PORTION):
            yield portion


def _as_cell(sheet: Any, cell: Cell) -> Any:
    """A text is written as one, so it is no formula; XML knows no control characters."""
    if not isinstance(cell, str):
        return cell
    written = WriteOnlyCell(sheet, value="".join(sign for sign in cell if sign.isprintable()))
    written.data_type = "s"
    return written
