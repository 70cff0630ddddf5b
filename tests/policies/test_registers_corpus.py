"""Registers as spreadsheets leave them. Each is taken, or its sender is told the row, the column and what to do."""

import csv
import io
from datetime import date, datetime
from itertools import islice
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from policies.gateways.register_reports import refused_rows
from policies.models import Person, Policy, Register
from tests.policies.registers import OTHER, ROW, a_row, applied, as_csv, as_xlsx, checked, outcomes

pytestmark = pytest.mark.django_db

BORN_AS_NUMBER = 22354  # 14.03.1961
WHOLE = list(ROW)
HALF = WHOLE[:5]
RUSSIAN = ROW | {"Фамилия": "Щёголева", "Имя": "Алёна", "Отчество": "Ильинична"}


def told(register: Register) -> str:
    """What its sender reads: why the file is none, else the remarks and the report of the refused rows."""
    with translation.override("en"):
        remarks = [f"{row.line}: {problem.words}" for row in register.lines.warned() for problem in row.remarks]
        report = csv.reader(refused_rows(register.lines.refused().order_by("line")), delimiter=";")
        refusals = [f"{line}: {words}" for line, words, *_given in islice(report, 1, None)]
        return "\n".join([register.unreadable_words, *remarks, *refusals])


def as_table(*rows: dict[str, Any]) -> bytes:
    """A workbook whose cells are what the values are: texts, numbers, dates."""
    return as_xlsx(list(rows[0]), *(list(row.values()) for row in rows))


@pytest.mark.parametrize(
    "data",
    [
        as_csv(RUSSIAN, encoding="cp1251"),
        as_csv(RUSSIAN, separator=";"),
        as_csv(RUSSIAN, separator=","),
        as_csv(RUSSIAN, encoding="utf-8-sig"),
        as_csv(RUSSIAN, encoding="utf-16", separator="\t"),
        as_csv(RUSSIAN).replace(b"\r\n", b"\r"),
        as_table(RUSSIAN | {"Дата рождения": datetime(1961, 3, 14), "ID": 4410027531}),  # noqa: DTZ001  as openpyxl writes
        as_table(RUSSIAN | {"Начало действия": date(2026, 11, 17), "ИИН": 610314400010.0}),
    ],
    ids=["CP1251", "semicolons", "commas", "BOM", "UTF-16 and tabs", "old Mac line breaks", "dates", "numbers"],
)
def test_is_taken_without_a_word(data: bytes) -> None:
    register = applied(data)
    assert (outcomes(register), told(register).strip()) == ({"new": 1}, "")
    aigul = Person.objects.get()
    assert (str(aigul), aigul.birth_date, aigul.iin) == ("Щёголева Алёна Ильинична", date(1961, 3, 14), ROW["ИИН"])
    assert (Policy.objects.get().insured_id, Policy.objects.get().cover_starts_on) == (ROW["ID"], date(2026, 11, 17))


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (as_csv(ROW | {"Дата рождения": f"{BORN_AS_NUMBER}"}), "2: Birth date: a spreadsheet’s day number"),
        (as_table(ROW | {"Дата рождения": BORN_AS_NUMBER}), "2: Birth date: a spreadsheet’s day number"),
        (as_csv(ROW | {"ИИН": "512600012", "Дата рождения": "12.05.2000"}), "2: IIN: the leading zeros were lost"),
        (as_table(ROW | {"ИИН": 512600012, "Дата рождения": "12.05.2000"}), "2: IIN: the leading zeros were lost"),
    ],
    ids=["serial date", "serial date in XLSX", "zeros of the IIN", "zeros of the IIN in XLSX"],
)
def test_is_taken_and_says_how_it_was_understood(data: bytes, line: str) -> None:
    register = applied(data)
    assert outcomes(register) == {"new": 1}
    assert line in told(register)
    assert Person.objects.get().birth_date in {date(1961, 3, 14), date(2000, 5, 12)}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (as_csv(ROW, a_row(ID="9", ИИН="512600013")), ["3: IIN: 12 digits are needed."]),
        (as_csv(a_row(ИИН="6,10314E+11")), ["2: IIN: the spreadsheet shortened the number", "Make the column text"]),
        (as_csv(a_row(ID="4,41003E+09")), ["2: ID: the spreadsheet shortened the number", "Make the column text"]),
        (as_csv(a_row(Фамилия="=A1")), ["2: Surname: a formula or its error stands here. Paste the value instead."]),
        (as_table(a_row(Фамилия="=A1")), ["2: Surname: a formula or its error stands here. Paste the value instead."]),
        (as_csv(a_row(Фамилия="#Н/Д")), ["2: Surname: a formula or its error stands here. Paste the value instead."]),
        (as_csv(ROW, OTHER, ROW), ["2: ID: stands in several rows (2, 4)", "4: ID: stands in several rows (2, 4)", "leave one"]),
        (as_csv(ROW, encoding="utf-8") + "9;С\ufffdдыкова".encode(), ["3: ", "the file’s encoding lost letters", "CSV UTF-8"]),
        (as_csv(a_row(**{"Дата рождения": "31.02.1961"})), ["2: Birth date: there is no such day in the calendar."]),
        (as_csv(a_row(**{"Дата рождения": "14.03.61"})), ["2: Birth date: this is not a date. Write it like 14.03.1961."]),
    ],
    ids=[
        "zeros that nothing proves", "shortened IIN", "shortened ID", "formula", "formula in XLSX", "formula's error",
        "doubled ID", "lost letters", "no such day", "two digits of a year",
    ],
)  # fmt: skip
def test_is_refused_with_its_row_its_column_and_what_to_do(data: bytes, said: list[str]) -> None:
    report = told(checked(data))
    assert [words for words in said if words not in report] == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            as_csv({column: ROW[column] for column in HALF}),
            "Columns are missing: Contract kind, Cover start, Contract number.",
        ),
        (as_table({column: ROW[column] for column in HALF}), "add them and upload the file again"),
        (as_csv(ROW) + b'9;"' + b"x" * 200_000, "Near line 3 a quotation mark is opened and not closed."),
        (as_csv(ROW).replace(b"\r\n", b" ") * 5_000, "its line breaks are lost. Save the table again."),
        (b"\xd0\xcf\x11\xe0", "This is an old XLS file or one with a password."),
        (b"\x00\x01", "Save the table as “CSV UTF-8” or “XLSX” and upload that."),
    ],
    ids=["half the columns", "half the columns in XLSX", "quotes", "no line breaks", "XLS", "no table"],
)
def test_is_no_register_and_says_why(data: bytes, said: str) -> None:
    register = checked(data)
    assert register.state == "unreadable"
    assert said in told(register)
    assert not register.lines.exists()


def test_a_workbook_that_counts_from_1904_would_be_four_years_wrong_and_is_refused() -> None:
    book, file = Workbook(), io.BytesIO()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(WHOLE)
    book.save(file)
    assert "counts its days from 1904" in told(checked(file.getvalue()))


def test_an_id_whose_zeros_were_cut_off_is_not_a_second_policy() -> None:
    applied(as_csv(a_row(ID="0041002753")))
    cut = checked(as_csv(a_row(ID="41002753")))
    assert "2: ID: on file it is 0041002753: a spreadsheet cut its zeros off. Make the column text" in told(cut)
    somebody_else = OTHER | {"ID": "41002753"}
    assert outcomes(checked(as_csv(somebody_else))) == {"new": 1}  # control: a short ID of its own
