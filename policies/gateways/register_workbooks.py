"""XLSX workbooks: what they would unpack to is known before any of it is parsed (security.md, 2.11).

A workbook is a ZIP archive of XML files that refer to each other (ECMA-376): the workbook names its sheets, a sheet's
cells point into a table of strings, and a number is a date where the cell's style writes it as one.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, NamedTuple

from policies.gateways.register_sheets import Cell, elements_of, rows_of, strings_of
from policies.rules.register_values import day_of_serial
from policies.rules.registers import MIB, MOST_XLSX_BYTES, MOST_XLSX_RATIO, MOST_XLSX_UNPACKED, Unreadable

NO_RATIO_BELOW = MIB  # unpacked: small workbooks are mostly repetition and harm nobody
# ECMA-376, 18.8.30: what these numbers stand for is written nowhere in the file. From 27 on they differ by country.
DATE_FORMATS = {"14", "15", "16", "17", "22", *map(str, range(27, 32)), "36", *map(str, range(50, 55)), "57", "58"}
NO_LETTERS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')  # of a format: texts, colours, conditions, gaps
DATE_LETTERS = re.compile("[dy]", re.IGNORECASE)  # hours and minutes alone are no day
COMPRESSIONS = {
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
}  # others unfold without a measure, and no spreadsheet uses them


class Workbook(NamedTuple):
    lines: Iterator[tuple[int, Sequence[str]]]
    ignored_sheets: list[str]


class Sheet(NamedTuple):
    title: str
    path: str


def open_workbook(file: IO[bytes]) -> Workbook:
    """The first visible sheet. Raise Unreadable, also later, while the lines are read."""
    with what_is_wrong_said():
        archive = zipfile.ZipFile(file)
        refuse_dangers(archive)
        parts = parts_of(archive, "_rels/.rels")
        [workbook] = parts["officeDocument"].values()
        sheets = visible_sheets(archive, workbook)
    if not sheets:
        raise Unreadable("empty")
    return Workbook(lines_of_sheet(archive, workbook, sheets[0]), [sheet.title[:200] for sheet in sheets[1:]])


@contextmanager
def what_is_wrong_said() -> Iterator[None]:
    """Whatever a parser stumbles over in a file made to hurt: it is no workbook."""
    try:
        yield
    except (Unreadable, MemoryError):
        raise
    except Exception as error:
        raise Unreadable("broken") from error


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
    if any(member.compress_type not in COMPRESSIONS for member in members):
        raise Unreadable("broken")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unreadable("macros")
    if any("externallinks/" in name for name in names):
        raise Unreadable("links")
    if not any(name.startswith("xl/") for name in names):
        raise Unreadable("kind")


def parts_of(archive: zipfile.ZipFile, relations: str) -> dict[str, dict[str, str]]:
    """What a member refers to: {kind: {id: path}}. The last word of a kind's address names it."""
    folder = posixpath.dirname(posixpath.dirname(relations))
    parts: dict[str, dict[str, str]] = {}
    for _name, relation in elements_of(archive, relations):
        if "Target" in relation and relation.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/", folder, relation["Target"])).lstrip("/")
            parts.setdefault(relation["Type"].rpartition("/")[2], {})[relation["Id"]] = path
    return parts


def parts_of_workbook(archive: zipfile.ZipFile, workbook: str) -> dict[str, dict[str, str]]:
    folder, name = posixpath.split(workbook)
    return parts_of(archive, f"{folder}/_rels/{name}.rels")


def visible_sheets(archive: zipfile.ZipFile, workbook: str) -> list[Sheet]:
    worksheets = parts_of_workbook(archive, workbook).get("worksheet", {})
    sheets = []
    for name, attributes in elements_of(archive, workbook):
        if name.endswith("/workbookPr") and attributes.get("date1904") in ("1", "true"):
            raise Unreadable("days_of_1904")
        if name == "sheets/sheet" and attributes.get("state", "visible") == "visible":
            [relation] = [value for key, value in attributes.items() if key.endswith(":id")]
            if relation in worksheets:  # and not a sheet with nothing but a chart
                sheets.append(Sheet(attributes["name"], worksheets[relation]))
    return sheets


def lines_of_sheet(archive: zipfile.ZipFile, workbook: str, sheet: Sheet) -> Iterator[tuple[int, Sequence[str]]]:
    with what_is_wrong_said():
        parts = parts_of_workbook(archive, workbook)
        strings = [string for path in parts.get("sharedStrings", {}).values() for string in strings_of(archive, path)]
        dates = {style for path in parts.get("styles", {}).values() for style in date_styles(archive, path)}
        for row in rows_of(archive, sheet.path):
            width = max(row.cells, default=-1) + 1
            yield row.number, [text_of(row.cells.get(column), strings, dates) for column in range(width)]


def date_styles(archive: zipfile.ZipFile, path: str) -> Iterator[str]:
    """The numbers by which cells refer to styles that write a number as a date."""
    elements = elements_of(archive, path)
    own = {
        attributes["numFmtId"]
        for name, attributes in elements
        if name == "numFmts/numFmt" and DATE_LETTERS.search(NO_LETTERS.sub("", attributes["formatCode"]))
    }
    styles = [attributes.get("numFmtId") for name, attributes in elements if name == "cellXfs/xf"]
    return (f"{number}" for number, style in enumerate(styles) if style in DATE_FORMATS | own)


def text_of(cell: Cell | None, strings: Sequence[str], dates: set[str]) -> str:
    """As a person would have typed it: 900101300017 for the number 9.00101300017E11, 1961-03-14 for a date."""
    if cell is None:
        return ""
    if cell.formula is not None:
        return f"={cell.formula}"
    match cell.kind:
        case "s":
            return strings[int(cell.text)] if cell.text else ""
        case "n" if cell.text:
            return date_of(cell.text) if cell.style in dates else number_of(cell.text)
        case "b":
            return str(cell.text == "1")
        case "d":
            return cell.text.partition("T")[0]
        case _:
            return cell.text


def number_of(text: str) -> str:
    if text.isdigit():
        return text
    number = float(text)
    return str(int(number)) if number.is_integer() else str(number)


def date_of(text: str) -> str:
    """A number outside the calendar stays one, and the column's rule says what is wrong with it."""
    try:
        return day_of_serial(int(float(text))).isoformat()
    except (OverflowError, ValueError):
        return text
