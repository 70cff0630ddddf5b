"""Tables as people send them, CSV or XLSX: which kind of file it is, and its rows as text.

What a file claims about itself (its name, its MIME type, its dimensions) is not believed. Unreadable says what is wrong.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import IO, NamedTuple

from policies.gateways import register_workbooks
from policies.rules.registers import HEADER_WITHIN, LONGEST_LINE, MIB, Unreadable

Line = tuple[int, Sequence[str]]  # its number in the file, counted from 1 as spreadsheets do; its cells
Named = Callable[[Sequence[str]], int]  # how many columns these cells name: the header names the most

CHUNK = MIB
ZIP_MARK, OLD_EXCEL_MARK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NOT_IN_A_TEXT = bytes(set(range(32)) - set(b"\t\n\v\f\r"))
# Kazakhstan's Windows code page. It differs from CP1251 only where Russian has no letters, so it reads both.
LEGACY = "kz1048"
SEPARATORS = ";,\t|"


class Bounds(NamedTuple):
    """How large a table may be; rows are those below its header."""

    csv_bytes: int
    csv_rows: int
    xlsx_bytes: int
    xlsx_rows: int


class Sheet(NamedTuple):
    lines: Iterator[Line]
    most_rows: int
    ignored_sheets: list[str]


def open_sheet(file: IO[bytes], *, named: Named, bounds: Bounds) -> Sheet:
    """Raise Unreadable, also later, while the lines are read."""
    file.seek(0)
    start = file.read(4)
    if not start:
        raise Unreadable("empty")
    if start == OLD_EXCEL_MARK:
        raise Unreadable("old_excel")
    if start == ZIP_MARK:
        refuse_many_bytes(file, bounds.xlsx_bytes)
        book = register_workbooks.open_workbook(file)
        return Sheet(book.lines, bounds.xlsx_rows, book.ignored_sheets)
    refuse_many_bytes(file, bounds.csv_bytes)
    refuse_many_rows(file, bounds.csv_rows, named)
    return Sheet(lines_of_text(file, named), bounds.csv_rows, [])


def refuse_many_bytes(file: IO[bytes], most: int) -> None:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > most:
        raise Unreadable("too_large", str(most // MIB))


def at_most(most: int, lines: Iterator[Line]) -> Iterator[Line]:
    """Empty ones count: a file of nothing else must end as well."""
    for number, line in enumerate(lines, start=1):
        if number > most:
            raise Unreadable("too_many_rows", f"{most}")
        yield line


def refuse_many_rows(file: IO[bytes], most: int, named: Named) -> None:
    """Before any of them is judged. A cell may hold line breaks, so where there are many the rows themselves are counted."""
    if line_breaks_in(file) <= most + HEADER_WITHIN:
        return
    encoding = encoding_of(file)
    rows = rows_of_text(file, encoding, separator_of(file, encoding, named))
    if next(islice(rows, most + HEADER_WITHIN, None), None) is not None:
        raise Unreadable("too_many_rows", f"{most}")


def line_breaks_in(file: IO[bytes]) -> int:
    file.seek(0)
    feeds = returns = 0
    while chunk := file.read(CHUNK):
        feeds += chunk.count(b"\n")
        returns += chunk.count(b"\r")
    return max(feeds, returns)


def lines_of_text(file: IO[bytes], named: Named) -> Iterator[Line]:
    encoding = encoding_of(file)
    yield from enumerate(rows_of_text(file, encoding, separator_of(file, encoding, named)), start=1)


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


def separator_of(file: IO[bytes], encoding: str, named: Named) -> str:
    """The one with which the first rows name the most columns."""
    return max(SEPARATORS, key=lambda separator: most_named(rows_of_text(file, encoding, separator), named))


def most_named(rows: Iterable[list[str]], named: Named) -> int:
    try:
        return max(map(named, islice(rows, HEADER_WITHIN)), default=0)
    except Unreadable:  # with another separator it may be read
        return 0
