"""What a password may be (NSK-11, decisions.md «Passwords»), in words for people and in patterns for the page.

The list of common passwords is the one that Django ships (django/contrib/auth/common-passwords.txt.gz, BSD licence):
20,000 words that Royce Williams made from public leaks
(https://gist.github.com/roycewilliams/226886fd01572964e1431ac8afc999ce). Of them 8,866 satisfy the rule.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise, product

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.dispatch import Signal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

# Sent with `user` when somebody sets a password. Apps above answer with the words they know about the people that the
# account reaches, as `words_about()` makes them: names, birth dates, numbers. NSK-09 needs this after activation too.
own_words_asked = Signal()


@dataclass(frozen=True)
class ScreenRule:
    """A line that the page shows and ticks off while a person types. `regex` means the same to Python's `search` and to
    JavaScript's `test`."""

    id: str
    text: str
    regex: str


RULES = [
    ("length", gettext_noop("At least 6 characters"), r".{6,}"),
    ("letter", gettext_noop("At least one Latin letter (a–z)"), r"[A-Za-z]"),
    ("digit", gettext_noop("At least one digit (0–9)"), r"[0-9]"),
    # Python's $ also stands before a last line feed, hence what follows it.
    (
        "latin",
        gettext_noop("Only Latin letters, digits, signs and spaces: no Russian or Kazakh letters"),
        r"^[ -~]+$(?!\n)",
    ),
]
COMMON = gettext_lazy("Very many people use this password, so it is the first to be guessed. Think of another one.")
OWN = gettext_lazy(
    "The password contains your name, e-mail, birth date, a number of yours or the name of the company. "
    "Think of one that says nothing about you."
)
CYRILLIC = gettext_lazy(
    "The password has Russian or Kazakh letters. Switch the keyboard to English: a password needs at least 6 "
    "characters, only Latin letters, digits, signs and spaces, with at least one letter and one digit."
)
SHORTEST_WORD = 4  # a shorter own word counts only when it is all the letters there are: «yan2024», not «yankee2024»


def rules_for_screen() -> list[ScreenRule]:
    """The lines in the active language, in the order in which they are shown."""
    return [ScreenRule(id, _(text), regex) for id, text, regex in RULES]


def refusals(password: str, *, words: Iterable[str] = ()) -> list[str]:
    """Why this password cannot be taken, in the active language; empty when it can.

    `words` are patterns from `words_about()`. Nothing is trimmed or folded on the way to the hash, only for comparing.
    """
    if re.search(r"[\u0400-\u052f]", password):
        return [str(CYRILLIC)]
    if broken := [rule.text for rule in rules_for_screen() if not _obeys(password, rule.regex)]:
        return broken
    if password.strip().lower() in common_words():
        return [str(COMMON)]
    if _says_who(password, words):
        return [str(OWN)]
    return []


PIN = r"[0-9]{6}"
EASY_PIN = gettext_lazy("This PIN is among the first that anybody would try. Choose six other digits.")
OWN_PIN = gettext_lazy("These digits are a birth date or a number of yours. Choose six other ones.")


def pin_refusal(pin: str, *, words: Iterable[str] = ()) -> str:
    """Why this PIN (six digits already) cannot be taken, in the active language; empty when it can.

    Refused are rows (123456, 975319, 000000), what the list of common passwords knows (112233, 159753), birth dates.
    """
    steps = {(int(after) - int(digit)) % 10 for digit, after in pairwise(pin)}
    if len(steps) == 1 or len(set(pin)) == len("12") or pin in CommonPasswordValidator().passwords:
        return str(EASY_PIN)
    return str(OWN_PIN) if _says_who(pin, words) else ""


