"""What one row says, and what is wrong with it. A register of a million rows passes here: no queries, no models.

Each column has a reading of its own (register_values); the rules here are about the columns of one row together.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from core.identity import Iin, Sex, iin_mismatches
from core.names import BETWEEN_WORDS
from policies.rules import register_values as values
from policies.rules.policies import ContractKind
from policies.rules.register_columns import Column, Header

LONGEST_LIFE = timedelta(days=125 * 366)
LONGEST_CONTRACT = timedelta(days=100 * 366)
FIRST_CONTRACT = date(1990, 1, 1)

COLUMNS = tuple(Column)
INDIVIDUAL, CORPORATE = ContractKind.INDIVIDUAL.value, ContractKind.CORPORATE.value

# With these the row is taken: the value was understood all the same, or the person is insured without it.
WARNINGS = frozenset({
    "serial", "zeros", "unknown", "unsigned", "after_start", "not_birth_date", "not_sex", "not_mobile",
    "not_an_address", "only_bin",
})  # fmt: skip


class Reading(NamedTuple):
    """One row as it goes to the staging table: the fields of models.RegisterRow, in their order, after the register."""

    line: int
    insured_id: str
    insured_key: str
    surname: str
    given_name: str
    patronymic: str
    search_key: str
    sort_key: str
    birth_date: date | None
    sex: str
    iin: str | None
    contract_kind: str
    contract_number: str
    contract_key: str
    signed_on: date | None
    cover_starts_on: date | None
    cover_ends_on: date | None
    card_number: str
    card_key: str
    phone: str
    email: str
    language: str
    employer_name: str
    employer_bin: str | None
    sum_insured: Decimal | None
    errors: str  # tokens of register_problems
    warnings: str
    given: list[str]  # the cells of a refused row, in the order of Column; nothing for an accepted one


def readers(region: str, today: date, is_cover_printed: bool) -> dict[Column, Callable[[str], tuple[Any, str]]]:
    """How a cell of each column is read. A register repeats its dates, so they are judged once."""
    birth_date = partial(values.read_date_within, today - LONGEST_LIFE, today, "future")
    contract_date = partial(values.read_date_within, FIRST_CONTRACT, today + LONGEST_CONTRACT, "far_future")
    cover_start: Callable[[str], tuple[Any, str]] = partial(values.required, contract_date)
    cover_end: Callable[[str], tuple[Any, str]] = contract_date
    if not is_cover_printed:
        cover_start = cover_end = values.read_nothing
    return {
        Column.INSURED_ID: values.read_insured_id,
        Column.SURNAME: values.read_name,
        Column.GIVEN_NAME: values.read_name,
        Column.PATRONYMIC: values.read_name,
        Column.BIRTH_DATE: lru_cache(50_000)(partial(values.required, birth_date)),
        Column.SEX: partial(values.read_word, values.SEXES),
        Column.IIN: values.read_iin,
        Column.CONTRACT_KIND: values.read_contract_kind,
        Column.CONTRACT_NUMBER: lru_cache(10_000)(partial(values.read_key, values.CONTRACT_ROOM)),
        Column.SIGNED_ON: lru_cache(10_000)(contract_date),
        Column.COVER_STARTS_ON: lru_cache(10_000)(cover_start),
        Column.COVER_ENDS_ON: lru_cache(10_000)(cover_end),
        Column.CARD_NUMBER: partial(values.read_key, values.CARD_ROOM),
        Column.PHONE: partial(values.read_phone, region),
        Column.EMAIL: values.read_email,
        Column.LANGUAGE: partial(values.read_word, values.LANGUAGES),
        Column.EMPLOYER_NAME: values.read_employer,
        Column.EMPLOYER_BIN: values.read_bin,
        Column.SUM_INSURED: values.read_sum,
    }


class RowReader:
    """Reads the rows below one header. `region` explains local phone numbers, `today` is the insurer's date.

    `is_cover_printed`: the columns about cover count; elsewhere the activation sets its dates.
    """

    def __init__(self, header: Header, *, region: str, today: date, is_cover_printed: bool = True) -> None:
        self.width = header.width
        # A column that the file lacks is read from the empty cell that every row is given at its end.
        self.pick = itemgetter(*(header.places.get(column, -1) for column in COLUMNS))
        of_column = readers(region, today, is_cover_printed)
        self.readers = [of_column[column] for column in COLUMNS]

    def read(self, line: int, cells: Sequence[str]) -> Reading | None:
        """None: nothing stands in this row."""
        row = values.clean_row(cells)
        if not any(row):
            return None
        row += [""] * max(1, self.width + 1 - len(row))
        given = self.pick(row)
        found, codes = zip(*[reader(cell) for reader, cell in zip(self.readers, given)])  # noqa: B905  a million times
        problems = Problems()
        if any(codes):
            for column, code in zip(COLUMNS, codes, strict=True):
                if code:
                    problems.add(column, code)
        if any(row[self.width :]):
            problems.add(Column.EMPLOYER_BIN, "too_many_cells")
        return judged(line, given, found, problems)


def judged(line: int, given: Sequence[str], found: Sequence[Any], problems: "Problems") -> Reading:
    (
        insured, surname, given_name, patronymic, born, sex, iin, kind, contract, signed, starts, ends, card, phone,
        email, language, employer, employer_bin, sum_insured,
    ) = found  # fmt: skip
    (
        _, a_surname, a_given_name, a_patronymic, _, _, _, _, a_contract, a_signing_date, _, _, a_card, _, _, _,
        an_employer, a_bin, _,
    ) = given  # fmt: skip
    if not (a_surname or a_given_name or a_patronymic):
        problems.add(Column.SURNAME, "no_name")
    if iin:
        judge_iin(problems, iin, born, sex or None)
    if not a_signing_date:
        problems.add(Column.SIGNED_ON, "unsigned")
    if signed and starts and signed > starts:
        problems.add(Column.SIGNED_ON, "after_start")
    if starts and ends and ends < starts:
        problems.add(Column.COVER_ENDS_ON, "before_start")
    if employer_bin and not an_employer:
        problems.add(Column.EMPLOYER_NAME, "only_bin")
        employer = employer_bin
    judge_identification(problems, kind, a_contract, a_card or an_employer or a_bin)
    names = [name for name in (surname, given_name, patronymic) if name.text]
    return Reading(
        line, insured.text, insured.key, surname.text, given_name.text, patronymic.text,
        " ".join([name.search for name in names]), BETWEEN_WORDS.join([name.sort for name in names if name.sort]), born,
        sex, iin.number if iin else None, kind, contract.text, contract.key, signed, starts, ends, card.text, card.key,
        phone, email, language, employer, employer_bin or None, sum_insured, " ".join(problems.errors),
        " ".join(problems.warnings), list(given) if problems.errors else [],
    )  # fmt: skip


def judge_iin(problems: "Problems", iin: Iin, born: date | None, sex: Sex | None) -> None:
    """Decree No. 853 of 26 August 2013: digits that disagree with the person's facts are legal, so they only warn."""
    for fact in iin_mismatches(iin, born, sex):
        problems.add(Column.IIN, f"not_{fact}")


def judge_identification(problems: "Problems", kind: str, contract: str, card_or_employer: str) -> None:
    """NSK-02: an individual contract is known by its number, a corporate one by the card or the employer."""
    if kind == INDIVIDUAL and not contract:
        problems.add(Column.CONTRACT_NUMBER, "no_contract")
    if kind == CORPORATE and not card_or_employer:
        problems.add(Column.CARD_NUMBER, "no_card_or_employer")


class Problems:
    """Of one row, as tokens of register_problems."""

    __slots__ = ("errors", "warnings")

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.warnings: list[str] = []

    def add(self, column: Column, code: str) -> None:
        (self.warnings if code in WARNINGS else self.errors).append(f"{column.value}:{code}")
