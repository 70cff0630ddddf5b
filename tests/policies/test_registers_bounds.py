"""Any bytes have an answer within a gigabyte and 20 seconds. A process of its own reads them, which may have no more."""

import io
import json
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from select import select
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from policies.rules.registers import MIB, MOST_CSV_BYTES, MOST_CSV_ROWS, MOST_XLSX_BYTES, MOST_XLSX_ROWS, REASONS
from tests.policies.reader import read
from tests.policies.registers import ROW, as_csv

DEADLINE = 180  # seconds until a test gives up; what is judged is processor time
MOST_SECONDS = 20
HEAD, LINE = as_csv(ROW).splitlines(keepends=True)
LONG_CELL = 128_000  # one of 131,073 is taken for a quotation mark that is never closed
NOISE = random.Random(1).randbytes(3 * MIB)  # does not shrink, so a bomb beside it has an innocent ratio


class Reader:
    """The other process. After a crash the next file finds a new one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.process: subprocess.Popen[str] | None = None

    def answer(self, data: bytes) -> str:
        self.path.write_bytes(data)
        if self.process is None or self.process.poll() is not None:
            command = [sys.executable, "-m", "tests.policies.reader"]
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
            )
        self.process.stdin.write(f"{self.path}\n")
        assert select([self.process.stdout.fileno()], [], [], DEADLINE)[0], "no answer"
        line = self.process.stdout.readline()
        assert line, "it died: out of memory, or worse"
        said: dict[str, Any] = json.loads(line)
        assert said["seconds"] < MOST_SECONDS
        assert said["answer"] in REASONS or " of " in said["answer"]
        return str(said["answer"])

    def end(self) -> None:
        if self.process:
            self.process.kill()
            self.process.communicate()


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    reader = Reader(tmp_path_factory.mktemp("hostile") / "register")
    yield reader
    reader.end()


# ── Any bytes ───────────────────────────────────────────────────────────────
BEGINNINGS = [
    b"",
    HEAD,
    b"PK\x03\x04",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf" + HEAD,
    HEAD.decode().encode("utf-16"),
]
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MANY = settings(FEW, max_examples=3_000)


@pytest.mark.long
@FEW
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=3_000), st.integers(1, 200))
def test_any_bytes_however_often_have_an_answer(reader: Reader, beginning: bytes, data: bytes, times: int) -> None:
    assert reader.answer(beginning + data * times)


@pytest.mark.long
@MANY
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=3_000), st.integers(1, 3_000))
def test_any_bytes_however_often_have_an_answer_at_length(
    reader: Reader, beginning: bytes, data: bytes, times: int
) -> None:
    assert reader.answer(beginning + data * times)


# ── Files made to hurt ──────────────────────────────────────────────────────
# openpyxl writes texts into the cells and no table of strings.
TABLE_OF_STRINGS = (
    b'<Relationship Id="strings" Target="sharedStrings.xml"'
    b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
)


def a_workbook(sheet: bytes, strings: bytes = b"<sst/>", styles: bytes = b"", *, padded: bool = True) -> bytes:
    """Of these members. `padded`: it unpacks to no more times its size than an honest one."""
    file, target = io.BytesIO(), io.BytesIO()
    Workbook().save(file)
    ours = {"xl/worksheets/sheet1.xml": sheet, "xl/styles.xml": styles}
    with (
        zipfile.ZipFile(file) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for name in source.namelist():
            member = ours.get(name) or source.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                member = member.replace(b"</Relationships>", TABLE_OF_STRINGS)
            archive.writestr(name, member)
        archive.writestr("xl/sharedStrings.xml", strings)
        if padded:
            archive.writestr("xl/media/noise.bin", NOISE)
    return target.getvalue()


def cells(*texts: str) -> bytes:
    return b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % text.encode() for text in texts)


def rows(*content: bytes) -> bytes:
    """A sheet with the right header."""
    return b"<worksheet><sheetData><row>%s</row>%s</sheetData></worksheet>" % (cells(*ROW), b"".join(content))


def lying(data: bytes, name: str) -> bytes:
    """The archive says that this member unpacks to ten bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo(name).file_size
    return data.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))


