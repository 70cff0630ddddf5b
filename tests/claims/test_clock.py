"""What a claim keeps of its running terms: enough for the engine, and the same for all claims whose terms run alike.

That it is enough under any life: tests/claims/test_timeline.py.
"""

from dataclasses import replace
from datetime import date

from claims.rules.clock import NEVER, clock_of, read_clock
from claims.rules.events import InsuredEvent
from claims.rules.facts import Cause, Objection, ReviewKind
from claims.rules.life import Event, State, Way
from claims.rules.terms import TermKind
from core.calendar import WorkingCalendar
from tests.claims.stories import KAZAKHSTAN, Story


def complete(event_on: date = date(2025, 9, 1), event: InsuredEvent = InsuredEvent.DISABILITY) -> Story:
    """All documents on 1 October 2025: vector V12."""
    story = Story(event_on, date(2025, 9, 3), event)
    story.deliver(date(2025, 10, 1))
    story.complete(date(2025, 10, 3), since=date(2025, 10, 1))
    return story


def test_claims_that_became_complete_on_the_same_day_have_the_same_clock() -> None:
    one, other = complete(), complete(date(2025, 8, 7), InsuredEvent.DEATH)
    other.suspend(date(2025, 10, 6), why="")
    assert clock_of(one.facts) != clock_of(other.facts)
    assert clock_of(one.facts) == clock_of(complete(date(2025, 8, 7), InsuredEvent.DEATH).facts)


def test_a_decision_of_v12_and_v13() -> None:
    """requirements.md, section 7: an empty calendar, and one day off more."""
    text = clock_of(complete().facts)
    assert read_clock(text, WorkingCalendar()).on == date(2025, 10, 22)
    assert read_clock(text, WorkingCalendar(overrides={date(2025, 10, 7): False})).on == date(2025, 10, 23)


def test_a_payment_of_v12_and_v13() -> None:
    story = complete()
    story.approve(date(2025, 10, 10))
    text = clock_of(story.facts)
    found = read_clock(text, WorkingCalendar())
    assert (found.kind, found.on, dict(found.pay_by)) == (TermKind.PAYMENT, date(2025, 11, 12), {1: date(2025, 11, 12)})
    assert read_clock(text, WorkingCalendar(overrides={date(2025, 10, 27): False})).on == date(2025, 11, 13)


def test_of_instalments_the_next_unpaid_one_counts_and_each_has_the_last_day_for_paying() -> None:
    story = complete()
    story.approve(date(2025, 10, 10), *(date(2025, month, 15) for month in (10, 11, 12)))
    found = read_clock(clock_of(story.facts), WorkingCalendar())
    assert (found.kind, found.on) == (TermKind.PAYMENT, date(2025, 11, 12))  # that of October
    story.pay(date(2025, 11, 3))
    found = read_clock(clock_of(story.facts), WorkingCalendar())
    assert (found.kind, found.on, dict(found.pay_by)) == (
        TermKind.INSTALMENT,
        date(2025, 11, 15),
        {1: date(2025, 11, 12)},
    )


def test_while_an_authority_is_asked_nothing_is_next() -> None:
    story = complete()
    story.suspend(date(2025, 10, 6))
    found = read_clock(clock_of(story.facts), KAZAKHSTAN)
    assert (found.kind, found.on) == (None, NEVER)


def test_while_a_criminal_case_lasts_nobody_knows_the_last_day_for_paying() -> None:
    story = complete()
    story.approve(date(2025, 10, 10))
    story.suspend(date(2025, 10, 13), Cause.CRIMINAL_CASE)
    assert dict(read_clock(clock_of(story.facts), KAZAKHSTAN).pay_by) == {1: NEVER}


def test_an_objection_runs_beside_and_after_its_answer_no_more() -> None:
    story = complete()
    story.refuse(date(2025, 10, 10))
    story.close(date(2025, 12, 1))
    filed = replace(story.facts, objections=(Objection(Way.OMBUDSMAN, date(2025, 12, 1)),))
    assert read_clock(clock_of(filed), WorkingCalendar()).kind == TermKind.OMBUDSMAN
    answered = replace(story.facts, objections=(Objection(Way.OMBUDSMAN, date(2025, 12, 1), date(2025, 12, 2)),))
    assert read_clock(clock_of(answered), WorkingCalendar()).kind is None


def test_a_claim_that_was_set_aside_has_no_clock_and_goes_on_when_taken_up_again() -> None:
    story = Story(date(2025, 9, 1), date(2025, 9, 3))
    story.deliver(date(2025, 10, 1))
    story.set_aside(date(2025, 10, 2))
    assert read_clock(clock_of(story.facts), KAZAKHSTAN).on == NEVER
    story.restore(date(2025, 10, 13))
    assert story.facts.state == State.CHECKING
    assert read_clock(clock_of(story.facts), WorkingCalendar()).on == date(2025, 10, 20)


def test_a_re_certification_runs_beside_what_is_still_to_be_paid() -> None:
    story = complete()
    story.approve(date(2025, 10, 10), date(2026, 3, 15))
    story.pay(date(2026, 3, 13))
    story.begin_again(date(2026, 4, 1), Event.RECERTIFY, ReviewKind.RECERTIFICATION)
    assert read_clock(clock_of(story.facts), WorkingCalendar()).on == date(2026, 4, 15)
