"""What one row says, and what is wrong with it. A register of a million rows passes here: no queries, no models."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import itemgetter
from typing import NamedTuple

from core.names import BETWEEN_WORDS
from policies.rules import register_values as values
from policies.rules.policies import ContractKind
from policies.rules.register_columns import Column, Header

LONGEST_LIFE = timedelta(days=125 * 366)
LONGEST_CONTRACT = timedelta(days=100 * 366)
FIRST_CONTRACT = date(1990, 1, 1)
REMARKS = frozenset({"serial", "zeros"})  # they come with a value


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
    errors: str  # tokens of register_problems
    warnings: str
    given: list[str]  # the cells of a refused row, in the order of Column; nothing for an accepted one


class RowReader:
    """Reads the rows below one header. `region` explains local phone numbers, `today` is the insurer's date."""

    def __init__(self, header: Header, *, region: str, today: date) -> None:
        self.width = header.width
        # A column that the file lacks is read from the empty cell that every row is given at its end.
        self.pick = itemgetter(*(header.places.get(column, header.width) for column in Column))
        self.region = region
        self.today = today

    def read(self, line: int, cells: Sequence[str]) -> Reading | None:
        """None: nothing stands in this row."""
        row = [values.clean(cell) if cell else "" for cell in cells]
        if not any(row):
            return None
        overflow = any(row[self.width :])
        given = self.pick([*row[: self.width], *[""] * (self.width - len(row)), ""])
        return _Row(self.region, self.today).read(line, given, overflow)