def packed_by(method: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return file.getvalue()


def filled(pattern: bytes, size: int) -> bytes:
    return pattern * (size * MIB // len(pattern))


A_ROW = b"<row>%s</row>" % cells(*ROW.values())
NUMBERS = b"<row>%s</row>" % (b"<c><v>1</v></c>" * 90)

# How it is made, of so many MiB unpacked; which answers may be given.
TEXTS: dict[str, tuple[Callable[[int], bytes], str]] = {
    "a row without a line break": (lambda size: HEAD + filled(b"9", size), "long_line"),
    "the same in UTF-16": (lambda size: b"\xff\xfe" + filled("ਊ".encode("utf-16-le"), size), "long_line"),
    "nothing but line breaks": (lambda size: HEAD + filled(b"\n", size), "too_many_rows"),
    "nothing but separators": (lambda size: HEAD + filled(b";;;;;;;\n", size), "0 of 0|too_many_rows"),
    "a quotation mark that is never closed": (lambda size: HEAD + b'"' + filled(LINE, size), "quotes"),
    "zeros": (lambda size: HEAD + filled(b"\0", size), "kind"),
    "zeros in UTF-16": (lambda size: b"\xff\xfe" + filled(b"\0", size), "long_line"),
    "noise": (lambda size: filled(NOISE, size), "kind"),
    "noise in UTF-16": (lambda size: b"\xff\xfe" + filled(NOISE, size), "no_header"),
}
WORKBOOKS: dict[str, tuple[Callable[[int], bytes], str]] = {
    "a sheet of spaces": (lambda size: a_workbook(filled(b" ", size)), "broken"),
    "a sheet that packs too well": (lambda size: a_workbook(filled(b" ", size), padded=False), "bomb"),
    "tags side by side": (lambda size: a_workbook(rows(filled(b"<x/>", size))), "0 of 0|bomb"),
    "tags with attributes": (lambda size: a_workbook(rows(filled(b'<x a="1" b="2"/>', size))), "0 of 0"),
    "tags inside each other": (lambda size: a_workbook(rows(filled(b"<a>", size))), "bomb"),
    "a tag without an end": (lambda size: a_workbook(b'<x a="' + filled(b"a", size)), "bomb"),
    "a comment without an end": (lambda size: a_workbook(b"<!--" + filled(b"< ", size)), "bomb"),
    "one enormous cell": (lambda size: a_workbook(rows(b"<row>%s</row>" % cells("9" * size * MIB))), "0 of 1"),
    "cells of numbers": (lambda size: a_workbook(rows(filled(NUMBERS, size))), "0 of [0-9]+|bomb"),
    "empty strings": (lambda size: a_workbook(rows(A_ROW), b"<sst>%s</sst>" % filled(b"<si/>", size)), "1 of 1|bomb"),
    "long strings": (
        lambda size: a_workbook(rows(A_ROW), b"<sst>%s</sst>" % filled(b"<si><t>%s</t></si>" % (b"q" * 999), size)), "1 of 1",
    ),
    "styles": (
        lambda size: a_workbook(
            rows(A_ROW), styles=b"<s><cellXfs>%s</cellXfs></s>" % filled(b'<xf numFmtId="14"/>', size)
        ), "1 of 1|bomb",
    ),
}  # fmt: skip
SMALL, LARGE_TEXT, LARGE_WORKBOOK = 6, 390, 190  # MiB


@pytest.mark.long
@pytest.mark.parametrize("name", [*TEXTS, *WORKBOOKS])
def test_a_file_made_to_hurt_has_its_answer(reader: Reader, name: str) -> None:
    make, answers = (TEXTS | WORKBOOKS)[name]
    assert re.fullmatch(answers, reader.answer(make(SMALL)))


@pytest.mark.long
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_made_to_hurt_as_large_as_one_may_be(reader: Reader, name: str) -> None:
    make, answers = TEXTS[name]
    assert re.fullmatch(answers, reader.answer(make(LARGE_TEXT)))


@pytest.mark.long
@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_made_to_hurt_as_large_as_one_may_be(reader: Reader, name: str) -> None:
    make, answers = WORKBOOKS[name]
    assert re.fullmatch(answers, reader.answer(make(LARGE_WORKBOOK)))


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (HEAD.strip() + b";x" * 100_000, "too_many_columns"),
        (HEAD + LINE.strip() + b";x" * 400_000, "0 of 1"),
        (a_workbook(filled(b" ", 201)), "bomb"),
        (a_workbook(rows(b'<row r="999999999"/>')), "broken"),
        (a_workbook(rows(b'<row r="7"/><row r="7"/>')), "broken"),
        (a_workbook(rows(b'<row><c t="s"><v>999</v></c></row>')), "broken"),
        (a_workbook(rows(b'<row><c r="ABCDE1"/></row>')), "broken"),
        (lying(a_workbook(rows(A_ROW * 500)), "xl/worksheets/sheet1.xml"), "broken"),
        (packed_by(zipfile.ZIP_LZMA), "broken"),
        (packed_by(zipfile.ZIP_BZIP2), "broken"),
        (a_workbook(b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'), "broken"),
    ],
    ids=range(11),
)
def test_what_no_spreadsheet_writes(reader: Reader, data: bytes, answer: str) -> None:
    assert reader.answer(data) == answer


# ── Both sides of the limits (decisions.md, Registers) ──────────────────────
@pytest.mark.long
@pytest.mark.parametrize(("more", "answer"), [(0, f"{MOST_CSV_ROWS} of {MOST_CSV_ROWS}"), (1, "too_many_rows")])
def test_a_text_has_a_million_rows(tmp_path: Path, more: int, answer: str) -> None:
    """Of right ones the judging takes as long as it takes; one more is known before any is judged."""
    path = tmp_path / "register"
    path.write_bytes(HEAD + LINE * (MOST_CSV_ROWS + more))
    assert read(path) == answer


@pytest.mark.long
@pytest.mark.parametrize(("more", "answer"), [(0, f"{MOST_XLSX_ROWS} of {MOST_XLSX_ROWS}"), (1, "too_many_rows")])
def test_a_workbook_has_two_hundred_thousand_rows(reader: Reader, more: int, answer: str) -> None:
    short = b"<row>%s</row>" % b"".join(b'<c t="s"><v>%d</v></c>' % place for place in range(len(ROW)))
    strings = b"<sst>%s</sst>" % b"".join(b"<si><t>%s</t></si>" % text.encode() for text in ROW.values())
    assert reader.answer(a_workbook(rows(short * (MOST_XLSX_ROWS + more)), strings)) == answer


@pytest.mark.long
@pytest.mark.parametrize(("more", "reason"), [(0, "1 of 1"), (1, "too_large")])
def test_a_text_has_400_mib(reader: Reader, more: int, reason: str) -> None:
    line = LINE.strip() + b";" + b" " * LONG_CELL + b"\n"
    blank = b" " * LONG_CELL + b"\n"
    data = HEAD + line
    data += blank * ((MOST_CSV_BYTES - len(data)) // len(blank))
    assert reader.answer(data + b" " * (MOST_CSV_BYTES - len(data) + more)) == reason


@pytest.mark.long
@pytest.mark.parametrize(("more", "answer"), [(0, "1 of 1"), (1, "too_large")])
def test_a_workbook_has_20_mib(reader: Reader, more: int, answer: str) -> None:
    data = a_workbook(rows(A_ROW), padded=False)
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/media/picture.bin", b"")
    overhead = len(file.getvalue()) - len(data)
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(
            "xl/media/picture.bin", random.Random(2).randbytes(MOST_XLSX_BYTES - len(data) - overhead + more)
        )
    assert len(file.getvalue()) == MOST_XLSX_BYTES + more
    assert reader.answer(file.getvalue()) == answer
