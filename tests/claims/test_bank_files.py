"""The two files that go between us and the bank: orders that any program reads, answers as banks write them."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from claims.gateways.bank import HEADER, bank
from claims.gateways.loan_files import read_loan_file
from claims.rules import bank_answers
from claims.rules.bank_answers import Answer, Answers, Problem, Said
from claims.rules.bank_orders import Order, key_of, number_of
from policies.rules.registers import Unreadable
from tests.claims.loans import repaid, tenge
from tests.policies.registers import as_xlsx

TODAY = date(2026, 11, 22)
HEADINGS = "number;outcome;date;amount;reason"
AYGUL = Order(
    number_of(1024), date(2026, 11, 25), tenge("50000.50"), "KZ86125KZT5004100100", "Садыкова Айгүл Серікқызы",
    "610314400125", "Страховая выплата 26-000123-4",
)  # fmt: skip


def answered(*lines: str, encoding: str = "utf-8") -> Answers:
    return bank().answers(io.BytesIO("\r\n".join(lines).encode(encoding)), today=TODAY)


def paid(key: int, *, line: int = 2, on: date = date(2026, 11, 20), amount: str = "50000") -> Answer:
    return Answer(line, key, Said.PAID, on, Decimal(amount), "")


def codes(found: Answers) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.line) for problem in found.problems]


# ── Orders ───────────────────────────────────────────────────────────────────
def written(*orders: Order) -> list[list[str]]:
    text = b"".join(bank().orders(orders)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_file_of_orders_is_the_same_whoever_asks_for_it(language: str) -> None:
    with override(language):
        assert written(AYGUL) == [
            list(HEADER),
            ["P1024", "2026-11-25", "50000.50", "KZT", "KZ86125KZT5004100100", "Садыкова Айгүл Серікқызы",
             "610314400125", "Страховая выплата 26-000123-4"],
        ]  # fmt: skip


def test_a_name_that_begins_like_a_formula_is_no_formula() -> None:
    [_header, row] = written(Order(**{**AYGUL.__dict__, "recipient": "=HYPERLINK(1)"}))
    assert row[5] == "'=HYPERLINK(1)"


@given(st.integers(1, 10**18 - 1))
def test_a_number_leads_back_to_its_order(key: int) -> None:
    assert key_of(number_of(key)) == key


@pytest.mark.parametrize(
    "number", ["", "P", "P0", "P01", "1024", "Q1024", "P1024 ", "P-1", "P9999999999999999999", "P١"]
)
def test_what_is_no_number_of_ours_leads_nowhere(number: str) -> None:
    assert key_of(number) is None


# ── Answers ──────────────────────────────────────────────────────────────────
def test_our_own_format_is_read() -> None:
    found = answered(
        HEADINGS,
        "P1024;paid;2026-11-20;50000.50;",
        "P1025;returned;20.11.2026;50 000,00;Счёт закрыт",
        "P1026;under way;;;",
        "P1027;pending;2026-11-20;1;",
    )
    assert found.rows == (
        Answer(2, 1024, Said.PAID, date(2026, 11, 20), Decimal("50000.50"), ""),
        Answer(3, 1025, Said.RETURNED, date(2026, 11, 20), Decimal(50_000), "Счёт закрыт"),
        Answer(5, 1027, Said.UNDER_WAY, date(2026, 11, 20), Decimal(1), ""),
    )
    assert codes(found) == [("outcome", 4), ("missing", 4), ("missing", 4)]


def test_a_russian_banks_file_is_read_with_its_title_its_other_columns_and_its_total() -> None:
    found = answered(
        "Реестр исполненных платежей за 20.11.2026",
        "",
        "№ п/п;Номер документа;Получатель;Сумма;Статус платежа;Дата исполнения;Причина возврата",
        "1;Р1024;Садыкова А.;50 000,00;ИСПОЛНЕНО;20.11.2026;",  # a Cyrillic letter
        "2;p 1025;Ким В.;50 000,00;Возврат;20.11.2026;Счёт закрыт",
        "Итого:;;;100 000,00;;;",
        encoding="cp1251",
    )
    assert found.problems == ()
    assert [(one.key, one.said, one.reason) for one in found.rows] == [
        (1024, Said.PAID, ""),
        (1025, Said.RETURNED, "Счёт закрыт"),
    ]


def test_a_kazakh_workbook_is_read() -> None:
    book = as_xlsx(
        ["Тапсырма нөмірі", "Мәртебесі", "Орындалған күні", "Сомасы"], ["P1024", "Төленді", date(2026, 11, 20), 50_000]
    )
    assert bank().answers(io.BytesIO(book), today=TODAY).rows == (paid(1024),)


def test_a_row_that_is_not_understood_keeps_no_other_one_from_counting() -> None:
    found = answered(
        HEADINGS,
        "P1;paid;2026-11-20;50000",
        "17;paid;2026-11-20;50000",
        "P2;maybe;2026-11-20;50000",
        "P3;paid;31.11.2026;50000",
        "P4;paid;2026-11-23;50000",  # tomorrow
        "P5;paid;2026-11-20;-50000",
        ";paid;;",
        "P6;paid;2026-11-22;50000",
    )
    assert [one.key for one in found.rows] == [1, 6]
    assert codes(found) == [
        ("not_ours", 3), ("outcome", 4), ("no_such_day", 5), ("future", 6), ("not_a_sum", 7), ("missing", 8), ("missing", 8),
        ("missing", 8),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_each_problem_is_said_in_words(language: str) -> None:
    with override(language):
        for code in bank_answers.WORDS:
            assert Problem(code, 3, bank_answers.Heading.OUTCOME, "7").words


def test_a_problem_names_its_row_and_its_column() -> None:
    [problem] = answered(HEADINGS, "P2;maybe;2026-11-20;50000").problems
    with override("en"):
        assert (
            problem.words
            == "Row 2, Status of the order: “maybe” is neither paid, nor come back, nor still at the bank."
        )


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["P1;paid;2026-11-20;50000"], "no_header"),
        (["number;outcome;date"], "no_header"),
        (["number;outcome;date;amount;status", "P1;paid;2026-11-20;1;paid"], "twice"),
        ([HEADINGS], "no_rows"),
    ],
)
def test_a_table_that_is_no_answer_says_so(lines: list[str], code: str) -> None:
    assert codes(answered(*lines)) == [(code, None)]


def test_more_rows_than_a_person_can_look_at_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    row = "P1;paid;2026-11-20;50000"
    monkeypatch.setattr(bank_answers, "MOST_ROWS", 2)
    assert len(answered(HEADINGS, row, row).rows) == 2
    assert codes(answered(HEADINGS, row, row, row)) == [("too_many", None)]


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: f"{HEADINGS}\n{text}".encode()))
def test_any_bytes_get_an_answer(data: bytes) -> None:
    try:
        found = bank().answers(io.BytesIO(data), today=TODAY)
    except Unreadable as problem:
        said = [problem.words]
    else:
        assert found.rows or found.problems
        said = [problem.words for problem in found.problems]
    assert all(said)


LIKELY = st.sampled_from(["P1", "paid", "returned", "2026-11-20", "50000", "Итого", "=1", "'-"])
CELL = LIKELY | st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=20)


@given(st.lists(st.lists(CELL, max_size=7), max_size=6))
def test_any_table_below_a_header_gets_an_answer(table: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows([HEADINGS.split(";"), *table])
    found = bank().answers(io.BytesIO(file.getvalue().encode("utf-8", "replace")), today=TODAY)
    assert len(found.rows) <= len(table)
    assert all(one.on <= TODAY and one.amount >= 0 for one in found.rows)


@given(
    st.lists(
        st.builds(
            Answer, st.just(0), st.integers(1, 10**6), st.sampled_from(Said), st.dates(bank_answers.FIRST_DAY, TODAY),
            st.decimals("0", "999999999999", places=2), st.just(""),
        ),
        min_size=1, max_size=5,
    ),
    st.sampled_from([";", ",", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "kz1048"]),
)  # fmt: skip
def test_whatever_a_bank_says_in_our_format_is_understood(said: list[Answer], separator: str, encoding: str) -> None:
    file = io.StringIO()
    rows = [[number_of(one.key), one.said.value, f"{one.on}", f"{one.amount:.2f}", one.reason] for one in said]
    words = {Said.UNDER_WAY.value: "pending"}
    rows = [[words.get(cell, cell) for cell in row] for row in rows]
    csv.writer(file, delimiter=separator).writerows([HEADINGS.split(";"), *rows])
    found = bank().answers(io.BytesIO(file.getvalue().encode(encoding)), today=TODAY)
    assert not found.problems
    assert [(one.key, one.said, one.on, one.amount) for one in found.rows] == [
        (one.key, one.said, one.on, one.amount) for one in said
    ]


# ── The loan's schedule ──────────────────────────────────────────────────────
LOAN = repaid(("2025-01-15", 50_000), ("2025-02-15", "50100.50"))


def test_a_loans_schedule_is_read_from_a_text_and_from_a_workbook() -> None:
    text = "График\r\nДата платежа;Основной долг\r\n15.01.2025;50 000,00\r\n15.02.2025;50 100,50\r\nИтого;100 100,50"
    book = as_xlsx(["Due date", "Principal"], [date(2025, 1, 15), 50_000], [date(2025, 2, 15), 50_100.5])
    for data in (text.encode("cp1251"), text.encode(), book):
        assert read_loan_file(io.BytesIO(data), currency="KZT").schedule == LOAN


def test_a_formula_is_no_sum() -> None:
    book = Workbook()
    for row in (["Due date", "Principal"], [date(2025, 1, 15), "=50000"]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    [problem] = read_loan_file(file, currency="KZT").problems
    assert (problem.code, problem.line) == ("not_a_sum", 2)


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: f"Дата;Основной долг\n{text}".encode()))
def test_any_bytes_are_a_schedule_or_problems(data: bytes) -> None:
    try:
        found = read_loan_file(io.BytesIO(data), currency="KZT")
    except Unreadable as problem:
        said = [problem.words]
    else:
        assert (found.schedule is None) == bool(found.problems)
        said = [problem.words for problem in found.problems]
    assert all(said)
