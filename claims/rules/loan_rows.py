"""A repayment schedule as a bank's file has it, or as somebody types it: its rows, and what is wrong with them.

A column of payments or of interest is not looked at. Cells are read as those of registers are.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import dropwhile, islice
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from claims.rules.loan import Repayment, Schedule
from claims.rules.sheets import HeaderUnclear, Line, SheetProblem, find_header, is_total, known_as
from core.dates import short_date
from core.money import LARGEST, Money, format_money
from policies.rules.register_columns import heading_key
from policies.rules.register_problems import WORDS as WORDS_OF_CELLS
from policies.rules.register_values import clean_row, read_date_within, read_sum, required

MOST_REPAYMENTS = 1_000
read_day = partial(required, partial(read_date_within, date(1990, 1, 1), date(2100, 12, 31), "far_future"))
read_principal = partial(required, read_sum)


class Heading(TextChoices):
    DUE_ON = "due_on", gettext_lazy("Day of repayment")
    PRINCIPAL = "principal", gettext_lazy("Principal")


CALLED: dict[Heading, tuple[str, ...]] = {
    Heading.DUE_ON: (
        "Дата", "Дата платежа", "Дата погашения", "Дата очередного платежа", "Дата оплаты", "Срок платежа", "Срок погашения",
        "День погашения",
        "Күні", "Күн", "Төлем күні", "Төлеу күні", "Өтеу күні", "Төлем мерзімі", "Date", "Due date", "Payment date",
        "Day of repayment",
    ),
    Heading.PRINCIPAL: (
        "Основной долг", "ОД", "Погашение основного долга", "Погашение ОД", "Сумма основного долга", "Сумма ОД",
        "Платеж по основному долгу", "Оплата основного долга", "В счет основного долга", "Негізгі борыш", "Негізгі қарыз",
        "Негізгі борышты өтеу", "Негізгі қарызды өтеу", "Негізгі борыш сомасы", "Негізгі борыш бойынша төлем", "Principal",
        "Principal payment", "Principal repayment",
    ),
}  # fmt: skip
KNOWN = known_as(CALLED)
CURRENCY = re.compile(r"(?:тенге|тг|kzt)$")  # «Основной долг, тенге»

WORDS: dict[str, Promise] = {
    "no_header": gettext_lazy(
        "No row names both columns that are needed. Call them “Day of repayment” and “Principal”: the part of each payment "
        "that repays the loan itself."
    ),
    "twice": gettext_lazy("Two columns are called the same. Leave the day and the principal of each repayment."),
    "no_rows": gettext_lazy("No repayments stand there."),
    "too_large": gettext_lazy("Too many repayments, or too large ones: this is not the schedule of one loan."),
    "order": gettext_lazy("not later than the repayment before it (%(facts)s). Put them in order, one a day."),
    "total": gettext_lazy(
        "the rows together are %(facts)s, the total of the file is another. Compare with the contract."
    ),
}


class Row(NamedTuple):
    """Its number, and the two cells that count; of a total the word stands where the day would."""

    number: int
    day: str
    principal: str

    @property
    def is_total(self) -> bool:
        return is_total(self.day)


class Problem(SheetProblem):
    wording = WORDS_OF_CELLS | WORDS


@dataclass(frozen=True)
class Reading:
    """Either a schedule or problems."""

    schedule: Schedule | None
    problems: tuple[Problem, ...]


def read_table(lines: Iterable[Line], *, currency: str) -> Reading:
    """Of a file: titles may stand above the header, other columns beside the two, totals below."""
    rest = iter(lines)
    try:
        places = find_header(rest, heading_in, needed=Heading)
    except HeaderUnclear as problem:
        return Reading(None, (Problem(problem.code),))
    return read_rows(_rows(rest, places), currency=currency)


def heading_in(cell: str) -> Heading | None:
    return KNOWN.get(CURRENCY.sub("", heading_key(cell)))


def _rows(lines: Iterable[Line], places: Mapping[Heading, int]) -> Iterator[Row]:
    for number, cells in lines:
        row = [*cells, *[""] * (max(places.values()) + 1 - len(cells))]
        total = next(filter(is_total, row), "")
        yield Row(number, total or row[places[Heading.DUE_ON]], row[places[Heading.PRINCIPAL]])


def read_rows(rows: Iterable[Row], *, currency: str) -> Reading:
    """Empty rows are left out, and so is what precedes the first repayment: the day on which the loan was given."""
    table = list(islice(_filled(rows), MOST_REPAYMENTS + 1))
    repayments: list[Repayment] = []
    problems: list[Problem] = []
    for row in dropwhile(lambda row: not row.principal, (row for row in table if not row.is_total)):
        found, wrong = _repayment(row, currency)
        problems += wrong
        if found:
            problems += _out_of_order(row, found, repayments)
            repayments.append(found)
    problems = problems or list(_of_the_whole(table, repayments, currency))
    return Reading(None if problems else Schedule(tuple(repayments)), tuple(problems))


def _filled(rows: Iterable[Row]) -> Iterator[Row]:
    for number, *cells in rows:
        row = Row(number, *clean_row(cells))
        if row.day or row.principal:
            yield row


def _repayment(row: Row, currency: str) -> tuple[Repayment | None, list[Problem]]:
    due_on, wrong_day = read_day(row.day)
    principal, wrong_sum = read_principal(row.principal)
    problems = []
    if wrong_day and wrong_day != "serial":  # that one is a remark
        problems.append(Problem(wrong_day, row.number, Heading.DUE_ON))
    if wrong_sum:
        problems.append(Problem(wrong_sum, row.number, Heading.PRINCIPAL))
    return None if problems else Repayment(due_on, Money(principal, currency)), problems


def _out_of_order(row: Row, found: Repayment, before: Sequence[Repayment]) -> Iterator[Problem]:
    if before and found.due_on <= before[-1].due_on:
        yield Problem("order", row.number, Heading.DUE_ON, short_date(before[-1].due_on))


def _of_the_whole(table: Sequence[Row], repayments: Sequence[Repayment], currency: str) -> Iterator[Problem]:
    together = sum((one.principal.amount for one in repayments), Decimal(0))
    totals = [read_sum(row.principal)[0] for row in table if row.is_total]
    if not repayments:
        yield Problem("no_rows")
    elif len(table) > MOST_REPAYMENTS or together > LARGEST:
        yield Problem("too_large")
    elif totals and totals[-1] not in (None, together):
        yield Problem("total", facts=format_money(Money(together, currency)))
