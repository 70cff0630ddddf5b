"""XLSX workbooks: what they would unpack to is known before any of it is parsed (security.md, 2.11).

Measured there: 219 kB of XLSX are 73 MB of XML, and 453,000 rows keep the parser busy for more than 20 seconds.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import IO, Any, NamedTuple

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from policies.rules.registers import (
    MIB,
    MOST_COLUMNS,
    MOST_XLSX_BYTES,
    MOST_XLSX_RATIO,
    MOST_XLSX_ROWS,
    MOST_XLSX_UNPACKED,
    Unreadable,
)

CHUNK = MIB
LAST_ROW = 1_048_576  # of any spreadsheet; a row that claims a greater number is not from one
ROW_MARK = re.compile(rb"<(?:\w+:)?row[ />]")
LONGEST_MARK = 32
NO_RATIO_BELOW = MIB  # unpacked: small workbooks are mostly repetition and harm nobody


class Workbook(NamedTuple):
    lines: Iterator[tuple[int, Sequence[str]]]
    ignored_sheets: list[str]


def open_workbook(file: IO[bytes]) -> Workbook:
    """The first visible sheet. Raise Unreadable, also later, while the lines are read."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            refuse_dangers(archive)
        file.seek(0)
        book = load_workbook(file, read_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Unreadable:
        raise
    except Exception as error:  # whatever openpyxl stumbles over in a file made to hurt: it is no workbook
        raise Unreadable("broken") from error
    if not sheets:
        raise Unreadable("empty")
    return Workbook(lines_of_sheet(sheets[0]), [sheet.title[:200] for sheet in sheets[1:]])


def refuse_dangers(archive: zipfile.ZipFile) -> None:
    """A member never unpacks to more than its declared size: zipfile stops there."""
    members = archive.infolist()
    names = [member.filename.lower() for member in members]
    packed, unpacked = (sum(getattr(m, size) for m in members) for size in ("compress_size", "file_size"))
    if packed > MOST_XLSX_BYTES:
        raise Unreadable("too_large", str(MOST_XLSX_BYTES // MIB))
    if unpacked > MOST_XLSX_UNPACKED or unpacked > max(packed * MOST_XLSX_RATIO, NO_RATIO_BELOW):
        raise Unreadable("bomb")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("old_excel")  # encrypted
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unreadable("macros")
    if any("externallinks/" in name for name in names):
        raise Unreadable("links")
    if not any(name.startswith("xl/") for name in names):
        raise Unreadable("kind")
    for member in members:
        if "worksheets/" in member.filename:
            refuse_many_rows(archive, member)


def refuse_many_rows(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Counted in the bytes, a hundred times faster than by the parser. The reader counts exactly."""
    count, tail = 0, b""
    with archive.open(member) as xml:
        while chunk := xml.read(CHUNK):
            marks = list(ROW_MARK.finditer(tail + chunk))
            count += len(marks)
            if count > MOST_XLSX_ROWS + LONGEST_MARK:
                raise Unreadable("too_many_rows", f"{MOST_XLSX_ROWS}")
            tail = (tail + chunk)[max(marks[-1].end() if marks else 0, len(tail + chunk) - LONGEST_MARK) :]


def lines_of_sheet(sheet: ReadOnlyWorksheet) -> Iterator[tuple[int, Sequence[str]]]:
    rows = sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS + 1, values_only=True)
    try:
        for number, cells in enumerate(rows, start=1):
            texts = [text_of(cell) for cell in cells]
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                yield number, texts
    except Exception as error:  # as above
        raise Unreadable("broken") from error


def text_of(cell: Any) -> str:
    """As a person would have typed it: 900101300017 for the number 900101300017.0, 1961-03-14 for a date."""
    match cell:
        case None:
            return ""
        case str():
            return cell
        case datetime():
            return cell.date().isoformat()
        case float():
            return str(int(cell)) if cell.is_integer() else str(cell)
        case int() | date() | time() | timedelta():
            return str(cell)
        case _:
            return "="  # an array formula
