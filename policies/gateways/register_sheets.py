"""The XML inside a workbook as a stream: what expat meets is told at once and forgotten, so no file makes it large.

A library that builds a tree (openpyxl) took 5 to 10 µs a cell, and a gigabyte for 30 MB that were laid out to hurt.
Here 200 MB take no more memory than their longest row and their table of strings.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from xml.parsers import expat
from zipfile import ZipFile

from policies.rules.registers import MIB, MOST_COLUMNS, Unreadable

CHUNK = MIB
LONGEST_TOKEN = 4 * MIB  # a tag or a comment: until it ends, expat keeps it and reads it again with every chunk
MOST_TAGS = 20_000_000  # 200,000 rows of 24 filled cells
MOST_STRINGS = 4_000_000  # 200,000 rows of 20 different texts
MOST_ELEMENTS = 500_000  # styles of a workbook that has been copied together for years
DEEPEST = 100  # elements inside each other; expat remembers a hundred bytes of each
LONGEST_TEXT = 40_000  # characters; a cell of a spreadsheet ends at 32,767
LAST_ROW = 1_048_576  # of any spreadsheet; a row that claims a greater number is not from one
DIGITS = "0123456789"


class Cell(NamedTuple):
    kind: str  # the attribute `t`
    style: str
    text: str
    formula: str | None


class Row(NamedTuple):
    number: int
    cells: dict[int, Cell]  # by column, from 0


def rows_of(archive: ZipFile, name: str) -> Iterator[Row]:
    sheet = Sheet()
    for _chunk in fed(archive, name, sheet):
        yield from sheet.rows
        sheet.rows.clear()


def strings_of(archive: ZipFile, name: str) -> list[str]:
    table = Strings()
    for _chunk in fed(archive, name, table):
        if len(table.strings) > MOST_STRINGS:
            raise Unreadable("bomb")
    return table.strings


def elements_of(archive: ZipFile, name: str) -> list[tuple[str, dict[str, str]]]:
    """Each element's name, with that of the one around it, and its attributes: («cellXfs/xf», {…})."""
    elements = Elements()
    for _chunk in fed(archive, name, elements):
        if len(elements.found) > MOST_ELEMENTS:
            raise Unreadable("bomb")
    return elements.found


class Reader(Protocol):
    """What expat calls. `name` is as written, with a prefix or without."""

    depth: int  # how many elements are open

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


def fed(archive: ZipFile, name: str, reader: Reader) -> Iterator[None]:
    """After each chunk the reader has what stood in it."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = refuse_doctype
    read = tags = 0
    with archive.open(name) as xml:
        while chunk := xml.read(CHUNK):
            read += len(chunk)
            tags += chunk.count(b"<")
            if tags > MOST_TAGS:
                raise Unreadable("bomb")
            parser.Parse(chunk, False)
            if reader.depth > DEEPEST or read - parser.CurrentByteIndex > LONGEST_TOKEN:
                raise Unreadable("bomb")
            yield
    parser.Parse(b"", True)
    yield


def refuse_doctype(*_declaration: Any) -> None:
    """Entities are declared there, and a few of them unfold to gigabytes. No spreadsheet writes one."""
    raise Unreadable("broken")


@lru_cache(maxsize=1_000)
def local(name: str) -> str:
    return name.rpartition(":")[2]


class Text:
    """Collects what stands between two tags, up to the longest that any cell may hold."""

    def __init__(self) -> None:
        self.depth = 0
        self.parts: list[str] = []
        self.room = 0  # nothing is collected where there is none

    def listen(self) -> None:
        self.parts, self.room = [], LONGEST_TEXT

    def text(self, text: str) -> None:
        if self.room > 0:
            self.parts.append(text[: self.room])
            self.room -= len(text)

    def heard(self) -> str:
        self.room = 0
        return "".join(self.parts)


class Elements(Text):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.around = [""]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.found.append((f"{self.around[-1]}/{local(name)}", attributes))
        self.around.append(local(name))
        self.depth += 1

    def end(self, name: str) -> None:
        self.around.pop()
        self.depth -= 1


class Strings(Text):
    """sharedStrings.xml: an `si` is one string, in pieces (`t`) where its letters differ in looks."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []
        self.pieces: list[str] = []
        self.spoken = 0  # depth inside `rPh`: how an Asian name is pronounced

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        match local(name):
            case "si":
                self.pieces = []
            case "t" if not self.spoken:
                self.listen()
            case "rPh":
                self.spoken += 1

    def end(self, name: str) -> None:
        self.depth -= 1
        match local(name):
            case "si":
                self.strings.append("".join(self.pieces)[:LONGEST_TEXT])
            case "t" if not self.spoken:
                self.pieces.append(self.heard())
            case "rPh":
                self.spoken -= 1


class Sheet(Text):
    """A worksheet. Rows and cells may leave out their number: then each follows the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.number = 0
        self.cells: dict[int, Cell] = {}
        self.column = -1
        self.attributes: dict[str, str] = {}
        self.value = ""
        self.formula: str | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        name = local(name)
        if name == "c":
            self.attributes, self.value, self.formula = attributes, "", None
            place = attributes.get("r")
            self.column = column_of(place.rstrip(DIGITS)) if place else self.column + 1
        elif name in ("v", "t", "f"):
            self.listen()
        elif name == "row":
            number = int(attributes.get("r", self.number + 1))
            if not self.number < number <= LAST_ROW:
                raise Unreadable("broken")
            self.number, self.cells, self.column = number, {}, -1

    def end(self, name: str) -> None:
        self.depth -= 1
        name = local(name)
        if name == "c":
            if self.column <= MOST_COLUMNS:  # one more than there may be, so that somebody notices
                kind, style = self.attributes.get("t", "n"), self.attributes.get("s", "")
                self.cells[self.column] = Cell(kind, style, self.value, self.formula)
        elif name in ("v", "t"):
            self.value = (self.value + self.heard())[:LONGEST_TEXT]
        elif name == "f":
            self.formula = self.heard()
        elif name == "row":
            self.rows.append(Row(self.number, self.cells))


@lru_cache(maxsize=1_000)
def column_of(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    if not (letters.isascii() and letters.isupper() and len(letters) <= 3):
        raise Unreadable("broken")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
