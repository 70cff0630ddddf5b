"""The terms of a claim: vectors V12–V14, cases counted by hand on a wall calendar of Kazakhstan, what stops and extends them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.rules.events import InsuredEvent
from claims.rules.facts import Cause, Check, Extension, Facts, Objection, Payment, Review, ReviewKind, Suspension
from claims.rules.life import SATISFIED, ItemState, Outcome, State, Way, complete_on
from claims.rules.terms import (
    Deadline,
    ExtensionRefused,
    TermKind,
    answer_about,
    answer_to,
    check_extension,
    deadlines,
    decision_of,
    nearest,
    next_examination_from,
    notice_of,
    payment_term,
    payments_of,
    term_of,
)
from core.calendar import WorkingCalendar

EMPTY, KAZAKHSTAN = WorkingCalendar(), WorkingCalendar("KZ")
COMPLETE = date(2026, 11, 2)  # decision until 23 November
LAST = date(2026, 11, 23)


def first(since: date = COMPLETE, *stops: Suspension, **facts: Any) -> Review:
    return replace(Review(ReviewKind.FIRST, since, stops), **facts)


def asked(since: date, until: date | None = None, cause: Cause = Cause.AUTHORITY) -> Suspension:
    return Suspension(cause, since, until)


def decision_due(review: Review, calendar: WorkingCalendar = KAZAKHSTAN) -> date | None:
    return decision_of(review, calendar).due


def payment_due(review: Review, calendar: WorkingCalendar = KAZAKHSTAN) -> date | None:
    term = payment_term(review, calendar)
    return term.due if term else None


# ── Vectors ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("calendar", "payment"),
    [
        (EMPTY, date(2025, 11, 12)),
        (WorkingCalendar(overrides={date(2025, 10, 27): False}), date(2025, 11, 13)),
        (KAZAKHSTAN, date(2025, 11, 13)),  # 25 October was a Saturday, so its Monday is off
    ],
    ids=["V12", "V13", "Republic Day"],
)
def test_v12_v13_all_documents_on_1_october(calendar: WorkingCalendar, payment: date) -> None:
    review = first(date(2025, 10, 1))
    assert answer_about(Check(review.since, review.since), calendar).due == date(2025, 10, 8)
    assert decision_due(review, calendar) == date(2025, 10, 22)
    assert payment_due(review, calendar) == payment


@pytest.mark.parametrize(
    ("event_on", "last"),
    [
        (date(2025, 1, 10), date(2025, 3, 11)),  # V14
        (date(2024, 1, 1), date(2024, 3, 1)),  # over 29 February and the day Almaty moved its clocks
        (date(2024, 12, 31), date(2025, 3, 1)),
    ],
)
def test_v14_an_event_is_told_of_within_sixty_calendar_days(event_on: date, last: date) -> None:
    assert [notice_of(event_on, KAZAKHSTAN, last + timedelta(days=n)).days_late(last) for n in (0, 1, 9)] == [0, 1, 9]


# ── By hand, on a wall calendar ──────────────────────────────────────────────
BY_HAND = [
    # from                 5 working days      15, the decision    15 more, the payment
    (date(2024, 12, 27), date(2025, 1, 8), date(2025, 1, 22), date(2025, 2, 12)),  # Sunday 5 January worked for Friday 3
    (date(2025, 2, 24), date(2025, 3, 3), date(2025, 3, 18), date(2025, 4, 11)),  # 10, 21, 24, 25 March
    (date(2025, 4, 28), date(2025, 5, 6), date(2025, 5, 22), date(2025, 6, 13)),  # 1, 7, 9 May, 6 June
    (date(2025, 8, 29), date(2025, 9, 8), date(2025, 9, 22), date(2025, 10, 13)),  # Saturday 30 August moved to 1 September
    (date(2025, 10, 20), date(2025, 10, 28), date(2025, 11, 11), date(2025, 12, 2)),  # 27 October
    (date(2026, 3, 6), date(2026, 3, 16), date(2026, 4, 2), date(2026, 4, 23)),  # 9, 23, 24, 25 March
    (date(2026, 4, 27), date(2026, 5, 5), date(2026, 5, 21), date(2026, 6, 12)),  # 1, 7, 11, 27 May
    (date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 14), date(2027, 1, 8)),  # 16 December, 1, 4, 7 January
    (date(2026, 12, 30), date(2027, 1, 11), date(2027, 1, 25), date(2027, 2, 15)),
    (date(2027, 3, 5), date(2027, 3, 16), date(2027, 4, 2), date(2027, 4, 23)),  # 8, 15, 22, 23, 24 March
    (date(2027, 4, 30), date(2027, 5, 12), date(2027, 5, 26), date(2027, 6, 16)),  # 3, 7, 10 May
]  # fmt: skip


@pytest.mark.parametrize(("since", "answer", "decision", "payment"), BY_HAND, ids=lambda day: day.isoformat())
def test_over_the_holidays_and_moved_days_of_2025_to_2027(
    since: date, answer: date, decision: date, payment: date
) -> None:
    assert answer_about(Check(since, since), KAZAKHSTAN).due == answer
    assert decision_due(first(since)) == decision
    assert payment_due(first(since)) == payment


@pytest.mark.parametrize(
    ("kind", "start", "due"),
    [
        (TermKind.RECERTIFICATION, date(2026, 10, 19), date(2026, 11, 3)),  # Monday 26 October
        (TermKind.OBJECTION, date(2026, 12, 14), date(2027, 1, 8)),
        (TermKind.OMBUDSMAN, date(2026, 12, 14), date(2026, 12, 18)),
        (TermKind.CERTIFICATE, date(2026, 12, 24), date(2027, 1, 3)),  # days of the calendar: a Sunday
        (TermKind.INSTALMENT, date(2026, 11, 15), date(2026, 11, 15)),
    ],
)
def test_the_other_terms(kind: TermKind, start: date, due: date) -> None:
    assert term_of(kind, start, KAZAKHSTAN).due == due


def test_a_documents_answer_is_due_by_the_first_of_those_that_wait() -> None:
    assert answer_about(Check(COMPLETE, date(2026, 11, 6)), KAZAKHSTAN).due == date(2026, 11, 9)


def test_a_re_examination_comes_at_most_once_a_year() -> None:
    assert next_examination_from(date(2028, 2, 29)) == date(2029, 2, 28)


# ── The complete set ─────────────────────────────────────────────────────────
def test_the_review_counts_from_the_day_the_last_document_came_whenever_it_was_looked_at() -> None:
    came, later = date(2026, 11, 2), date(2026, 11, 20)
    accepted = [(ItemState.ACCEPTED, came), (ItemState.ACCEPTED, date(2026, 10, 1))]
    assert complete_on(accepted) == came
    assert complete_on([*accepted, (ItemState.WAIVED, later)]) == later


@pytest.mark.parametrize("state", [state for state in ItemState if state not in SATISFIED])
def test_one_document_that_is_not_accepted_holds_the_review_up(state: ItemState) -> None:
    assert complete_on([(ItemState.ACCEPTED, COMPLETE), (state, COMPLETE)]) is None


def test_a_list_of_nothing_is_not_complete() -> None:
    assert complete_on([]) is None


# ── Stops (7.8, 10.5) ────────────────────────────────────────────────────────
def test_while_an_authority_is_asked_nothing_is_due() -> None:
    review = first(COMPLETE, asked(date(2026, 11, 6)))
    assert decision_due(review) is None
    assert payment_due(review) is None
    assert decision_of(review, KAZAKHSTAN).day(date(2026, 12, 1)) == 4


def test_after_the_answer_the_eleven_days_left_go_on() -> None:
    review = first(COMPLETE, asked(date(2026, 11, 6), date(2026, 12, 15)))
    assert decision_due(review) == date(2026, 12, 31)
    assert payment_due(review) == date(2027, 1, 26)


def test_of_two_authorities_the_later_answer_counts() -> None:
    one, other = asked(date(2026, 11, 6), date(2026, 11, 20)), asked(date(2026, 11, 13), date(2026, 11, 27))
    assert decision_due(first(COMPLETE, one, other)) == date(2026, 12, 14)
    assert decision_due(first(COMPLETE, one, replace(other, until=None))) is None


def test_asked_on_the_last_day_the_decision_is_due_on_the_day_of_the_answer() -> None:
    assert decision_due(first(COMPLETE, asked(LAST))) is None
    assert decision_due(first(COMPLETE, asked(LAST, date(2026, 12, 7)))) == date(2026, 12, 7)


def test_asked_too_late_nothing_stops() -> None:
    review = first(COMPLETE, asked(LAST + timedelta(days=1)))
    assert decision_due(review) == LAST
    assert payment_due(review) == date(2026, 12, 14)
    assert decision_of(review, KAZAKHSTAN).days_late(date(2026, 11, 30)) == 7


def test_a_criminal_case_after_the_decision_stops_the_payment() -> None:
    opened = asked(date(2026, 11, 27), cause=Cause.CRIMINAL_CASE)
    decided = first(COMPLETE, opened, decided_on=date(2026, 11, 10))
    assert decision_due(decided) == LAST
    assert payment_due(decided) is None
    closed = replace(decided, suspensions=(replace(opened, until=date(2026, 12, 4)),))
    assert payment_due(closed) == date(2026, 12, 22)


def test_a_criminal_case_that_ended_before_the_payment_term_began_moves_nothing() -> None:
    case = asked(date(2026, 11, 12), date(2026, 11, 20), Cause.CRIMINAL_CASE)
    assert payment_due(first(COMPLETE, case, decided_on=date(2026, 11, 10))) == date(2026, 12, 14)


def test_payment_is_counted_from_the_end_of_the_review_term_however_early_or_late_the_decision() -> None:
    days = [date(2026, 11, 4), LAST, date(2026, 12, 1)]
    assert {payment_due(first(decided_on=day)) for day in days} == {date(2026, 12, 14)}


# ── Extensions (7.8) ─────────────────────────────────────────────────────────
def extended(until: date = date(2026, 12, 17), told_on: date = date(2026, 11, 20), *stops: Suspension) -> Review:
    return first(COMPLETE, *stops, extensions=(Extension(told_on, until),))


def test_an_extension_ends_on_the_day_that_was_told_and_the_payment_follows_it() -> None:
    assert decision_due(extended()) == date(2026, 12, 17)
    assert payment_due(extended()) == date(2027, 1, 12)
    assert decision_of(extended(), KAZAKHSTAN).term.n == 32


def test_a_day_told_is_kept_when_the_calendar_changes_and_is_not_moved_back_where_it_became_a_day_off() -> None:
    before = replace(KAZAKHSTAN, overrides={date(2026, 12, 1): False, date(2026, 12, 16): True})
    assert decision_due(extended(), before) == date(2026, 12, 17)
    assert decision_due(extended(), replace(KAZAKHSTAN, overrides={date(2026, 12, 17): False})) == date(2026, 12, 18)


def test_a_stop_after_the_extension_moves_the_day_that_was_told() -> None:
    stop = asked(date(2026, 11, 30), date(2026, 12, 10))
    assert decision_due(extended(date(2026, 12, 17), date(2026, 11, 20), stop)) == date(2026, 12, 29)


def test_answered_extended_and_stopped_again_on_one_day_the_second_stop_moves_the_day_that_was_told() -> None:
    told_on = date(2026, 11, 20)
    stops = asked(date(2026, 11, 18), told_on), asked(told_on, date(2026, 11, 24))
    assert decision_due(extended(date(2026, 12, 17), told_on, *stops)) == date(2026, 12, 21)


def test_a_stop_before_the_extension_is_in_the_day_that_was_told() -> None:
    stop = asked(date(2026, 11, 6), date(2026, 11, 10))
    assert decision_due(extended(date(2026, 12, 17), date(2026, 11, 20), stop)) == date(2026, 12, 17)


@pytest.mark.parametrize(
    ("review", "until", "today", "code"),
    [
        (first(COMPLETE, asked(date(2026, 11, 6))), date(2026, 12, 17), date(2026, 11, 9), "not_running"),
        (first(decided_on=date(2026, 11, 9)), date(2026, 12, 17), date(2026, 11, 10), "not_running"),
        (first(), date(2026, 12, 17), LAST + timedelta(days=1), "too_late"),
        (first(), LAST, LAST, "not_later"),
        (first(), date(2026, 12, 16), LAST, "day_off"),
    ],
)
def test_a_review_is_extended_only_while_it_runs_and_to_a_later_working_day(
    review: Review, until: date, today: date, code: str
) -> None:
    with pytest.raises(ExtensionRefused) as refused:
        check_extension(decision_of(review, KAZAKHSTAN), until=until, today=today)
    assert refused.value.code == code


def test_on_its_last_day_a_review_can_still_be_extended_by_a_day() -> None:
    check_extension(decision_of(first(), KAZAKHSTAN), until=LAST + timedelta(days=1), today=LAST)


# ── Payments ─────────────────────────────────────────────────────────────────
def dues(*payments: Payment) -> list[tuple[TermKind, date | None, date | None]]:
    review = first(date(2025, 10, 1), outcome=Outcome.APPROVED, decided_on=date(2025, 10, 22), payments=payments)
    return [(one.kind, one.due, one.done_on) for one in payments_of(review, KAZAKHSTAN)]


def test_a_lump_sum_is_due_by_the_end_of_the_payment_term() -> None:
    assert dues(Payment()) == [(TermKind.PAYMENT, date(2025, 11, 13), None)]


def test_what_the_schedule_had_before_is_due_with_it_and_the_rest_on_the_schedule_s_days() -> None:
    paid, days = date(2025, 11, 3), [date(2025, month, 13) for month in (9, 10, 11, 12)]
    assert dues(*(Payment(day, paid) for day in days[:3]), Payment(days[3])) == [
        (TermKind.PAYMENT, date(2025, 11, 13), paid),
        (TermKind.INSTALMENT, date(2025, 12, 13), None),
    ]


def test_one_beneficiary_who_is_not_paid_leaves_the_payment_open() -> None:
    assert dues(Payment(paid_on=date(2025, 11, 3)), Payment()) == [(TermKind.PAYMENT, date(2025, 11, 13), None)]


def test_a_decision_to_pay_nothing_has_no_term_to_pay() -> None:
    assert dues() == []


# ── The whole claim ──────────────────────────────────────────────────────────
def claim(state: State, **facts: Any) -> Facts:
    return replace(Facts(state, InsuredEvent.DEATH, date(2026, 10, 1), date(2026, 10, 5)), **facts)


def kinds(found: Sequence[Deadline]) -> list[TermKind]:
    return [one.kind for one in found if not one.done_on]


def test_a_check_and_a_review_that_were_given_up_run_no_more() -> None:
    again = Check(date(2026, 12, 1), date(2026, 12, 1))
    facts = claim(State.CHECKING, checks=(Check(COMPLETE, COMPLETE), again))
    assert kinds(deadlines(facts, KAZAKHSTAN)) == [TermKind.CHECK]
    reopened = Review(ReviewKind.REOPENED, date(2026, 12, 1))
    facts = claim(State.REVIEW, reviews=(first(), reopened))
    assert [one.term.start for one in deadlines(facts, KAZAKHSTAN) if not one.done_on] == [date(2026, 12, 1)]


def test_of_a_claim_set_aside_only_an_objection_runs() -> None:
    objections = (Objection(Way.INSURER, COMPLETE), Objection(Way.OMBUDSMAN, COMPLETE), Objection(Way.COURT, COMPLETE))
    facts = claim(State.SET_ASIDE, checks=(Check(COMPLETE, COMPLETE),), reviews=(first(),), objections=objections)
    assert kinds(deadlines(facts, KAZAKHSTAN)) == [TermKind.OBJECTION, TermKind.OMBUDSMAN]
    assert answer_to(objections[2], KAZAKHSTAN) is None


def test_the_queue_goes_by_what_the_insurer_owes_first() -> None:
    facts = claim(State.REVIEW, reviews=(first(),), objections=(Objection(Way.OMBUDSMAN, date(2026, 11, 19)),))
    found = nearest(deadlines(facts, KAZAKHSTAN))
    assert found == decision_of(first(), KAZAKHSTAN)  # Monday 23 November, the ombudsman's documents a day later
    assert nearest(deadlines(claim(State.NOTIFIED), KAZAKHSTAN)) is None


# ── Whatever happens ─────────────────────────────────────────────────────────
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
lengths = st.integers(0, 60).map(lambda n: timedelta(days=n))
stops = st.builds(
    lambda after, length, cause: (after, length, cause), lengths, st.none() | lengths, st.sampled_from(Cause)
)


def reviewed(
    since: date, drawn: Sequence[tuple[timedelta, timedelta | None, Cause]], told: Sequence[Extension]
) -> Review:
    spans = [
        (since + after, since + after + length if length is not None else None, cause) for after, length, cause in drawn
    ]
    return first(since, *(asked(start, until, cause) for start, until, cause in spans), extensions=tuple(told))


@given(days, st.lists(stops, max_size=3), stops, lengths, lengths)
def test_no_stop_brings_a_term_forward(
    since: date,
    drawn: list[tuple[timedelta, timedelta | None, Cause]],
    one_more: tuple[timedelta, timedelta | None, Cause],
    told_after: timedelta,
    until_after: timedelta,
) -> None:
    told = (Extension(since + told_after, since + told_after + until_after),)
    for extensions in ((), told):
        before, after = reviewed(since, drawn, extensions), reviewed(since, [*drawn, one_more], extensions)
        for due in (decision_due, payment_due):
            earlier, later = due(before), due(after)
            assert later is None or (earlier is not None and later >= earlier)


@given(days, st.lists(stops, max_size=3), lengths, lengths)
def test_no_extension_brings_a_term_forward(
    since: date, drawn: list[tuple[timedelta, timedelta | None, Cause]], told_after: timedelta, until_after: timedelta
) -> None:
    told = Extension(since + told_after, since + told_after + until_after)
    earlier, later = decision_due(reviewed(since, drawn, ())), decision_due(reviewed(since, drawn, (told,)))
    assert (earlier is None) == (later is None) or later is None
    if earlier and later:
        assert later >= max(earlier, told.until)


@given(days, days)
def test_a_day_declared_off_never_brings_a_term_forward(since: date, off: date) -> None:
    marked = replace(KAZAKHSTAN, overrides={off: False})
    for due in (decision_due, payment_due):
        before, after = due(first(since)), due(first(since), marked)
        assert before is not None
        assert after is not None
        assert after >= before


@given(days, st.integers(0, 200))
def test_a_penalty_has_a_day_for_each_day_after_the_last_one_in_time(since: date, n: int) -> None:
    term = payment_term(first(since), KAZAKHSTAN)
    assert term is not None
    assert term.due is not None
    paid = Deadline(TermKind.PAYMENT, term, term.due + timedelta(days=n))
    assert paid.days_late(date.max) == n
