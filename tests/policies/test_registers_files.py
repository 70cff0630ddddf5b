"""Files as they come: encodings, separators, workbooks, bombs. Each is read or refused with a reason."""

import io
import time
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from policies.gateways.register_files import open_table
from policies.rules import registers as limits
from policies.rules.register_columns import Column
from policies.rules.registers import REASONS, Unreadable
from tests.policies.registers import OTHER, ROW, as_csv, as_xlsx


def rows_of(data: bytes) -> list[list[str]]:
    return [list(cells) for _line, cells in open_table(io.BytesIO(data)).lines]


def reason_of(data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        rows_of(data)
    assert caught.value.reason in REASONS
    return caught.value


CELLS = [list(ROW.values()), list(OTHER.values())]
RUSSIAN = [CELLS[0], ["4410027532", "Щёголев", "Пётр", "Ильич", *CELLS[1][4:]]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "kz1048"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_kazakh_letters_survive_every_encoding_and_separator(encoding: str, separator: str) -> None:
    assert rows_of(as_csv(ROW, OTHER, separator=separator, encoding=encoding)) == CELLS


def test_a_file_of_russian_windows_is_read() -> None:
    columns = list(ROW)
    assert rows_of(as_csv(*(dict(zip(columns, row, strict=True)) for row in RUSSIAN), encoding="cp1251")) == RUSSIAN


def test_the_first_letter_that_is_not_ascii_may_stand_at_the_end() -> None:
    english = b"ID;Surname;Birth date;Contract kind;Cover start;Contract number\n"
    plain = b"1;Kim;01.01.1990;individual;01.01.2026;7\n" * 60_000
    assert rows_of(english + plain + "2;Қым;;;;".encode("kz1048"))[-1][1] == "Қым"


def test_titles_above_the_header_and_blank_lines_keep_the_numbers_of_a_spreadsheet() -> None:
    data = "sep=;\nРеестр застрахованных\n\n".encode() + as_csv(ROW) + b"\n" + as_csv(OTHER).split(b"\r\n")[1]
    assert [line for line, cells in open_table(io.BytesIO(data)).lines if cells] == [5, 7]


def test_a_quoted_line_break_is_part_of_its_cell() -> None:
    assert rows_of(as_csv(ROW | {"Отчество": "Серик\nовна"}))[0][3] == "Серик\nовна"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0 old excel", "old_excel"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "kind"),
        (b"%PDF-1.7\n\x00\x01\x02", "kind"),
        (b"PK\x03\x04 not an archive", "broken"),
        ("просто письмо, без таблицы".encode(), "no_header"),
        (b"\n\n\n", "no_header"),
        (b"ID;ID;Surname;Birth date", "twice"),
        (b"ID;Surname;Birth date", "missing_columns"),
        (b"ID;Surname;Birth date" + b";x" * 98, "too_many_columns"),
        (as_csv(ROW) + b'"' + b"x" * 200_000, "quotes"),
    ],
)
def test_what_is_no_register_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    assert reason_of(data).reason == reason


def test_missing_columns_are_all_named_at_once() -> None:
    problem = reason_of("ID;Фамилия;Номер договора\n1;Ким;7".encode())
    assert problem.what == (Column.BIRTH_DATE, Column.CONTRACT_KIND, Column.COVER_STARTS_ON)


@pytest.mark.parametrize(("rows", "readable"), [(3, True), (4, False)])
def test_the_table_has_so_many_rows_and_no_more(monkeypatch: pytest.MonkeyPatch, rows: int, readable: bool) -> None:
    monkeypatch.setattr("policies.gateways.register_files.MOST_CSV_ROWS", 3)
    data = as_csv(*[ROW] * rows)
    if readable:
        assert len(rows_of(data)) == rows
    else:
        assert reason_of(data).reason == "too_many_rows"


def test_a_text_of_more_than_the_limit_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = as_csv(ROW)
    monkeypatch.setattr("policies.gateways.register_files.MOST_CSV_BYTES", len(data))
    assert rows_of(data)
    monkeypatch.setattr("policies.gateways.register_files.MOST_CSV_BYTES", len(data) - 1)
    assert reason_of(data).reason == "too_large"


def test_cells_of_a_workbook_are_read_as_a_person_would_type_them() -> None:
    header = ["ID", "Фамилия", "ИИН", "Дата рождения", "Начало действия", "Вид договора", "Номер договора"]
    born = datetime(1961, 3, 14)  # noqa: DTZ001  a spreadsheet's dates have no zone
    table = [4410027531, "Әбенов", 900101300017.0, born, date(2026, 11, 17), "физ", True]
    assert rows_of(as_xlsx(header, table)) == [
        ["4410027531", "Әбенов", "900101300017", "1961-03-14", "2026-11-17", "физ", "True"]
    ]


def test_a_formula_in_a_workbook_stays_a_formula() -> None:
    assert rows_of(as_xlsx(list(ROW), ["=1+1"]))[0][0] == "=1+1"


def test_only_the_first_visible_sheet_is_read_and_the_others_are_named() -> None:
    book = Workbook()
    book.active.sheet_state = "hidden"
    for name in ("Июнь", "Июль"):
        sheet = book.create_sheet(name)
        sheet.append(list(ROW))
        sheet.append([name])
    file = io.BytesIO()
    book.save(file)
    table = open_table(file)
    assert (table.ignored_sheets, [list(cells) for _line, cells in table.lines]) == (["Июль"], [["Июнь"]])


def with_member(data: bytes, name: str, content: bytes = b"x") -> bytes:
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/externalLinks/externalLink1.xml", "links"),
        ("xl/media/picture.bin", None),
    ],
)
def test_a_workbook_with_macros_or_links_is_refused(name: str, reason: str | None) -> None:
    data = with_member(as_xlsx(list(ROW), list(ROW.values())), name)
    if reason:
        assert reason_of(data).reason == reason
    else:
        assert rows_of(data)  # control: another member does no harm


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert reason_of(file.getvalue()).reason == "kind"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = with_member(as_xlsx(list(ROW)), "xl/worksheets/sheet9.xml", b"0" * 60 * limits.MIB)
    began = time.process_time()  # what it costs, however busy the machine is
    assert reason_of(bomb).reason == "bomb"
    assert time.process_time() - began < 2


def with_sheet(content: bytes) -> bytes:
    source, target = zipfile.ZipFile(io.BytesIO(as_xlsx(list(ROW), list(ROW.values())))), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for member in source.infolist():
            archive.writestr(member, content if member.filename.endswith("sheet1.xml") else source.read(member))
    return target.getvalue()


def test_an_entity_bomb_inside_a_workbook_is_refused() -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    assert reason_of(with_sheet(evil)).reason == "broken"


def test_a_sheet_wider_than_any_register_is_refused() -> None:
    assert reason_of(as_xlsx([*ROW, *["x"] * 100])).reason == "too_many_columns"
