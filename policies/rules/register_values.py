"""What one cell says. Each reading returns the value and the code of what is wrong with it, or "".

An empty cell has an empty value, and where the column may not be empty the code "missing". A register repeats itself
(dates, given names, employers), so readings are remembered; memory stays bounded.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.dates import DateNotUnderstood, parse_date
from core.identity import IdentityNumberError, Iin, normalise_key, parse_bin, parse_iin
from core.names import search_key, sort_key
from core.phones import PhoneNotAccepted, parse_mobile

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")
LOST_LETTER = "\N{REPLACEMENT CHARACTER}"
FORMULA_ERRORS = frozenset({
    "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#Н/Д", "#ССЫЛКА!", "#ЗНАЧ!", "#ИМЯ?", "#ДЕЛ/0!",
})  # fmt: skip
SHORTENED = re.compile(r"[0-9][.,]?[0-9]*E\+[0-9]{1,3}", re.IGNORECASE)
SERIAL = re.compile(r"[1-9][0-9]{4}(?:[.,]0+)?")  # four digits would be a year
SUM = re.compile(r"([0-9]{1,12}|[0-9]{1,3}(?: [0-9]{3}){1,3})(?:[.,]([0-9]{1,2}))?")
MIDNIGHT = re.compile(r"[ T]0?0:00(?::00)?(?:\.0+)?$")
DAY_ZERO = date(1899, 12, 30)  # what spreadsheets count from, their 29 February 1900 included
IDENTITY_CODES = {"digits": "digits", "length": "length", "check": "check"}
ID_ROOM, CONTRACT_ROOM, CARD_ROOM, NAME_ROOM, EMAIL_ROOM, EMPLOYER_ROOM = 40, 60, 40, 100, 254, 250  # as in the models


class Name(NamedTuple):
    text: str
    search: str
    sort: str


NO_NAME = Name("", "", "")


class Key(NamedTuple):
    text: str  # as printed
    key: str  # as compared


NO_KEY = Key("", "")


def clean_row(cells: Sequence[str]) -> list[str]:
    """Each cell without what cannot be seen. Nearly every row has nothing of the kind, and one look at it tells."""
    whole = "".join(cells)
    if whole.isprintable() and "'" not in whole and '="' not in whole:
        return list(map(str.strip, cells))
    return [clean(cell) for cell in cells]


def clean(text: str) -> str:
    """Without what cannot be seen; every kind of space is one.

    A value that is kept from becoming a number or a formula, as ="00123" or '+7701, is read without its guard.
    """
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " if char.isspace() else "" for char in text)
        text = " ".join(text.split())
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    elif text.startswith("'") and text[1:2] in FORMULA_STARTS:
        text = text[1:]
    return text.strip()


def guarded(text: str) -> str:
    """For a file that a spreadsheet will open: a cell that begins like a formula is a text (security.md, 1.1)."""
    return f"'{text}" if text[:1] in FORMULA_STARTS else text


def fault_of(text: str, room: int) -> str:
    """What no column may hold."""
    if text[0] == "=" or text in FORMULA_ERRORS:
        return "formula"
    if LOST_LETTER in text:
        return "letters"
    return "too_long" if len(text) > room else ""


def read_insured_id(text: str) -> tuple[Key, str]:
    return read_key(ID_ROOM, text) if text else (NO_KEY, "missing")


def read_key(room: int, text: str) -> tuple[Key, str]:
    """An ID, a contract or card number: any characters, kept as printed."""
    if not text:
        return NO_KEY, ""
    if text.isascii() and text.isalnum() and len(text) <= room:  # nearly all of a million
        return Key(text, normalise_key(text)), ""
    if fault := fault_of(text, room):
        return NO_KEY, fault
    if is_shortened(text):
        return NO_KEY, "shortened"
    key = normalise_key(text)  # one sign may become eighteen letters
    if not key:
        return NO_KEY, "missing"  # dashes only
    return (NO_KEY, "too_long") if len(key) > room else (Key(text, key), "")


def is_shortened(text: str) -> bool:
    return "+" in text and bool(SHORTENED.fullmatch(text))


@lru_cache(maxsize=50_000)
def read_name(text: str) -> tuple[Name, str]:
    if not text:
        return NO_NAME, ""
    if fault := fault_of(text, NAME_ROOM):
        return NO_NAME, fault
    name = Name(text, search_key(text), sort_key(text))
    return (NO_NAME, "too_long") if len(name.search) > NAME_ROOM else (name, "")


@lru_cache(maxsize=10_000)
def read_employer(text: str) -> tuple[str, str]:
    fault = fault_of(text, EMPLOYER_ROOM) if text else ""
    return ("", fault) if fault else (text, "")


def read_date(text: str) -> tuple[date | None, str]:
    """The code "serial" comes with a date: it is a remark."""
    if not text:
        return None, ""
    text = MIDNIGHT.sub("", text)
    if SERIAL.fullmatch(text):
        return day_of_serial(int(re.split("[.,]", text)[0])), "serial"
    try:
        return parse_date(text), ""
    except DateNotUnderstood as problem:
        return None, "no_such_day" if problem.code == "day" else "not_a_date"


def day_of_serial(number: int) -> date:
    """Of a spreadsheet that counts from 1900. Raise OverflowError behind the end of the calendar."""
    return DAY_ZERO + timedelta(days=number)


def read_date_within(first: date, last: date, too_late: str, text: str) -> tuple[date | None, str]:
    """Of a day outside, the code is "long_ago" or `too_late`."""
    day, code = read_date(text)
    if day and not first <= day <= last:
        return day, "long_ago" if day < first else too_late
    return day, code


@lru_cache(maxsize=1_000)
def read_sum(text: str) -> tuple[Decimal | None, str]:
    """NL-7.1: 2000000, 2 000 000,00 or 2000000.5, in the insurer's currency."""
    if not text:
        return None, ""
    found = SUM.fullmatch(text)
    return (Decimal(f"{found[1].replace(' ', '')}.{found[2] or 0}"), "") if found else (None, "not_a_sum")


