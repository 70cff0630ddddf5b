"""A refusal names its ground, the clause, what shows it, and every way to object."""

from datetime import date

import pytest

from claims.rules.events import InsuredEvent
from claims.rules.life import Way
from claims.rules.refusals import BASES, HOW_TO_OBJECT, Ground, Lack, Proof, lacks

SINCE = date(2024, 2, 29)  # the contract's first day


def lacking(
    ground: Ground,
    *,
    event: InsuredEvent = InsuredEvent.DEATH,
    evidence: str = "Act of 3 March, page 2",
    has_document: bool = True,
    happened_on: date = SINCE,
) -> list[Lack]:
    return lacks(
        ground,
        event=event,
        evidence=evidence,
        has_document=has_document,
        contract_since=SINCE,
        happened_on=happened_on,
    )


def test_every_ground_of_chapter_8_is_there_once() -> None:
    assert set(BASES) == set(Ground)
    expected = [
        *(f"8.1({n})" for n in range(1, 17)), "8.5", *(f"8.2({n})" for n in range(1, 7)), "8.3",
    ]  # fmt: skip
    assert [BASES[ground].clause for ground in Ground] == expected
    assert Ground.values == [*(f"EX-{n:02}" for n in range(1, 18)), *(f"RF-{n:02}" for n in range(1, 8))]
    assert len({str(ground.label) for ground in Ground}) == len(Ground)


@pytest.mark.parametrize("ground", Ground)
def test_no_ground_refuses_without_words_on_what_shows_it(ground: Ground) -> None:
    event = BASES[ground].events[0]
    assert lacking(ground, event=event) == []
    assert lacking(ground, event=event, evidence=" \n") == [Lack.EVIDENCE]
    assert str(BASES[ground].question).endswith("?")


@pytest.mark.parametrize("ground", Ground)
def test_where_the_rules_want_a_document_the_refusal_names_one(ground: Ground) -> None:
    wanting = (Ground.EX_05, Ground.EX_06, Ground.EX_07, Ground.EX_12, Ground.RF_01)
    assert (BASES[ground].proof != Proof.FACTS) == (ground in wanting)
    found = lacking(ground, event=BASES[ground].events[0], has_document=False)
    assert found == ([Lack.DOCUMENT] if ground in wanting else [])


@pytest.mark.parametrize(
    ("ground", "event"),
    [
        (Ground.EX_15, InsuredEvent.DISABILITY), (Ground.RF_06, InsuredEvent.DISABILITY),
        (Ground.EX_16, InsuredEvent.DEATH), (Ground.EX_17, InsuredEvent.DEATH),
    ],
)  # fmt: skip
def test_a_ground_about_another_event_refuses_nothing(ground: Ground, event: InsuredEvent) -> None:
    assert lacking(ground, event=event) == [Lack.EVENT]


@pytest.mark.parametrize(
    ("ground", "happened_on", "found"),
    [
        (Ground.EX_13, date(2026, 2, 28), []),  # two years are over with this day
        (Ground.EX_13, date(2026, 3, 1), [Lack.TERM]),
        (Ground.EX_15, date(2020, 1, 1), []),  # there before the contract
        (Ground.EX_15, date(2024, 5, 28), []),  # three months, the first and the last day included
        (Ground.EX_15, date(2024, 5, 29), [Lack.TERM]),
        (Ground.EX_12, date(2034, 3, 1), []),
    ],
)
def test_suicide_and_a_disease_found_later_refuse_only_within_their_terms(
    ground: Ground, happened_on: date, found: list[Lack]
) -> None:
    assert lacking(ground, happened_on=happened_on) == found


def test_everything_that_lacks_is_said_at_once() -> None:
    assert lacking(Ground.EX_05, evidence="", has_document=False) == [Lack.EVIDENCE, Lack.DOCUMENT]


def test_there_are_four_ways_to_object() -> None:
    """7.10."""
    assert list(HOW_TO_OBJECT) == list(Way)
    assert all(advice.words for advice in HOW_TO_OBJECT.values())
