"""The bank's answer file: what became of each order, row by row, and what is wrong with a row that cannot be read.

Banks differ in what they call a column and an outcome, and in what stands beside (docs/notes/bank-file.md).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import islice

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.rules.bank_orders import key_of
from claims.rules.sheets import HeaderUnclear, Line, SheetProblem, find_header, is_total, known_as
from core.identity import normalise_key
from policies.rules.register_columns import heading_key
from policies.rules.register_problems import WORDS as WORDS_OF_CELLS
from policies.rules.register_values import clean_row, read_date_within, read_sum, required

FIRST_DAY = date(2020, 1, 1)  # nobody paid from here before
MOST_ROWS = 50_000
REASON_ROOM = 200  # characters that are kept of the bank's own words


class Heading(TextChoices):
    NUMBER = "number", _("Number of the order")
    OUTCOME = "outcome", _("Status of the order")
    DAY = "day", _("Day of payment")
    AMOUNT = "amount", _("Amount")
    REASON = "reason", _("Bank’s reason")


NEEDED = (Heading.NUMBER, Heading.OUTCOME, Heading.DAY, Heading.AMOUNT)
CALLED: dict[Heading, tuple[str, ...]] = {
    Heading.NUMBER: (
        "number", "order", "order number", "Номер", "Номер поручения", "№ поручения", "Номер платежного поручения",
        "Номер документа", "№ документа", "Тапсырма нөмірі", "Төлем тапсырмасының нөмірі", "Құжат нөмірі",
    ),
    Heading.OUTCOME: (
        "outcome", "status", "state", "result", "Статус", "Состояние", "Результат", "Статус платежа", "Мәртебесі",
        "Мәртебе", "Күйі", "Нәтиже", "Төлем мәртебесі",
    ),
    Heading.DAY: (
        "date", "paid on", "executed on", "value date", "Дата", "Дата исполнения", "Дата платежа", "Дата проведения",
        "Дата операции", "Күні", "Орындалған күні", "Төлем күні",
    ),
    Heading.AMOUNT: ("amount", "sum", "Сумма", "Сумма платежа", "Сомасы", "Сома", "Төлем сомасы"),
    Heading.REASON: (
        "reason", "comment", "Причина", "Причина возврата", "Причина отказа", "Комментарий", "Примечание", "Себебі",
        "Қайтару себебі", "Түсініктеме",
    ),
}  # fmt: skip
KNOWN = known_as(CALLED)


class Said(TextChoices):
    PAID = "paid", _("paid")
    RETURNED = "returned", _("came back")
    UNDER_WAY = "under_way", _("still at the bank")


OUTCOMES: dict[Said, tuple[str, ...]] = {
    Said.PAID: (
        "paid", "executed", "completed", "done", "Исполнено", "Исполнен", "Исполнена", "Проведено", "Проведен", "Оплачено",
        "Оплачен", "Зачислено", "Выплачено", "Орындалды", "Төленді", "Жүргізілді", "Есептелді",
    ),
    Said.RETURNED: (
        "returned", "rejected", "refused", "failed", "Возврат", "Возвращено", "Возвращен", "Отказ", "Отказано", "Отклонено",
        "Отклонен", "Не исполнено", "Не исполнен", "Қайтарылды", "Қайтару", "Қабылданбады", "Бас тартылды", "Орындалмады",
    ),
    Said.UNDER_WAY: (
        "pending", "accepted", "processing", "В обработке", "В работе", "Принято", "Принят", "Принято к исполнению",
        "На исполнении", "Өңделуде", "Қабылданды", "Орындалуда",
    ),
}  # fmt: skip
SAYS = known_as(OUTCOMES)

WORDS: dict[str, Promise] = {
    "no_header": _(
        "No row names the columns that are needed: number of the order, outcome, date, amount. See what the file looks like."
    ),
    "twice": _("Two columns are called the same. Leave one of them."),
    "no_rows": _("There is a header and no rows below it."),
    "too_many": _("There are more than %(facts)s rows. Split the file."),
    "not_ours": _("not a number that we gave. Ours begin with P, for example P1024."),
    "outcome": _("“%(facts)s” is neither paid, nor come back, nor still at the bank."),
}


class Problem(SheetProblem):
    wording = WORDS_OF_CELLS | WORDS


@dataclass(frozen=True)
class Answer:
    """One row. `on` and `amount` are the bank's; `reason` is its own words, empty where it gave none."""

    line: int
    key: int  # of the order: rules.bank_orders
    said: Said
    on: date
    amount: Decimal
    reason: str


@dataclass(frozen=True)
class Answers:
    """What could be read, and what could not: a row that is not understood keeps no other one from counting."""

    rows: tuple[Answer, ...]
    problems: tuple[Problem, ...]


def read_answers(lines: Iterable[Line], *, today: date) -> Answers:
    """In the order of the file. Empty rows are left out, and so are totals and signatures."""
    rest = iter(lines)
    try:
        places = find_header(rest, lambda cell: KNOWN.get(heading_key(cell)), needed=NEEDED)
    except HeaderUnclear as problem:
        return Answers((), (Problem(problem.code),))
    read = [_answer(number, row, today) for number, row in islice(_rows(rest, places), MOST_ROWS + 1)]
    if not read:
        return Answers((), (Problem("no_rows"),))
    if len(read) > MOST_ROWS:
        return Answers((), (Problem("too_many", facts=f"{MOST_ROWS}"),))
    rows = tuple(one for one in read if isinstance(one, Answer))
    return Answers(rows, tuple(problem for one in read if isinstance(one, list) for problem in one))


Row = Mapping[Heading, str]


def _rows(lines: Iterable[Line], places: Mapping[Heading, int]) -> Iterator[tuple[int, Row]]:
    width = max(places.values()) + 1
    for number, cells in lines:
        cleaned = clean_row([*cells, *[""] * (width - len(cells))])
        row = {heading: cleaned[place] for heading, place in places.items()}
        if (row[Heading.NUMBER] or row[Heading.OUTCOME]) and not is_total(row[Heading.NUMBER]):
            yield number, row


def _answer(line: int, row: Row, today: date) -> Answer | list[Problem]:
    """Either the row or everything that is wrong with it."""
    key, said = key_of(normalise_key(row[Heading.NUMBER])), SAYS.get(heading_key(row[Heading.OUTCOME]))
    on, wrong_day = required(partial(read_date_within, FIRST_DAY, today, "future"), row[Heading.DAY])
    amount, wrong_sum = required(read_sum, row[Heading.AMOUNT])
    problems = list(_problems(line, row, key, said))
    if wrong_day and wrong_day != "serial":  # that one is a remark
        problems.append(Problem(wrong_day, line, Heading.DAY))
    if wrong_sum:
        problems.append(Problem(wrong_sum, line, Heading.AMOUNT))
    if problems or key is None or said is None:
        return problems
    return Answer(line, key, said, on, amount, row.get(Heading.REASON, "")[:REASON_ROOM])


def _problems(line: int, row: Row, key: int | None, said: Said | None) -> Iterator[Problem]:
    if key is None:
        yield Problem("not_ours" if row[Heading.NUMBER] else "missing", line, Heading.NUMBER)
    if said is None:
        outcome = row[Heading.OUTCOME]
        yield Problem("outcome" if outcome else "missing", line, Heading.OUTCOME, outcome[:40])


def named_in(cells: Sequence[str]) -> int:
    """How many columns of an answer file these cells name."""
    return sum(heading_key(cell) in KNOWN for cell in cells)