def read_nothing(text: str) -> tuple[None, str]:
    """A column that this programme does not have: whatever stands there is not looked at."""
    return None, ""


def required(reader: Callable[[str], tuple[Any, str]], text: str) -> tuple[Any, str]:
    value, code = reader(text)
    return value, code if text else "missing"


def read_iin(text: str) -> tuple[Iin | None, str]:
    """The code "zeros" comes with a number: a spreadsheet had cut up to four zeros off, and the check digit proves them."""
    if not text:
        return None, ""
    number, remark = written_out(text)
    try:
        return parse_iin(number), remark
    except IdentityNumberError as problem:
        return None, code_of(problem, remark)


@lru_cache(maxsize=10_000)
def read_bin(text: str) -> tuple[str, str]:
    """As read_iin."""
    if not text:
        return "", ""
    number, remark = written_out(text)
    try:
        return parse_bin(number).number, remark
    except IdentityNumberError as problem:
        return "", code_of(problem, remark)


def written_out(text: str) -> tuple[str, str]:
    """The number of twelve digits that a spreadsheet made 512600012, 123456789012.0 or 9,00101E+11 of, and how."""
    if len(text) == 12 and text.isdigit():
        return text, ""
    if is_shortened(text):
        return "", "shortened"
    number = text[:-2] if text.endswith((".0", ",0")) and text[:-2].isdigit() else text
    return (number.zfill(12), "zeros") if 8 <= len(number) < 12 else (number, "")


def code_of(problem: IdentityNumberError, remark: str) -> str:
    """Zeros that the check digit does not prove are not believed."""
    if remark:
        return "length" if remark == "zeros" else remark
    return IDENTITY_CODES.get(problem.code, "not_issued")


@lru_cache(maxsize=1_000)
def read_phone(region: str, text: str) -> tuple[str, str]:
    """The person is insured whether or not we can write to them."""
    if not text:
        return "", ""
    try:
        return parse_mobile(text[:40], region), ""
    except PhoneNotAccepted:
        return "", "not_mobile"


def read_email(text: str) -> tuple[str, str]:
    """As read_phone."""
    if not text:
        return "", ""
    try:
        validate_email(text[: EMAIL_ROOM + 1])
    except ValidationError:
        return "", "not_an_address"
    return ("", "not_an_address") if len(text) > EMAIL_ROOM else (text, "")


KINDS = {
    "individual": "individual", "физ": "individual", "фл": "individual", "физлицо": "individual", "ф": "individual",
    "физическое лицо": "individual", "физическое": "individual", "индивидуальный": "individual", "жеке": "individual",
    "жеке тұлға": "individual", "жт": "individual",
    "corporate": "corporate", "юр": "corporate", "юл": "corporate", "юрлицо": "corporate", "ю": "corporate",
    "юридическое лицо": "corporate", "юридическое": "corporate", "корпоративный": "corporate",
    "корпоративтік": "corporate", "заңды": "corporate", "заңды тұлға": "corporate", "зт": "corporate",
}  # fmt: skip
SEXES = {
    "m": "m", "male": "m", "м": "m", "муж": "m", "мужской": "m", "мужчина": "m", "е": "m", "ер": "m", "еркек": "m",
    "f": "f", "female": "f", "ж": "f", "жен": "f", "женский": "f", "женщина": "f", "ә": "f", "әйел": "f",
}  # fmt: skip
LANGUAGES = {
    "kk": "kk", "kz": "kk", "қаз": "kk", "каз": "kk", "казахский": "kk", "қазақ": "kk", "қазақша": "kk",
    "ru": "ru", "рус": "ru", "русский": "ru", "орыс": "ru", "орысша": "ru",
    "en": "en", "eng": "en", "англ": "en", "английский": "en", "ағылшын": "en", "ағылшынша": "en", "english": "en",
}  # fmt: skip


def read_contract_kind(text: str) -> tuple[str, str]:
    kind, code = read_word(KINDS, text)
    return kind, "unknown_kind" if code else "" if kind else "missing"


def read_word(words: dict[str, str], text: str) -> tuple[str, str]:
    """One of a closed list, or "" when it is not understood. Case and full stops do not matter."""
    word = words.get(text) or words.get(text[:40].casefold().replace(".", " ").strip(), "")
    return word, "unknown" if text and not word else ""