class PasswordPolicy:
    """The rules as Django's validator, for the forms of allauth. Without a user only the rule and the list apply."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if reasons := refusals(password, words=words_of(user) if user else ()):
            raise ValidationError(reasons, code="password_refused")

    def get_help_text(self) -> str:
        return ". ".join(rule.text for rule in rules_for_screen()) + "."


@cache
def common_words() -> frozenset[str]:
    listed = CommonPasswordValidator().passwords
    return frozenset(word for word in listed if all(_obeys(word, regex) for _id, _text, regex in RULES))


def words_of(user: AbstractBaseUser) -> frozenset[str]:
    """The local part of the e-mail, and what the apps above know."""
    answers = [words for _receiver, words in own_words_asked.send(sender=type(user), user=user) if words]
    return words_about(email=getattr(user, "email", "")).union(*answers)


def words_about(
    *,
    email: str = "",
    birth_date: date | None = None,
    names: Iterable[str] = (),
    numbers: Iterable[str] = (),
    brands: Iterable[str] = (),
) -> frozenset[str]:
    """Patterns that the folded password of the person they describe must not match anywhere."""
    words = {_pattern(_fold(word)) for word in [email.partition("@")[0], *numbers]}
    words |= {_pattern(_fold(part)) for name in [*names, *brands] for part in name.split()}
    if birth_date:
        words |= _spellings(birth_date)
    return frozenset(words - {""})


# How the letters of Kazakh and Russian names are spelled in Latin: in passports, in the Kazakh alphabet of 2021 without
# its marks, and on a phone. Every mixture of them is one person's habit.
LATIN = {
    "а": "a", "ә": "a ae", "б": "b", "в": "v w", "г": "g", "ғ": "gh g", "д": "d", "е": "e ye ie", "ё": "e yo jo",
    "ж": "zh j", "з": "z", "и": "i", "й": "y i j", "к": "k", "қ": "q k", "л": "l", "м": "m",
    "н": "n", "ң": "ng n", "о": "o", "ө": "o oe",
    "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u ue", "ф": "f", "х": "kh h x", "һ": "h",
    "ц": "ts c", "ч": "ch", "ш": "sh", "щ": "shch sch sh", "ъ": "", "ы": "y i", "і": "i", "ь": "", "э": "e",
    "ю": "yu iu ju", "я": "ya ia ja",
}  # fmt: skip


def _pattern(word: str) -> str:
    """A folded word in every Latin spelling; a short one only as all the letters there are."""
    spelled = "".join(_letter(letter) for letter in word)
    return spelled if len(word) >= SHORTEST_WORD or not spelled else f"^[0-9]*{spelled}[0-9]*$"


def _letter(letter: str) -> str:
    spellings = LATIN.get(letter, letter).split()
    return f"(?:{'|'.join(spellings)})" if len(spellings) > 1 else "".join(spellings)


MONTHS = [
    "january jan yanvarya", "february feb fevralya", "march mar marta", "april apr aprelya", "may may maya",
    "june jun iyunya", "july jul iyulya", "august aug avgusta", "september sep sentyabrya", "october oct oktyabrya",
    "november nov noyabrya", "december dec dekabrya",
]  # fmt: skip


def _spellings(day: date) -> set[str]:
    """Every common way of writing a date, without its separators: 01031950, 1950301, 010350, 1march1950, mar0150."""
    days = {str(day.day), f"{day.day:02}"}
    years = {f"{day:%Y}", f"{day:%y}"}
    months = {str(day.month), f"{day.month:02}", *MONTHS[day.month - 1].split()}
    orders = [
        "".join(parts)
        for d, m, y in product(days, months, years)
        for parts in ((d, m, y), (m, d, y), (y, m, d), (y, d, m))
    ]
    return {text for text in orders if len(text) > SHORTEST_WORD}


def _says_who(password: str, words: Iterable[str]) -> bool:
    pattern = "|".join(words)
    return bool(pattern) and re.search(pattern, _fold(password)) is not None


def _fold(text: str) -> str:
    """Lower case, only letters and digits. Accents go off Latin letters; й and ё are letters of their own."""
    marked = unicodedata.normalize("NFKC", text).casefold()
    plain = (letter if letter in LATIN else unicodedata.normalize("NFKD", letter) for letter in marked)
    return "".join(c for c in "".join(plain) if c.isalnum())


def _obeys(password: str, regex: str) -> bool:
    return re.search(regex, password, re.DOTALL) is not None
