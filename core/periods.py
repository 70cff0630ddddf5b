"""Which days staff look at, and into which parts a chart divides them. Days are those of an insurer's calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.calendar import add_calendar_days
from core.ruler import add_months, segments

Unit = Literal["hour", "day", "week", "month"]
AN_HOUR = timedelta(hours=1)
LONGEST_PERIOD = 366  # days: a year is counted while somebody waits for the page


class Preset(TextChoices):
    TODAY = "today", _("today")
    YESTERDAY = "yesterday", _("yesterday")
    WEEK = "week", _("this week")
    MONTH = "month", _("this month")
    LAST_MONTH = "last_month", _("last month")


@dataclass(frozen=True)
class Period:
    """Both days count."""

    first: date
    last: date

    @property
    def end(self) -> date:
        """The first day after it."""
        return add_calendar_days(self.last, 1)

    @property
    def days(self) -> int:
        return (self.end - self.first).days

    @property
    def in_file_name(self) -> str:
        return f"{self.first:%Y-%m-%d}-{self.last:%Y-%m-%d}"

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From the first instant to the one with which the next day begins. 29 February 2024 lasted 25 hours in Almaty."""
        return midnight(self.first, zone), midnight(self.end, zone)


def period_of(preset: Preset, today: date) -> Period:
    """Weeks begin on Monday. None of them reaches beyond today."""
    first_of_month = today.replace(day=1)
    match preset:
        case Preset.TODAY:
            return Period(today, today)
        case Preset.YESTERDAY:
            return Period(add_calendar_days(today, -1), add_calendar_days(today, -1))
        case Preset.WEEK:
            return Period(add_calendar_days(today, -today.weekday()), today)
        case Preset.MONTH:
            return Period(first_of_month, today)
        case Preset.LAST_MONTH:
            return Period(add_months(first_of_month, -1), add_calendar_days(first_of_month, -1))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


@dataclass(frozen=True)
class Parts:
    """The parts of a period, in order: hours of one day, days, weeks or months."""

    unit: Unit
    starts: tuple[datetime, ...]


def parts_of(period: Period, zone: ZoneInfo) -> Parts:
    """As the day ruler divides a term; one day has as many hours as its zone gives it."""
    if period.days == 1:
        return Parts("hour", _hours(*period.span(zone)))
    unit, ends = segments(period.first, period.end)
    return Parts(unit, tuple(midnight(day, zone) for day in (period.first, *ends[:-1])))


def _hours(begins: datetime, ends: datetime) -> tuple[datetime, ...]:
    count = (ends.astimezone(UTC) - begins.astimezone(UTC)) // AN_HOUR
    return tuple((begins.astimezone(UTC) + n * AN_HOUR).astimezone(begins.tzinfo) for n in range(count))
