"""Dates as people type and read them.

The months stand here in the cases that sentences need: Kazakh puts the suffix on the month («2026 жылғы 1
желтоқсаннан»), Russian wants the genitive («с 1 декабря 2026 года»). A catalogue of translations cannot know which.
"""

import re
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import InputError
from core.languages import chosen

PLAIN, FROM, UNTIL, ON = range(4)  # the columns: as it is, шығыс, барыс and жатыс септік
KAZAKH_MONTHS = (
    ("қаңтар", "қаңтардан", "қаңтарға", "қаңтарда"),
    ("ақпан", "ақпаннан", "ақпанға", "ақпанда"),
    ("наурыз", "наурыздан", "наурызға", "наурызда"),
    ("сәуір", "сәуірден", "сәуірге", "сәуірде"),
    ("мамыр", "мамырдан", "мамырға", "мамырда"),
    ("маусым", "маусымнан", "маусымға", "маусымда"),
    ("шілде", "шілдеден", "шілдеге", "шілдеде"),
    ("тамыз", "тамыздан", "тамызға", "тамызда"),
    ("қыркүйек", "қыркүйектен", "қыркүйекке", "қыркүйекте"),
    ("қазан", "қазаннан", "қазанға", "қазанда"),
    ("қараша", "қарашадан", "қарашаға", "қарашада"),
    ("желтоқсан", "желтоқсаннан", "желтоқсанға", "желтоқсанда"),
)
MONTHS = {
    "kk": tuple(month[PLAIN] for month in KAZAKH_MONTHS),
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
WEEKDAYS = {
    "kk": ("дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі"),
    "ru": ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
SHORT_WEEKDAYS = {
    "kk": ("дс", "сс", "ср", "бс", "жм", "сб", "жс"),
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}

DAY_FIRST = re.compile(r"([0-9]{1,2})[ ./-]+([0-9]{1,2})[ ./-]+([0-9]{4})")
YEAR_FIRST = re.compile(r"([0-9]{4})[ ./-]+([0-9]{1,2})[ ./-]+([0-9]{1,2})")


class DateNotUnderstood(InputError):
    """`code` is "form" (not a date at all) or "day" (no such day)."""


ZONES = {"Asia/Almaty": gettext_lazy("Astana time"), "Europe/Moscow": gettext_lazy("Moscow time")}


def zone_in_words(zone: str) -> str:
    """As people call the clock of a zone («Astana time»); the zone's own name where we have no word for it."""
    return str(ZONES.get(zone, zone))


def parse_date(text: str) -> date:
    """Day first (14.03.1961, 14/03/1961, 14 03 1961) or ISO (1961-03-14), spaces anywhere between the numbers."""
    text = " ".join(text.split())  # also the hard spaces that come with a pasted date
    if match := DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, match.groups())
    else:
        raise DateNotUnderstood("form", _("Enter the date as day, month and year, for example 14.03.1961"))
    try:
        return date(year, month, day)
    except ValueError:
        raise DateNotUnderstood("day", _("There is no such day in the calendar")) from None


def short_date(day: date) -> str:
    """24.11.2026 in every language."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def day_month(day: date, language: str | None = None) -> str:
    """«24 ноября», «24 қараша», "24 November"."""
    return f"{day.day} {MONTHS[chosen(language)][day.month - 1]}"


def long_date(day: date, language: str | None = None) -> str:
    """«24 ноября 2026 года», «2026 жылғы 24 қараша», "24 November 2026"."""
    language = chosen(language)
    match language:
        case "kk":
            return kazakh_date(day, PLAIN)
        case "ru":
            return f"{day_month(day, language)} {day.year} года"
        case _:
            return f"{day_month(day, language)} {day.year}"


def from_date(day: date, language: str | None = None) -> str:
    """«с 1 декабря 2026 года», «2026 жылғы 1 желтоқсаннан», "from 1 December 2026"."""
    match chosen(language):
        case "kk":
            return kazakh_date(day, FROM)
        case "ru":
            preposition = "со" if day.day == 2 else "с"  # со второго
            return f"{preposition} {long_date(day, 'ru')}"
        case _:
            return f"from {long_date(day, 'en')}"


def until_date(day: date, language: str | None = None) -> str:
    """«до 1 декабря 2026 года», «2026 жылғы 1 желтоқсанға дейін», "until 1 December 2026"."""
    match chosen(language):
        case "kk":
            return f"{kazakh_date(day, UNTIL)} дейін"
        case "ru":
            return f"до {long_date(day, 'ru')}"
        case _:
            return f"until {long_date(day, 'en')}"


def on_date(day: date, language: str | None = None) -> str:
    """«1 декабря 2026 года», «2026 жылғы 1 желтоқсанда», "on 1 December 2026"."""
    match chosen(language):
        case "kk":
            return kazakh_date(day, ON)
        case "ru":
            return long_date(day, "ru")
        case _:
            return f"on {long_date(day, 'en')}"


def weekday(day: date, language: str | None = None) -> str:
    """«понедельник», «дүйсенбі», "Monday"."""
    return WEEKDAYS[chosen(language)][day.weekday()]


def short_weekday(day: date, language: str | None = None) -> str:
    """«пн», «дс», "Mon"."""
    return SHORT_WEEKDAYS[chosen(language)][day.weekday()]


def kazakh_date(day: date, case: int) -> str:
    return f"{day.year} жылғы {day.day} {KAZAKH_MONTHS[day.month - 1][case]}"