@dataclass(slots=True)
class _Row:
    region: str
    today: date
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def read(self, line: int, given: tuple[str, ...], overflow: bool) -> Reading:
        (
            insured_id, surname, given_name, patronymic, birth_date, sex, iin, kind, contract, signed_on, starts_on,
            ends_on, card, phone, email, language, employer, employer_bin,
        ) = given  # fmt: skip
        if overflow:
            self._refuse(Column.EMPLOYER_BIN, "too_many_cells")
        insured = self._key(Column.INSURED_ID, insured_id, values.ID_ROOM, required=True)
        names = self._names(surname, given_name, patronymic)
        born = self._date(Column.BIRTH_DATE, birth_date, required=True)
        if born and born > self.today:
            self._refuse(Column.BIRTH_DATE, "future")
        elif born and self.today - born > LONGEST_LIFE:
            self._refuse(Column.BIRTH_DATE, "long_ago")
        a_sex = self._word(Column.SEX, sex, values.SEXES)
        an_iin = self._iin(iin, born, a_sex) if iin else None
        a_kind = self._kind(kind)
        a_contract = self._key(Column.CONTRACT_NUMBER, contract, values.CONTRACT_ROOM)
        signed = self._date(Column.SIGNED_ON, signed_on)
        starts = self._date(Column.COVER_STARTS_ON, starts_on, required=True)
        ends = self._date(Column.COVER_ENDS_ON, ends_on)
        self._order(signed_on, signed, starts, ends)
        a_card = self._key(Column.CARD_NUMBER, card, values.CARD_ROOM)
        a_phone = self._contact(Column.PHONE, *values.read_phone(phone, self.region)) if phone else ""
        an_email = self._contact(Column.EMAIL, *values.read_email(email)) if email else ""
        a_language = self._word(Column.LANGUAGE, language, values.LANGUAGES)
        a_bin = self._employer_bin(employer_bin) if employer_bin else None
        an_employer = self._employer(employer, a_bin)
        self._identification(a_kind, contract, card, employer or employer_bin)
        return Reading(
            line, *insured, names[0].text, names[1].text, names[2].text,
            " ".join([name.search for name in names if name.search]),
            BETWEEN_WORDS.join([name.sort for name in names if name.sort]),
            born, a_sex, an_iin, a_kind, *a_contract, signed, starts, ends, *a_card, a_phone, an_email, a_language,
            an_employer, a_bin, " ".join(self.errors), " ".join(self.warnings), list(given) if self.errors else [],
        )  # fmt: skip

    def _refuse(self, column: Column, code: str) -> None:
        self.errors.append(f"{column.value}:{code}")

    def _warn(self, column: Column, code: str) -> None:
        self.warnings.append(f"{column.value}:{code}")

    def _remark(self, column: Column, code: str) -> None:
        (self._warn if code in REMARKS else self._refuse)(column, code)

    def _key(self, column: Column, text: str, room: int, *, required: bool = False) -> values.Key:
        if not text:
            if required:
                self._refuse(column, "missing")
            return values.NO_KEY
        key, code = values.read_key(text, room)
        if code:
            self._refuse(column, code)
        elif not key.key:  # dashes only
            self._refuse(column, "missing")
        return key

    def _names(self, *texts: str) -> list[values.Name]:
        names = []
        for column, text in zip((Column.SURNAME, Column.GIVEN_NAME, Column.PATRONYMIC), texts, strict=True):
            name, code = values.read_name(text) if text else (values.NO_NAME, "")
            if code:
                self._refuse(column, code)
            names.append(name)
        if not any(texts):
            self._refuse(Column.SURNAME, "no_name")
        return names

    def _date(self, column: Column, text: str, *, required: bool = False) -> date | None:
        if not text:
            if required:
                self._refuse(column, "missing")
            return None
        day, code = values.read_date(text)
        if code:
            self._remark(column, code)
        return day

    def _word(self, column: Column, text: str, words: dict[str, str]) -> str:
        word = values.read_word(text, words) if text else ""
        if text and not word:
            self._warn(column, "unknown")
        return word

    def _kind(self, text: str) -> str:
        kind = values.read_word(text, values.KINDS) if text else ""
        if not kind:
            self._refuse(Column.CONTRACT_KIND, "unknown_kind" if text else "missing")
        return kind

    def _iin(self, text: str, born: date | None, sex: str) -> str | None:
        """Decree No. 853 of 26 August 2013: digits that disagree with the person's facts are legal, so they only warn."""
        number, facts, code = values.read_iin(text)
        if code:
            self._remark(Column.IIN, code)
        if facts and born and facts.birth_date and facts.birth_date != born:
            self._warn(Column.IIN, "not_birth_date")
        if facts and sex and facts.sex and facts.sex != sex:
            self._warn(Column.IIN, "not_sex")
        return number or None

    def _order(self, signed_on: str, signed: date | None, starts: date | None, ends: date | None) -> None:
        if not signed_on:
            self._warn(Column.SIGNED_ON, "unsigned")
        for column, day in ((Column.SIGNED_ON, signed), (Column.COVER_STARTS_ON, starts), (Column.COVER_ENDS_ON, ends)):
            if day and day < FIRST_CONTRACT:
                self._refuse(column, "long_ago")
            elif day and day - self.today > LONGEST_CONTRACT:
                self._refuse(column, "far_future")
        if signed and starts and signed > starts:
            self._warn(Column.SIGNED_ON, "after_start")
        if starts and ends and ends < starts:
            self._refuse(Column.COVER_ENDS_ON, "before_start")

    def _contact(self, column: Column, contact: str, code: str) -> str:
        """The person is insured whether or not we can write to them."""
        if code:
            self._warn(column, code)
        return contact

    def _employer_bin(self, text: str) -> str | None:
        number, code = values.read_bin(text)
        if code:
            self._remark(Column.EMPLOYER_BIN, code)
        return number or None

    def _employer(self, text: str, number: str | None) -> str:
        if not text:
            if number:
                self._warn(Column.EMPLOYER_NAME, "only_bin")
            return number or ""
        name, code = values.read_employer(text)
        if code:
            self._refuse(Column.EMPLOYER_NAME, code)
        return name

    def _identification(self, kind: str, contract: str, card: str, employer: str) -> None:
        """NSK-02: an individual contract is known by its number, a corporate one by the card or the employer."""
        if kind == ContractKind.INDIVIDUAL and not contract:
            self._refuse(Column.CONTRACT_NUMBER, "no_contract")
        if kind == ContractKind.CORPORATE and not (card or employer):
            self._refuse(Column.CARD_NUMBER, "no_card_or_employer")
