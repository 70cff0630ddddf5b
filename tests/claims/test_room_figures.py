"""What the figures of the reviewers' room count."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from claims.rules.facts import Cause, Extension, Suspension
from claims.rules.figures import MEASURES, Decided, Figures, Received, part_of
from core.calendar import WorkingCalendar

CALENDAR = WorkingCalendar()
SINCE = date(2025, 10, 1)  # V12: the decision until 22 October
DUE = date(2025, 10, 22)
A_DAY = timedelta(days=1)


def decided(on: date, **facts: Any) -> Decided:
    given: dict[str, Any] = {
        "insurer": 1, "product": 1, "event": "death", "outcome": "approved", "ground": "", "kind": "first", "since": SINCE,
        "claims": 1,
    }  # fmt: skip
    return Decided(on=on, **(given | facts))


@pytest.mark.parametrize(("on", "is_late"), [(DUE, False), (DUE + A_DAY, True)])
def test_the_last_day_of_the_term_is_in_time(on: date, is_late: bool) -> None:
    assert decided(on).is_late(CALENDAR) is is_late


def test_what_stood_still_or_was_extended_openly_is_not_late() -> None:
    stopped = (Suspension(Cause.AUTHORITY, date(2025, 10, 10), date(2025, 10, 17), "…"),)
    assert not decided(DUE + 2 * A_DAY, stops=stopped).is_late(CALENDAR)
    told = (Extension(date(2025, 10, 20), date(2025, 10, 31), "…"),)
    assert not decided(date(2025, 10, 31), extensions=told).is_late(CALENDAR)
    assert decided(date(2025, 11, 3), extensions=told).is_late(CALENDAR)


def test_sums_are_read_as_shares_and_middles() -> None:
    figures = Figures()
    figures.receive(Received(1, 1, "death", SINCE, 3))
    for days, late in ((2, False), (2, False), (9, False), (40, True)):
        cell = decided(SINCE + days * A_DAY, outcome="refused" if late else "approved", ground="EX-13" if late else "")
        figures.decide(cell, is_late=late)
    with override("en"):
        values = {str(measure.label): measure.in_words(figures) for measure in MEASURES}
    assert values["Claims received"] == "3"
    assert (values["Decided"], values["Decided to refuse"]) == ("4", "1")
    assert values["Decided in time"].startswith("75")
    assert (values["Half were decided within, days"], values["Nine of ten were decided within, days"]) == ("2", "40")
    assert figures.grounds == {"EX-13": 1}


def test_where_nothing_was_decided_nothing_is_a_share() -> None:
    figures = Figures()
    assert figures.is_empty
    assert figures.in_time is None
    assert {measure.in_words(figures) for measure in MEASURES} == {"0", "–"}


def test_a_day_lies_in_the_part_that_begins_last_before_it() -> None:
    starts = [SINCE, SINCE + 7 * A_DAY]
    assert [part_of(SINCE + days * A_DAY, starts) for days in (0, 6, 7, 30)] == [0, 0, 1, 1]
