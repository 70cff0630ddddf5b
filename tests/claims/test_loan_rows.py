"""Schedules as banks' files have them and as people type them."""

from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from claims.rules.loan import Repayment, Schedule
from claims.rules.loan_rows import CALLED, KNOWN, MOST_REPAYMENTS, Heading, Reading, Row, read_rows, read_table
from tests.claims.loans import repaid, tenge

TWO = repaid(("2025-01-15", 50_000), ("2025-02-15", "50100.50"))


def read(*lines: str) -> Reading:
    """Cells between bars, lines counted from 1."""
    return read_table(enumerate(([cell.strip() for cell in line.split("|")] for line in lines), 1), currency="KZT")


def typed(*rows: tuple[str, str]) -> Reading:
    return read_rows([Row(number, *row) for number, row in enumerate(rows, 1)], currency="KZT")


def codes(reading: Reading) -> list[tuple[str, int | None]]:
    assert reading.schedule is None
    return [(problem.code, problem.line) for problem in reading.problems]


# ── Files ────────────────────────────────────────────────────────────────────
def test_a_banks_file_is_read_with_its_title_its_other_columns_and_its_total() -> None:
    found = read(
        "График погашения по договору № 1",
        "",
        "№ | Дата платежа | Платёж | Основной долг, тенге | Вознаграждение | Остаток",
        "0 | 15.12.2024 | | | | 100 100,50",  # the loan was given
        "1 | 15.01.2025 | 62 000,00 | 50 000,00 | 12 000,00 | 50 100,50",
        "2 | 15.02.2025 | 56 000,50 | 50 100,50 | 5 900,00 | 0,00",
        "Итого: | | 118 000,50 | 100 100,50 | 17 900,00",
        "Заёмщик ____________",
    )
    assert found.problems == ()
    assert found.schedule == TWO
    assert found.schedule.total == tenge("100100.50")


@pytest.mark.parametrize(
    "header",
    [
        "Төлем күні | Негізгі борыш (теңге)",
        "Due date | Principal",
        "ДАТА ПОГАШЕНИЯ | Погашение ОД",
        "Дата | Сумма ОД, KZT",
    ],
)
def test_columns_are_known_by_their_names_in_three_languages(header: str) -> None:
    assert read(header, "15.01.2025 | 50000", "15.02.2025 | 50100,5").schedule == TWO


def test_the_columns_may_stand_anywhere_and_a_row_may_be_cut_short() -> None:
    assert read("Principal | x | Date", "50000 | | 15.01.2025", "50100.50 | | 2025-02-15", "").schedule == TWO
    assert codes(read("Principal | x | Date", "50000")) == [("missing", 2)]


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_names_that_we_ask_for_are_known(language: str) -> None:
    with override(language):
        asked = " | ".join(str(heading.label) for heading in Heading)
    assert read(asked, "15.01.2025 | 50000", "15.02.2025 | 50100,5").schedule == TWO


def test_no_name_means_two_columns() -> None:
    assert len(KNOWN) == len({name for names in CALLED.values() for name in names})


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        ([], [("no_header", None)]),
        (["Дата | Платёж", "15.01.2025 | 62000"], [("no_header", None)]),
        ([""] * 20 + ["Дата | Основной долг", "15.01.2025 | 5"], [("no_header", None)]),
        (["Дата | Основной долг | Основной долг", "15.01.2025 | 5 | 7"], [("twice", None)]),
        (["Дата | Основной долг"], [("no_rows", None)]),
        (["Дата | Основной долг", "15.01.2025 | "], [("no_rows", None)]),
        (["Дата | Основной долг", "15.01.2025 | 5", "Барлығы | 6"], [("total", None)]),
    ],
)
def test_a_table_that_is_no_schedule_is_refused_with_a_reason(
    lines: list[str], problems: list[tuple[str, int | None]]
) -> None:
    assert codes(read(*lines)) == problems


