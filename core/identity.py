"""Numbers that name a person, an organisation or a paper.

IIN and BIN: 12 digits, the last one a check digit (facts.md, section 1). Since Government decree No. 853 of 26 August
2013 the digits of an IIN need not agree with the person's birth date or sex: a mismatch warns and never refuses.
"""

import unicodedata
from datetime import date
from functools import lru_cache
from operator import mul
from typing import Literal, NamedTuple

from django.utils.translation import gettext as _

from core.errors import InputError

Sex = Literal["m", "f"]

FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)  # when the first pass leaves 10
SEVENTH_DIGIT: dict[str, tuple[int, Sex | None]] = {
    "0": (2000, None),  # foreigners: neither century nor sex; 29 February may be right, for 2000 was a leap year
    "1": (1800, "m"), "2": (1800, "f"), "3": (1900, "m"), "4": (1900, "f"), "5": (2000, "m"), "6": (2000, "f"),
}  # fmt: skip
HIDDEN = "•"
REMEMBERED = 0x3000  # code points: below the Chinese characters
CYRILLIC_TWINS = str.maketrans("АВЕКМНОРСТУХІ", "ABEKMHOPCTYXI")


class IdentityNumberError(InputError):
    """`code` is "digits", "length", "check", "century", "date", "month" or "type"."""


class Iin(NamedTuple):
    number: str
    birth_date: date | None  # what the digits say; the insurer's register decides
    sex: Sex | None


class Bin(NamedTuple):
    number: str


def parse_iin(text: str) -> Iin:
    """Spaces and dashes are ignored. Raises IdentityNumberError."""
    number = twelve_digits(text)
    if number[6] not in SEVENTH_DIGIT:
        raise IdentityNumberError("century", _("This is not an IIN: its seventh digit is never 7, 8 or 9"))
    century, sex = SEVENTH_DIGIT[number[6]]
    born = day_of(century, number)
    if born is None:
        raise IdentityNumberError("date", _("This is not an IIN: its first six digits are not a date"))
    return Iin(number, born if sex else None, sex)


def parse_bin(text: str) -> Bin:
    """Year and month of registration, kind 4–6, part 0–3. Raises IdentityNumberError."""
    number = twelve_digits(text)
    if not 1 <= int(number[2:4]) <= 12:
        raise IdentityNumberError("month", _("This is not a BIN: its third and fourth digits are not a month"))
    if number[4] not in "456" or number[5] not in "0123":
        raise IdentityNumberError("type", _("This is not a BIN: its fifth digit is 4, 5 or 6, its sixth 0 to 3"))
    return Bin(number)


def iin_mismatches(iin: Iin, birth_date: date | None, sex: Sex | None) -> list[str]:
    """Which of "birth_date" and "sex" the digits contradict. A hint for the operator; what is unknown agrees."""
    mismatches = []
    if birth_date and (iin.birth_date or birth_date) != birth_date:
        mismatches.append("birth_date")
    if sex and (iin.sex or sex) != sex:
        mismatches.append("sex")
    return mismatches


def normalise_key(text: str) -> str:
    """How IDs, contract, card and policy numbers and codes are compared: «ки-204 118734» and "KИ204118734" are one.

    Spaces, dashes and invisible characters go, letters become capitals, Cyrillic twins of Latin letters become Latin.
    """
    if text.isascii() and text.isalnum():  # nothing else could change; registers bring millions of these
        return text.upper()
    text = unicodedata.normalize("NFKC", text).translate(WITHOUT_FILLING)
    return unicodedata.normalize("NFKC", text.upper()).translate(CYRILLIC_TWINS)


def mask_iin(number: str) -> str:
    """••••••••4321: the first digits are the birth date, which opens more than it should."""
    return f"{HIDDEN * 8}{number[-4:]}" if number else ""


def mask_passport(number: str) -> str:
    """••••••5678: its owner recognises it."""
    return f"{HIDDEN * 6}{number[-4:]}" if number else ""


def is_filling(char: str) -> bool:
    """Separators, dashes (the minus sign is one to the eye), control and format characters."""
    category = unicodedata.category(char)
    return category[0] in "ZC" or category == "Pd" or char == "\N{MINUS SIGN}"


class _WithoutFilling(dict[int, int | None]):
    """For str.translate. Remembers the letters of living alphabets as they are met, and of the million others none."""

    def __missing__(self, code: int) -> int | None:
        kept = None if is_filling(chr(code)) else code
        if code < REMEMBERED:
            self[code] = kept
        return kept


WITHOUT_FILLING = _WithoutFilling()


def twelve_digits(text: str) -> str:
    number = text if text.isalnum() else text.translate(WITHOUT_FILLING)
    if not (number.isascii() and number.isdigit()):
        raise IdentityNumberError("digits", _("Enter digits only"))
    if len(number) != 12:
        raise IdentityNumberError("length", _("It must have 12 digits, this has %(count)s") % {"count": len(number)})
    if check_digit(number) != int(number[11]):
        raise IdentityNumberError("check", _("There is a misprint in the number: compare each digit with the document"))
    return number


def check_digit(number: str) -> int | None:
    """None: both passes leave 10, and such a number is never issued."""
    # A digit's ASCII code is 48 more than the digit. Either weights sum to 66, a multiple of 11, so that falls out.
    codes = number.encode("ascii")
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        remainder = sum(map(mul, codes, weights)) % 11  # the check digit itself has no weight
        if remainder < 10:
            return remainder
    return None


def day_of(century: int, number: str) -> date | None:
    return _day(century, number[:6])


@lru_cache(maxsize=50_000)
def _day(century: int, digits: str) -> date | None:
    try:
        return date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return None
