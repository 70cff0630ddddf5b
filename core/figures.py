"""How figures are written for people. Nothing stays nothing."""

from datetime import timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext as _

HARD_SPACE = "\N{NO-BREAK SPACE}"


def lasted(span: timedelta | None) -> str:
    """«45 с», «3 мин 10 с», «1 ч 5 мин»; whole seconds, a span below 0 is none."""
    if span is None:
        return ""
    minutes, seconds = divmod(max(int(span.total_seconds()), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return _pattern(hours, minutes).replace(" ", HARD_SPACE) % {"hours": hours, "minutes": minutes, "seconds": seconds}


def _pattern(hours: int, minutes: int) -> str:
    if hours:
        return _("%(hours)s h %(minutes)s min")
    return _("%(minutes)s min %(seconds)s s") if minutes else _("%(seconds)s s")


def percent(share: float | None) -> str:
    """0.925 is «92,5 %»."""
    return "" if share is None else f"{number_format(share * 100, decimal_pos=1)}{HARD_SPACE}%"
