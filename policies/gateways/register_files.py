"""Files as people send them: which kind they are, and their rows as text.

What a file claims about itself (its name, its MIME type, its dimensions) is not believed. Unreadable says what is wrong.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import IO, NamedTuple

from policies.gateways import register_workbooks
from policies.rules.register_columns import Header, understand
from policies.rules.registers import (
    HEADER_WITHIN,
    LONGEST_LINE,
    MIB,
    MOST_COLUMNS,
    MOST_CSV_BYTES,
    MOST_CSV_ROWS,
    MOST_XLSX_BYTES,
    MOST_XLSX_ROWS,
    Unreadable,
)

Line = tuple[int, Sequence[str]]  # its number in the file, counted from 1 as spreadsheets do; its cells

CHUNK = MIB
ZIP_MARK, OLD_EXCEL_MARK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NOT_IN_A_TEXT = bytes(set(range(32)) - set(b"\t\n\v\f\r"))
# Kazakhstan's Windows code page. It differs from CP1251 only where Russian has no letters, so it reads both.
LEGACY = "kz1048"
SEPARATORS = ";,\t|"
FEWEST_KNOWN = 3  # columns by which a row is recognised as the header


class Table(NamedTuple):
    header: Header
    lines: Iterator[Line]  # below the header; more than `most` of them raise Unreadable
    ignored_sheets: list[str]


def open_table(file: IO[bytes], *, is_cover_printed: bool = True) -> Table:
    """Raise Unreadable, also later, while the lines are read. `is_cover_printed`: rules.register_rows.RowReader."""
    file.seek(0)
    start = file.read(4)
    if not start:
        raise Unreadable("empty")
    if start == OLD_EXCEL_MARK:
        raise Unreadable("old_excel")
    if start == ZIP_MARK:
        if size_of(file) > MOST_XLSX_BYTES:
            raise Unreadable("too_large", str(MOST_XLSX_BYTES // MIB))
        book = register_workbooks.open_workbook(file)
        return table_of(book.lines, is_cover_printed, most=MOST_XLSX_ROWS, ignored_sheets=book.ignored_sheets)
    if size_of(file) > MOST_CSV_BYTES:
        raise Unreadable("too_large", str(MOST_CSV_BYTES // MIB))
    refuse_many_rows(file)
    return table_of(lines_of_text(file), is_cover_printed, most=MOST_CSV_ROWS, ignored_sheets=[])


def table_of(lines: Iterator[Line], is_cover_printed: bool, *, most: int, ignored_sheets: list[str]) -> Table:
    header = header_of(lines)
    if header.width > MOST_COLUMNS:
        raise Unreadable("too_many_columns", str(MOST_COLUMNS))
    if header.twice:
        raise Unreadable("twice", *header.twice)
    if missing := header.missing(is_cover_printed=is_cover_printed):
        raise Unreadable("missing_columns", *missing)
    return Table(header, at_most(most, lines), ignored_sheets)


def header_of(lines: Iterator[Line]) -> Header:
    """The first row that names three columns; titles may stand above it. The lines go on below."""
    for _number, cells in islice(lines, HEADER_WITHIN):
        header = understand(cells)
        if len(header.places) >= FEWEST_KNOWN:
            return header
    raise Unreadable("no_header")


def at_most(most: int, lines: Iterator[Line]) -> Iterator[Line]:
    """Empty ones count: a file of nothing else must end as well."""
    for number, line in enumerate(lines, start=1):
        if number > most:
            raise Unreadable("too_many_rows", f"{most}")
        yield line


def refuse_many_rows(file: IO[bytes]) -> None:
    """Before any of them is judged. A cell may hold line breaks, so where there are many the rows themselves are counted."""
    most = MOST_CSV_ROWS + HEADER_WITHIN
    if line_breaks_in(file) <= most:
        return
    encoding = encoding_of(file)
    rows = rows_of_text(file, encoding, separator_of(file, encoding))
    if next(islice(rows, most, None), None) is not None:
        raise Unreadable("too_many_rows", f"{MOST_CSV_ROWS}")


def line_breaks_in(file: IO[bytes]) -> int:
    file.seek(0)
    feeds = returns = 0
    while chunk := file.read(CHUNK):
        feeds += chunk.count(b"\n")
        returns += chunk.count(b"\r")
    return max(feeds, returns)


def lines_of_text(file: IO[bytes]) -> Iterator[Line]:
    encoding = encoding_of(file)
    yield from enumerate(rows_of_text(file, encoding, separator_of(file, encoding)), start=1)


def rows_of_text(file: IO[bytes], encoding: str, separator: str) -> Iterator[list[str]]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    rows = csv.reader(bounded_lines(text), delimiter=separator)
    try:
        yield from rows
    except csv.Error:  # a quotation mark that is never closed swallows the rest of the file
        raise Unreadable("quotes", f"{rows.line_num}") from None
    finally:
        if not file.closed:
            text.detach()  # the file is the caller's to close


def bounded_lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Without line breaks 400 MB would be one line, and that several times in memory."""
    for number, line in enumerate(iter(partial(text.readline, LONGEST_LINE + 1), ""), start=1):
        if len(line) > LONGEST_LINE:
            raise Unreadable("long_line", f"{number}")
        yield line


def encoding_of(file: IO[bytes]) -> str:
    """Decided by the whole file: the first letter that is not ASCII may stand in its last row."""
    file.seek(0)
    if file.read(2) in UTF_16_MARKS:
        return "utf-16"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    encoding = "utf-8-sig"
    while chunk := file.read(CHUNK):
        if len(chunk.translate(None, NOT_IN_A_TEXT)) != len(chunk):
            raise Unreadable("kind")
        if encoding != LEGACY and not decodes(decoder, chunk):
            encoding = LEGACY
    return encoding if encoding == LEGACY or decodes(decoder, b"", final=True) else LEGACY


def decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def separator_of(file: IO[bytes], encoding: str) -> str:
    """The one with which the first rows name the most columns."""
    return max(SEPARATORS, key=lambda separator: most_known(rows_of_text(file, encoding, separator)))


def most_known(rows: Iterable[list[str]]) -> int:
    try:
        return max((len(understand(cells).places) for cells in islice(rows, HEADER_WITHIN)), default=0)
    except Unreadable:  # with another separator it may be read
        return 0


def size_of(file: IO[bytes]) -> int:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size