def test_totals_of_years_do_not_matter_and_the_last_total_does() -> None:
    rows = [
        "Дата | Основной долг",
        "15.12.2025 | 5",
        "Итого за 2025 год | 5",
        "15.01.2026 | 7",
        "Итого за 2026 год | 7",
    ]
    assert read(*rows, "Всего | 12").schedule
    assert codes(read(*rows, "Всего | 13")) == [("total", None)]


# ── Rows ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("row", "problems"),
    [
        (("15.02.2025", ""), ["missing"]),
        (("", "5"), ["missing"]),
        (("30.02.2025", "5"), ["no_such_day"]),
        (("soon", "5 000 000,001"), ["not_a_date", "not_a_sum"]),
        (("15.02.2025", "-5"), ["not_a_sum"]),
        (("15.02.2025", "=B2*2"), ["not_a_sum"]),
        (("15.02.2101", "5"), ["far_future"]),
        (("15.02.1989", "5"), ["long_ago"]),
        (("15.01.2025", "5"), ["order"]),  # the day of the row before
        (("14.01.2025", "5"), ["order"]),
    ],
)
def test_a_row_that_cannot_be_right_is_named(row: tuple[str, str], problems: list[str]) -> None:
    assert codes(typed(("15.01.2025", "50000"), row)) == [(problem, 2) for problem in problems]


def test_every_problem_is_told_at_once() -> None:
    assert codes(typed(("x", "1"), ("15.01.2025", "y"), ("15.02.2025", "1"))) == [("not_a_date", 1), ("not_a_sum", 2)]


def test_an_empty_row_a_month_of_interest_and_a_day_number_are_no_problems() -> None:
    found = typed(("", ""), ("45672", "0"), ("15.02.2025", "50 100,50"))
    assert found.schedule == repaid(("2025-01-15", 0), ("2025-02-15", "50100.50"))


def test_a_schedule_has_its_bounds() -> None:
    months = [(date.fromordinal(733_000 + n).strftime("%d.%m.%Y"), "1") for n in range(MOST_REPAYMENTS + 1)]
    assert typed(*months[:-1], *[("", "")] * 50).schedule  # spreadsheets end in empty rows
    assert codes(typed(*months)) == [("too_large", None)]
    assert codes(typed(("15.01.2025", "9" * 12), ("15.02.2025", "9" * 12))) == [("too_large", None)]


def test_a_problem_says_the_row_the_column_and_what_to_do() -> None:
    with override("en"):
        [problem] = typed(("15.01.2025", "1"), ("15.01.2025", "1")).problems
        assert problem.words == (
            "Row 2, Day of repayment: not later than the repayment before it (15.01.2025). Put them in order, one a day."
        )
        [problem] = typed().problems
        assert problem.words == "No repayments stand there."


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12)), max_size=5))
def test_whatever_is_typed_is_a_schedule_or_has_problems_in_words(rows: list[tuple[str, str]]) -> None:
    found = typed(*rows)
    assert (found.schedule is None) == bool(found.problems)
    assert all(problem.words for problem in found.problems)


# ── The value ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("day", "outstanding"),
    [
        (date(2025, 1, 15), "100100.50"),
        (date(2025, 1, 16), "50100.50"),
        (date(2025, 2, 15), "50100.50"),
        (date(2025, 2, 16), 0),
    ],
)
def test_a_repayment_is_outstanding_until_the_end_of_its_day(day: date, outstanding: str) -> None:
    assert TWO.outstanding_on(day) == tenge(outstanding)


@pytest.mark.parametrize("days", [[], ["2025-01-15", "2025-01-15"], ["2025-01-15", "2025-01-14"]])
def test_a_schedule_out_of_order_does_not_exist(days: list[str]) -> None:
    with pytest.raises(ValueError, match="in order"):
        Schedule(tuple(Repayment(date.fromisoformat(day), tenge(1)) for day in days))
