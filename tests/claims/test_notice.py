"""The notice: a late one refuses nobody, a country on a list warns, and a death by itself does without some papers."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from claims.rules.events import InsuredEvent
from claims.rules.notice import (
    Circumstances,
    EarlierKnowledge,
    Excluded,
    Source,
    Spared,
    Standing,
    TerritoryGround,
    spared,
    territory_warnings,
    timeliness,
)
from tests.claims.stories import KAZAKHSTAN

EVENT, LAST = date(2025, 1, 10), date(2025, 3, 11)  # V14
LATE = LAST + timedelta(days=1)


def knew(on: date) -> EarlierKnowledge:
    return EarlierKnowledge(on, Source.CALL, "record 117 of the call centre")


def test_v14_the_sixtieth_day_is_in_time_and_the_next_one_is_late() -> None:
    in_time, late = (timeliness(EVENT, day, (), KAZAKHSTAN) for day in (LAST, LATE))
    assert (in_time.standing, in_time.days_late) == (Standing.IN_TIME, 0)
    assert (late.standing, late.days_late) == (Standing.LATE, 1)


@pytest.mark.parametrize(
    ("known_on", "standing"),
    [
        (EVENT, Standing.KNOWN),
        (LAST, Standing.KNOWN),
        (LATE, Standing.LATE),
        (EVENT - timedelta(days=1), Standing.LATE),  # nobody knows of an event before it
    ],
)
def test_a_late_notice_does_no_harm_where_the_insurer_knew_in_time(known_on: date, standing: Standing) -> None:
    assert timeliness(EVENT, LATE, [knew(known_on)], KAZAKHSTAN).standing == standing


def test_of_several_proofs_the_earliest_is_shown() -> None:
    early, later = knew(date(2025, 1, 12)), knew(date(2025, 2, 1))
    assert timeliness(EVENT, LATE, [knew(LATE), later, early], KAZAKHSTAN).knowledge == early


def test_who_told_in_time_needs_no_proof() -> None:
    assert timeliness(EVENT, LAST, [knew(EVENT)], KAZAKHSTAN).knowledge is None


WAR = Excluded("SD", TerritoryGround.WAR, date(2023, 4, 15), None, "List of the Ministry, 2023")
CLOSED = Excluded("SD", TerritoryGround.EPIDEMIC, date(2024, 8, 1), date(2025, 1, 9), "WHO")


def test_a_country_warns_while_it_is_on_a_list() -> None:
    assert territory_warnings("SD", EVENT, [WAR, CLOSED]) == (WAR,)
    assert territory_warnings("SD", EVENT - timedelta(days=1), [WAR, CLOSED]) == (WAR, CLOSED)
    assert territory_warnings("SD", date(2023, 4, 14), [WAR, CLOSED]) == ()
    assert territory_warnings("KZ", EVENT, [WAR, CLOSED]) == ()


@pytest.mark.parametrize(
    ("told", "without"),
    [
        (Circumstances(), {}),
        (Circumstances(by_accident=True, declared_by_court=False, by_inheritance=True), {}),
        (Circumstances(by_accident=False), {"D4": Spared.NOT_AN_ACCIDENT}),
        (Circumstances(declared_by_court=True), {"D3": Spared.BY_COURT, "D5": Spared.BY_COURT}),
        (Circumstances(by_inheritance=False), {"D6": Spared.NAMED}),
    ],
)
def test_only_what_a_death_surely_does_without_is_not_asked_for(
    told: Circumstances, without: dict[str, Spared]
) -> None:
    assert spared(InsuredEvent.DEATH, told) == without


def test_a_disability_needs_every_paper_whatever_was_told() -> None:
    assert spared(InsuredEvent.DISABILITY, Circumstances(False, True, False)) == {}


def test_every_ground_is_told_in_words() -> None:
    with override("en"):
        assert str(Spared.BY_COURT.label) == "A court declared the person dead."
