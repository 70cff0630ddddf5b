"""Opening hours: {"mon-fri": ["09:00", "21:00"], "sat": ["10:00", "16:00"]}.

A key is a day, a range of days or "daily"; a value is one pair of times, or a list of pairs where there is a break.
A day that is not named is closed; ["00:00", "24:00"] is around the clock. Times are on the wall where the office is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby, pairwise
from typing import Any

from core.dates import SHORT_WEEKDAYS
from core.languages import chosen

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60
CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)

AROUND_THE_CLOCK = {"kk": "тәулік бойы", "ru": "круглосуточно", "en": "around the clock"}
DAILY = {"kk": "күн сайын", "ru": "ежедневно", "en": "daily"}

Span = tuple[int, int]  # opens, closes: minutes from midnight
WHOLE_DAY: tuple[Span, ...] = ((0, MIDNIGHT),)


class OpeningHoursError(ValueError):
    """The data cannot be read as opening hours."""


@dataclass(frozen=True)
class OpenState:
    """`changes_at`: when it closes if it is open, else when it opens next; None if it never changes."""

    open: bool
    changes_at: datetime | None
    around_clock: bool = False


@dataclass(frozen=True)
class OpeningHours:
    week: tuple[tuple[Span, ...], ...]  # Monday first

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "OpeningHours":
        """Raises OpeningHoursError."""
        week: list[tuple[Span, ...]] = [()] * 7
        for key, value in data.items():
            for day in days_of(key):
                if week[day]:
                    raise OpeningHoursError(f"{DAYS[day]} is named twice")
                week[day] = spans_of(value)
        return cls(tuple(week))

    @property
    def around_clock(self) -> bool:
        return all(spans == WHOLE_DAY for spans in self.week)

    def state(self, at: datetime) -> OpenState:
        """`at` is an aware instant in the office's own zone (`now.astimezone(zone)`), and so is the answer."""
        if at.tzinfo is None:
            raise OpeningHoursError("the instant has no time zone")
        if self.around_clock:
            return OpenState(True, None, around_clock=True)
        for opens, closes in self._ahead(at):
            if at < opens:
                return OpenState(False, opens)
            if at < closes:
                return OpenState(True, closes)
        return OpenState(False, None)

    def lines(self, language: str | None = None) -> list[str]:
        """«пн–пт 9:00–21:00», «сб 10:00–16:00»; «круглосуточно»."""
        language = chosen(language)
        if self.around_clock:
            return [AROUND_THE_CLOCK[language]]
        runs = [(spans, list(days)) for spans, days in groupby(range(7), key=self.week.__getitem__)]
        return [f"{days_in_words(days, language)} {in_words(spans, language)}" for spans, days in runs if spans]

    def _ahead(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Today and the next seven days; hours that meet at midnight are one."""
        pending: tuple[datetime, datetime] | None = None
        for opens, closes in self._spans_ahead(at):
            if pending and pending[1] == opens:
                pending = (pending[0], closes)
                continue
            if pending:
                yield pending
            pending = (opens, closes)
        if pending:
            yield pending

    def _spans_ahead(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        for offset in range(8):
            midnight = datetime.combine(at.date(), time(), at.tzinfo) + timedelta(days=offset)
            for opens, closes in self.week[midnight.weekday()]:
                yield midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes)


def days_of(key: str) -> range:
    if key == "daily":
        return range(7)
    first, _dash, last = key.partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        raise OpeningHoursError(f"{key!r} is not a day, a range of days or 'daily'")
    days = range(DAYS.index(first), DAYS.index(last or first) + 1)
    if not days:
        raise OpeningHoursError(f"{key!r} runs backwards: the week begins on Monday")
    return days


def spans_of(value: Any) -> tuple[Span, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise OpeningHoursError(f"{value!r} is not a pair of times")
    pairs = [value] if isinstance(value[0], str) else value
    spans = tuple(span_of(pair) for pair in pairs)
    if any(later[0] <= earlier[1] for earlier, later in pairwise(spans)):
        raise OpeningHoursError(f"{value!r} overlap or stand in the wrong order")
    return spans


def span_of(pair: Any) -> Span:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise OpeningHoursError(f"{pair!r} is not a pair of times")
    opens, closes = map(minutes, pair)
    if closes <= opens:
        raise OpeningHoursError(f"{pair!r} closes before it opens")
    return opens, closes


def minutes(text: Any) -> int:
    """From midnight; "24:00" is the end of the day."""
    match = CLOCK.fullmatch(text) if isinstance(text, str) else None
    total = int(match[1]) * 60 + int(match[2]) if match else MIDNIGHT + 1
    if total > MIDNIGHT:
        raise OpeningHoursError(f"{text!r} is not a time of the day")
    return total


def days_in_words(days: list[int], language: str) -> str:
    names = SHORT_WEEKDAYS[language]
    if len(days) == 7:
        return DAILY[language]
    return names[days[0]] if len(days) == 1 else f"{names[days[0]]}–{names[days[-1]]}"


def in_words(spans: tuple[Span, ...], language: str) -> str:
    if spans == WHOLE_DAY:
        return AROUND_THE_CLOCK[language]
    return ", ".join(f"{clock(opens)}–{clock(closes)}" for opens, closes in spans)


def clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
