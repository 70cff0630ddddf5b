"""How facts are written for people: dates, durations, money, phones. The active language decides."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django import template

from core import dates, figures
from core.countries import country_name
from core.identity import mask_iin
from core.languages import in_language
from core.money import Money, format_money
from core.phones import mask_contact, mask_email, mask_phone

register = template.Library()

HARD_SPACE = "\N{NO-BREAK SPACE}"
# A tag (left alone), or a space between a number and its noun, after № or after a Russian word of one letter.
LOOSE = re.compile(r"<[^>]*>|(?<=\d) (?=[^\W\d_]{2}|г\.)|(?<=№) (?=\d)|(?<!\w)[вкосуиаВКОСУИА] (?=\w)")


def date_filter(phrase: Callable[[date], str]) -> None:
    """Nothing stays nothing; an instant becomes the day in the current zone."""

    def in_words(value: date | None) -> str:
        return phrase(value) if value else ""

    register.filter(phrase.__name__, in_words, expects_localtime=True)


for phrase in (
    dates.long_date, dates.short_date, dates.day_month, dates.from_date, dates.until_date, dates.on_date,
    dates.weekday, dates.short_weekday,
):  # fmt: skip
    date_filter(phrase)

register.filter("said", in_language)
register.filter("country", country_name)
register.filter("lasted", figures.lasted)
register.filter("percent", figures.percent)
register.filter("zone_in_words", dates.zone_in_words)
register.filter("mask_phone", mask_phone)
register.filter("mask_email", mask_email)
register.filter("mask_contact", mask_contact)
register.filter("mask_iin", mask_iin)


@register.filter
def money(value: Money | Decimal | None, currency: str = "") -> str:
    """{{ premium|money }} for Money, {{ amount|money:"KZT" }} for an amount."""
    if value is None:
        return ""
    return format_money(value if isinstance(value, Money) else Money(value, currency))


@register.filter(is_safe=True)
def nbsp(text: str) -> str:
    """«15 дней», «№ 7» and «в полис» do not break; tags in the text keep their spaces."""
    return LOOSE.sub(lambda match: match[0] if match[0].startswith("<") else match[0][:-1] + HARD_SPACE, text)
