"""The timeline that the insured person, the letter and the staff queue share: each state by hand, and any life at random."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from claims.rules.clock import NEVER, clock_of, read_clock
from claims.rules.coming import Coming, Condition, Mover
from claims.rules.events import InsuredEvent
from claims.rules.facts import Cause, Certificate, Objection, ReviewKind
from claims.rules.life import OPEN_STATES, UNDER_REVIEW, Event, State, Way, WrongMoment
from claims.rules.passed import What
from claims.rules.terms import Side, TermKind, check_extension, deadlines, decision_of, nearest, payment_term
from claims.rules.timeline import Timeline, Urgency, timeline, urgency_of
from core.calendar import WorkingCalendar, add_calendar_days
from tests.claims.stories import KAZAKHSTAN, Story

MONDAY = date(2026, 11, 23)
EDITED = WorkingCalendar("KZ", {date(2026, month, 10): month % 2 == 0 for month in range(1, 13)})


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def story() -> Story:
    """The claim of design.md: disability established on 12 October, told on the 19th, something missing from what came."""
    told = Story(day(10, 12), day(10, 19))
    told.deliver(day(11, 2))
    told.name_missing(day(11, 5))
    return told


@pytest.fixture
def complete(story: Story) -> Story:
    """All documents with us on 23 November, seen on the 25th."""
    story.hand_in(MONDAY)
    story.complete(day(11, 25), since=MONDAY)
    return story


def passed(seen: Timeline) -> list[tuple[What, date, str]]:
    """«3 of 5» where it was done in a term."""
    return [
        (one.what, one.on, f"{one.ended.day(one.on)} of {one.ended.term.n}" if one.ended else "") for one in seen.passed
    ]


def running(seen: Timeline) -> list[tuple[TermKind, date | None, str, Urgency]]:
    return [(one.deadline.kind, one.deadline.due, one.counted, one.urgency) for one in seen.running]


def comes(seen: Timeline) -> list[tuple[TermKind, date]]:
    return [(one.kind, one.by) for one in seen.coming]


# ── Day by day ───────────────────────────────────────────────────────────────
def test_from_the_notice_on_it_says_what_comes_if_the_documents_come_today() -> None:
    seen = Story(day(10, 12), day(10, 19)).on(MONDAY)
    assert passed(seen) == [(What.EVENT, day(10, 12), ""), (What.NOTICE, day(10, 19), "7 of 60")]
    assert seen.coming == (
        Coming(TermKind.DECISION, day(12, 14), Condition.ALL_RECEIVED, MONDAY),
        Coming(TermKind.PAYMENT, day(1, 8, 2027), Condition.ALL_RECEIVED, MONDAY),
    )
    assert (seen.waits_for, seen.urgency, seen.movers) == (
        Side.CLAIMANT, Urgency.NOT_RUNNING, (Mover.LAST_DOCUMENT,),
    )  # fmt: skip


def test_the_page_of_the_design_with_two_documents_missing_and_one_being_checked(story: Story) -> None:
    story.deliver(day(11, 20))
    seen = story.on(day(11, 20), expected_on=MONDAY)
    assert passed(seen)[1:] == [
        (What.NOTICE, day(10, 19), "7 of 60"),
        (What.RECEIVED, day(11, 2), ""),
        (What.MISSING, day(11, 5), "3 of 5"),
        (What.RECEIVED, day(11, 20), ""),
    ]
    assert running(seen) == [(TermKind.CHECK, day(11, 27), "", Urgency.LATER)]
    assert comes(seen) == [(TermKind.DECISION, day(12, 14)), (TermKind.PAYMENT, day(1, 8, 2027))]
    assert seen.waits_for == Side.CLAIMANT
    assert seen.days_off == (day(12, 16), day(1, 1, 2027), day(1, 4, 2027), day(1, 7, 2027))


def test_a_day_that_is_over_is_not_expected_any_more(story: Story) -> None:
    assert {one.on for one in story.on(MONDAY, expected_on=day(11, 9)).coming} == {MONDAY}


def test_when_all_was_handed_in_the_days_count_from_it_if_nothing_is_missing(story: Story) -> None:
    story.deliver(day(11, 20))
    story.hand_in(MONDAY)
    seen = story.on(day(11, 26))
    assert running(seen) == [(TermKind.CHECK, day(11, 27), "working day 4 of 5", Urgency.TOMORROW)]
    assert seen.coming[0] == Coming(TermKind.DECISION, day(12, 14), Condition.NOTHING_MISSING, MONDAY)
    assert (seen.waits_for, seen.movers) == (Side.INSURER, (Mover.MISSING,))


def test_the_review_runs_from_the_day_the_last_document_came(complete: Story) -> None:
    seen = complete.on(day(12, 1))
    assert passed(seen)[-3:] == [
        (What.RECEIVED, MONDAY, ""),
        (What.COMPLETE, MONDAY, ""),
        (What.NOTHING_MISSING, day(11, 25), "2 of 5"),
    ]
    assert running(seen) == [(TermKind.DECISION, day(12, 14), "working day 6 of 15", Urgency.LATER)]
    assert seen.coming == (Coming(TermKind.PAYMENT, day(1, 8, 2027), Condition.APPROVAL),)
    assert seen.movers == (Mover.AUTHORITY, Mover.CRIMINAL_CASE, Mover.EXTENSION, Mover.CALENDAR)


@pytest.mark.parametrize(
    ("today", "urgency", "late"),
    [
        (day(12, 12), Urgency.LATER, 0),
        (day(12, 13), Urgency.TOMORROW, 0),
        (day(12, 14), Urgency.TODAY, 0),
        (day(12, 15), Urgency.OVERDUE, 1),
        (day(12, 24), Urgency.OVERDUE, 10),
    ],
)
def test_the_queue_s_word_changes_at_midnight(complete: Story, today: date, urgency: Urgency, late: int) -> None:
    seen = complete.on(today)
    assert seen.urgency == urgency
    assert seen.nearest is not None
    assert seen.nearest.days_late == late
    assert comes(seen) == [(TermKind.PAYMENT, day(1, 8, 2027))]


def test_while_an_authority_is_asked_the_clock_stands_and_the_days_after_the_answer_are_told(complete: Story) -> None:
    complete.suspend(day(11, 27), why="Request 12 to the prosecutor")
    seen = complete.on(day(12, 10))
    assert seen.passed[-1].what == What.AUTHORITY
    assert seen.passed[-1].why == "Request 12 to the prosecutor"
    assert running(seen) == [(TermKind.DECISION, None, "working day 4 of 15", Urgency.NOT_RUNNING)]
    assert seen.coming == (
        Coming(TermKind.DECISION, day(12, 28), Condition.ANSWER, day(12, 10)),
        Coming(TermKind.PAYMENT, day(1, 21, 2027), Condition.ANSWER, day(12, 10)),
    )
    assert (seen.waits_for, seen.urgency) == (Side.AUTHORITY, Urgency.NOT_RUNNING)


def test_asked_when_the_days_ran_out_the_review_stays_late(complete: Story) -> None:
    complete.suspend(day(12, 15))
    seen = complete.on(day(12, 20))
    assert running(seen) == [(TermKind.DECISION, day(12, 14), "working day 15 of 15", Urgency.OVERDUE)]
    assert comes(seen) == [(TermKind.PAYMENT, day(1, 8, 2027))]
    assert seen.waits_for == Side.AUTHORITY


def test_after_the_answer_the_day_that_was_told_holds(complete: Story) -> None:
    complete.suspend(day(11, 27))
    complete.answer(day(12, 10))
    assert running(complete.on(day(12, 10))) == [
        (TermKind.DECISION, day(12, 28), "working day 4 of 15", Urgency.LATER)
    ]  # fmt: skip


def test_a_letter_tells_the_new_date_of_an_extension_and_its_reason(complete: Story) -> None:
    complete.extend(day(12, 14), until=day(12, 25), why="The act of the employer is being verified")
    seen = complete.on(day(12, 14))
    told = seen.passed[-1]
    assert (told.what, told.until, told.why) == (
        What.EXTENDED, day(12, 25), "The act of the employer is being verified",
    )  # fmt: skip
    assert running(seen) == [(TermKind.DECISION, day(12, 25), "working day 15 of 23", Urgency.LATER)]


def test_decided_early_the_payment_keeps_its_day(complete: Story) -> None:
    complete.approve(day(12, 2))
    seen = complete.on(day(12, 15))
    assert passed(seen)[-1] == (What.APPROVED, day(12, 2), "7 of 15")
    assert running(seen) == [(TermKind.PAYMENT, day(1, 8, 2027), "working day 1 of 15", Urgency.LATER)]
    assert comes(seen) == []


def test_a_criminal_case_after_the_decision_stops_the_payment(complete: Story) -> None:
    complete.approve(day(12, 2))
    complete.suspend(day(12, 18), Cause.CRIMINAL_CASE)
    seen = complete.on(day(12, 28))
    assert running(seen) == [(TermKind.PAYMENT, None, "working day 3 of 15", Urgency.NOT_RUNNING)]
    assert seen.coming == (Coming(TermKind.PAYMENT, day(1, 18, 2027), Condition.ANSWER, day(12, 28)),)


def test_instalments_show_the_next_one_and_those_that_are_late(complete: Story) -> None:
    complete.approve(day(12, 2), *(date(2027, month, 15) for month in (1, 2, 3)))
    assert comes(complete.on(day(1, 14, 2027))) == [(TermKind.INSTALMENT, day(1, 15, 2027))]
    seen = complete.on(day(2, 14, 2027))
    assert running(seen) == [(TermKind.INSTALMENT, day(1, 15, 2027), "", Urgency.OVERDUE)]
    assert comes(seen) == [(TermKind.INSTALMENT, day(2, 15, 2027))]
    complete.pay(day(2, 14, 2027))
    seen = complete.on(day(2, 14, 2027))
    assert (seen.urgency, running(seen)) == (Urgency.TOMORROW, [])
    assert seen.passed[-1].ended is not None
    assert seen.passed[-1].ended.days_late(day(2, 14, 2027)) == 30


def test_of_a_payout_for_a_death_nobody_asks_whether_the_disability_lasts(complete: Story) -> None:
    complete.approve(day(12, 2), day(1, 15, 2027), day(2, 15, 2027))
    complete.pay(day(1, 15, 2027))
    assert complete.on(day(1, 15, 2027)).movers == (Mover.REHABILITATION,)
    complete.facts = replace(complete.facts, event=InsuredEvent.DEATH)
    assert complete.on(day(1, 15, 2027)).movers == ()


def test_a_re_certification_is_decided_in_ten_working_days(complete: Story) -> None:
    complete.approve(day(12, 2))
    complete.pay(day(12, 3))
    complete.begin_again(day(10, 18, 2027), Event.RECERTIFY, ReviewKind.RECERTIFICATION)
    seen = complete.on(day(10, 19, 2027))
    assert running(seen) == [
        (TermKind.RECERTIFICATION, day(11, 2, 2027), "working day 1 of 10", Urgency.LATER)
    ]  # 25 October is off


def test_after_a_refusal_nothing_comes_but_the_answer_to_an_objection(complete: Story) -> None:
    complete.refuse(day(12, 2))
    seen = complete.on(day(12, 3))
    assert (seen.running, seen.coming, seen.waits_for) == ((), (), Side.NOBODY)
    assert seen.passed[-1].clause == "7.10"
    filed = (Objection(Way.OMBUDSMAN, day(12, 14)), Objection(Way.COURT, day(12, 14), day(12, 17)))
    complete.facts = replace(complete.facts, objections=filed)
    seen = complete.on(day(12, 17))
    assert running(seen) == [(TermKind.OMBUDSMAN, day(12, 18), "working day 2 of 3", Urgency.TOMORROW)]
    assert [(one.what, one.about) for one in seen.passed[-3:]] == [
        (What.OBJECTION, Way.OMBUDSMAN), (What.OBJECTION, Way.COURT), (What.ANSWERED, Way.COURT),
    ]  # fmt: skip


def test_the_certificate_is_the_claimant_s_term_and_not_in_the_queue(story: Story) -> None:
    waiting = (Certificate(day(10, 12), day(10, 20)), Certificate(day(11, 16)))
    story.facts = replace(story.facts, certificates=waiting)
    seen = story.on(day(11, 20))
    assert running(seen) == [(TermKind.CERTIFICATE, day(11, 26), "day 4 of 10", Urgency.LATER)]
    assert (What.CERTIFICATE, day(10, 20), "8 of 10") in passed(seen)
    assert seen.urgency == Urgency.NOT_RUNNING


def test_what_was_taken_back_runs_no_more_and_is_checked_anew_when_it_is_taken_up(complete: Story) -> None:
    complete.set_aside(day(12, 1))
    seen = complete.on(day(12, 20))
    assert (seen.running, seen.coming, seen.passed[-1].what) == ((), (), What.SET_ASIDE)
    complete.restore(day(12, 21))
    assert running(complete.on(day(12, 22))) == [
        (TermKind.CHECK, day(12, 28), "working day 1 of 5", Urgency.LATER)
    ]  # fmt: skip


def test_the_calendar_that_staff_edit_moves_what_runs_and_what_comes(complete: Story) -> None:
    marked = WorkingCalendar("KZ", {day(12, 10): False})
    before, after = complete.on(day(12, 1)), timeline(complete.facts, marked, today=day(12, 1))
    assert [seen.running[0].deadline.due for seen in (before, after)] == [day(12, 14), day(12, 15)]
    assert [seen.coming[0].by for seen in (before, after)] == [day(1, 8, 2027), day(1, 11, 2027)]
    assert day(12, 10) in after.days_off


def test_days_and_conditions_are_told_in_words(complete: Story) -> None:
    (one,) = complete.on(day(12, 1)).running
    with override("en"):
        assert one.counted == "working day 6 of 15"
        assert Coming(one.deadline.kind, MONDAY, Condition.ALL_RECEIVED, MONDAY).provided == (
            "if all documents are with us on 23 November 2026"
        )
        assert Coming(one.deadline.kind, MONDAY).provided == ""
    assert urgency_of(None, MONDAY) == Urgency.NOT_RUNNING


# ── Any life ─────────────────────────────────────────────────────────────────
class Clock(RuleBasedStateMachine):
    """Acts in any order, a few days apart. What the table or a rule refuses does not happen."""

    @initialize(told=st.integers(0, 90), event=st.sampled_from(InsuredEvent))
    def notify(self, told: int, event: InsuredEvent) -> None:
        self.today = add_calendar_days(day(3, 2), told)
        self.story = Story(day(3, 2), self.today, event)
        self.due: dict[int, date] = {}  # number of the review

    @rule(days=st.integers(1, 12))
    def time_passes(self, days: int) -> None:
        self.today = add_calendar_days(self.today, days)

    @rule(act=st.sampled_from(("deliver", "hand_in", "name_missing", "restore")))
    def papers(self, act: str) -> None:
        with suppress(WrongMoment):
            getattr(self.story, act)(self.today)

    @rule(ago=st.integers(0, 4))
    def complete(self, ago: int) -> None:
        with suppress(WrongMoment):
            self.story.complete(self.today, since=add_calendar_days(self.today, -ago))

    @precondition(lambda self: self.story.facts.reviews)
    @rule(cause=st.sampled_from(Cause))
    def suspend(self, cause: Cause) -> None:
        if self.story.facts.state != State.APPROVED or cause == Cause.CRIMINAL_CASE:
            with suppress(WrongMoment):
                self.story.suspend(self.today, cause)

    @precondition(lambda self: self.story.facts.state in (State.SUSPENDED, State.POSTPONED))
    @rule()
    def answer(self) -> None:
        self.story.answer(self.today)

    @precondition(lambda self: self.story.facts.state == State.REVIEW)
    @rule(further=st.integers(1, 40))
    def extend(self, further: int) -> None:
        until = add_calendar_days(self.today, further)
        with suppress(ValueError):
            check_extension(decision_of(self.story.review, KAZAKHSTAN), until=until, today=self.today)
            self.story.extend(self.today, until=until)

    @precondition(lambda self: self.story.facts.state == State.REVIEW)
    @rule(months=st.integers(0, 4))
    def approve(self, months: int) -> None:
        self.story.approve(self.today, *(add_calendar_days(self.today, 30 * month) for month in range(months)))

    @precondition(lambda self: self.story.facts.state == State.REVIEW)
    @rule()
    def refuse(self) -> None:
        self.story.refuse(self.today)

    @precondition(lambda self: self.story.facts.state in (State.APPROVED, State.PAYING))
    @rule()
    def pay(self) -> None:
        self.story.pay(self.today)

    @precondition(lambda self: self.story.facts.state in (State.INCOMPLETE, *UNDER_REVIEW, State.PAID, State.REFUSED))
    @rule(end=st.sampled_from(("set_aside", "close")))
    def finish(self, end: str) -> None:
        with suppress(WrongMoment):
            getattr(self.story, end)(self.today)

    @precondition(lambda self: self.story.facts.state not in OPEN_STATES)
    @rule(kind=st.sampled_from((ReviewKind.RECERTIFICATION, ReviewKind.REOPENED)))
    def begin_again(self, kind: ReviewKind) -> None:
        event = Event.REOPEN if kind == ReviewKind.REOPENED else Event.RECERTIFY
        with suppress(WrongMoment):
            self.story.begin_again(self.today, event, kind)

    @invariant()
    def what_passed_is_over_and_in_order(self) -> None:
        days = [one.on for one in self.story.on(self.today).passed]
        assert days == sorted(days)
        assert days[-1] <= self.today

    @invariant()
    def what_runs_is_counted_and_what_comes_is_ahead_of_its_condition(self) -> None:
        seen = self.story.on(self.today)
        for one in seen.running:
            assert 0 <= one.day <= one.deadline.term.n
            assert (one.urgency == Urgency.OVERDUE) == (one.days_late > 0)
            assert (one.urgency == Urgency.NOT_RUNNING) == (one.deadline.due is None)
        assert all(one.by >= max(one.on or self.today, self.today) for one in seen.coming)

    @invariant()
    def the_queue_shows_the_nearest_of_what_the_insurer_owes(self) -> None:
        seen = self.story.on(self.today)
        ours = [one.deadline.due for one in seen.running if one.deadline.rule.side == Side.INSURER and one.deadline.due]
        ahead = [one.by for one in seen.coming if not one.condition]
        assert (seen.nearest.deadline.due if seen.nearest else None) == min([*ours, *ahead], default=None)

    @invariant()
    def the_clock_keeps_all_that_the_next_day_is_counted_from(self) -> None:
        text = clock_of(self.story.facts)
        for calendar in (KAZAKHSTAN, EDITED):
            first, read = nearest(deadlines(self.story.facts, calendar)), read_clock(text, calendar)
            assert (read.kind, read.on) == ((first.kind, first.due) if first else (None, NEVER))
            for number, pay_by in read.pay_by.items():
                term = payment_term(self.story.facts.reviews[number - 1], calendar)
                assert pay_by == (term.due if term and term.due else NEVER)

    @invariant()
    def somebody_is_waited_for_as_long_as_the_claim_is_open(self) -> None:
        state = self.story.facts.state
        assert (self.story.on(self.today).waits_for == Side.NOBODY) == (state not in OPEN_STATES)

    @invariant()
    def a_decision_once_due_is_never_due_earlier(self) -> None:
        for number, review in enumerate(self.story.facts.reviews):
            due = decision_of(review, KAZAKHSTAN).due
            if due:
                assert due >= self.due.get(number, due)
                self.due[number] = due


def test_whatever_happens_in_whichever_order_the_timeline_holds() -> None:
    run_state_machine_as_test(Clock, settings=settings(max_examples=40, stateful_step_count=25, deadline=None))


@pytest.mark.long
def test_the_same_for_long() -> None:
    run_state_machine_as_test(Clock, settings=settings(max_examples=300, stateful_step_count=50, deadline=None))
