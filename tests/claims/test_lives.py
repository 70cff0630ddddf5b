"""The lives of a claim and of what belongs to it: the ways of the tables and no others, no dead ends, nobody's act undone."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from claims.rules.life import (
    CLAIM_LIFE,
    DECISION_LIFE,
    INSTALMENT_LIFE,
    ITEM_LIFE,
    OBJECTION_LIFE,
    OPEN_STATES,
    STARTS,
    Actor,
    DecisionEvent,
    DecisionState,
    Event,
    InstalmentEvent,
    InstalmentState,
    ItemEvent,
    ItemState,
    Life,
    ObjectionEvent,
    ObjectionState,
    State,
    Way,
    WrongMoment,
    approval,
)
from core.money import Money

LIVES: dict[str, tuple[Life[Any, Any], type, type]] = {
    "claim": (CLAIM_LIFE, State, Event),
    "item": (ITEM_LIFE, ItemState, ItemEvent),
    "instalment": (INSTALMENT_LIFE, InstalmentState, InstalmentEvent),
    "decision": (DECISION_LIFE, DecisionState, DecisionEvent),
    "objection": (OBJECTION_LIFE, ObjectionState, ObjectionEvent),
}
each_life = pytest.mark.parametrize(("life", "states", "events"), LIVES.values(), ids=LIVES)


def reached(life: Life[Any, Any], first: Iterable[Any]) -> set[Any]:
    """Wherever one comes to from `first`, with the beginning itself."""
    found: set[Any] = set()
    ahead = set(first)
    while ahead:
        found |= ahead
        ahead = {after for (state, _event), after in life.ways.items() if state in found} - found
    return found


@each_life
def test_every_state_is_reached_and_from_every_state_an_end_is(
    life: Life[Any, Any], states: Iterable[Any], events: Iterable[Any]
) -> None:
    assert reached(life, life.starts) == set(states)
    assert [state for state in states if not reached(life, [state]) & set(life.ends)] == []


@each_life
def test_every_event_has_a_way_and_somebody_who_may_go_it(
    life: Life[Any, Any], states: Iterable[Any], events: Iterable[Any]
) -> None:
    assert {event for _state, event in life.ways} == set(life.by) == set(events)
    assert all(life.by.values())


@each_life
def test_whatever_happens_in_whichever_order_only_the_ways_of_the_table_are_gone(
    life: Life[Any, Any], states: Iterable[Any], events: Iterable[Any]
) -> None:
    class Lived(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.state = life.starts[0]

        @rule(event=st.sampled_from(list(events)), actor=st.sampled_from(Actor))
        def happen(self, event: Any, actor: Actor) -> None:
            was = self.state
            offered = life.open_to(actor, was)
            try:
                self.state = life.after(was, event)
            except WrongMoment:
                assert (was, event) not in life.ways
                assert event not in offered
            else:
                assert self.state == life.ways[was, event]
                assert (event in offered) == life.may(actor, event)

        @invariant()
        def it_can_end(self) -> None:
            assert reached(life, [self.state]) & set(life.ends)

    run_state_machine_as_test(
        Lived,
        settings=settings(
            max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )


# ── The claim ────────────────────────────────────────────────────────────────
def without(event: Event) -> Life[State, Event]:
    ways = {(state, other): after for (state, other), after in CLAIM_LIFE.ways.items() if other != event}
    return Life(CLAIM_LIFE.starts, CLAIM_LIFE.ends, ways, CLAIM_LIFE.by)


def test_nothing_is_paid_that_nobody_approved() -> None:
    assert not reached(without(Event.APPROVE), CLAIM_LIFE.starts) & {State.APPROVED, State.PAYING, State.PAID}


def test_a_review_begins_only_with_all_documents() -> None:
    assert not reached(without(Event.COMPLETE), CLAIM_LIFE.starts) & {State.REVIEW, State.SUSPENDED, State.REFUSED}


def test_a_review_that_began_goes_back_to_the_documents_only_if_the_claimant_withdrew() -> None:
    assert not reached(without(Event.WITHDRAW), [State.REVIEW]) & {State.NOTIFIED, State.CHECKING, State.INCOMPLETE}


def test_a_reviewer_ends_no_claim_that_is_under_review() -> None:
    assert {state for state, event in CLAIM_LIFE.ways if event == Event.SET_ASIDE} == {
        State.NOTIFIED, State.CHECKING, State.INCOMPLETE,
    }  # fmt: skip


def test_an_objection_can_reopen_whatever_was_decided() -> None:
    decided = {State.APPROVED, State.POSTPONED, State.PAYING, State.PAID, State.STOPPED, State.REFUSED, State.CLOSED}
    assert {state for state, event in CLAIM_LIFE.ways if event == Event.REOPEN} == decided


@pytest.mark.parametrize(
    ("actor", "state", "offered"),
    [
        (Actor.CLAIMANT, State.INCOMPLETE, {Event.DELIVER, Event.HAND_IN, Event.WITHDRAW}),
        (Actor.LENDER, State.INCOMPLETE, {Event.DELIVER, Event.HAND_IN}),
        (Actor.REVIEWER, State.REVIEW, {Event.DELIVER, Event.SUSPEND, Event.EXTEND}),
        (Actor.APPROVER, State.REVIEW, {Event.APPROVE, Event.REFUSE}),
        (Actor.CASHIER, State.APPROVED, {Event.PAY}),
        (Actor.CLAIMANT, State.REFUSED, {Event.RECERTIFY}),
    ],
)
def test_each_is_offered_what_is_theirs_to_do(actor: Actor, state: State, offered: set[Event]) -> None:
    assert set(CLAIM_LIFE.open_to(actor, state)) == offered


def test_who_examines_a_claim_neither_decides_nor_pays_it() -> None:
    theirs = {actor: {event for event in Event if CLAIM_LIFE.may(actor, event)} for actor in Actor}
    assert not theirs[Actor.REVIEWER] & theirs[Actor.APPROVER]
    assert not theirs[Actor.REVIEWER] & theirs[Actor.CASHIER]
    assert not theirs[Actor.APPROVER] & theirs[Actor.CASHIER]


def test_a_claim_that_is_open_is_somebody_s_to_move() -> None:
    people = set(Actor) - {Actor.SYSTEM}
    assert all(any(CLAIM_LIFE.open_to(actor, state) for actor in people) for state in OPEN_STATES)


# ── What belongs to it ───────────────────────────────────────────────────────
def test_a_copy_is_good_and_its_original_is_still_awaited() -> None:
    state = ItemState.NEEDED
    for event in (ItemEvent.UPLOAD, ItemEvent.REJECT, ItemEvent.UPLOAD, ItemEvent.AWAIT_ORIGINAL, ItemEvent.ACCEPT):
        state = ITEM_LIFE.after(state, event)
    assert state == ItemState.ACCEPTED


def test_a_confirmed_payment_is_neither_ordered_nor_cancelled_again() -> None:
    for event in (InstalmentEvent.ORDER, InstalmentEvent.CONFIRM, InstalmentEvent.CANCEL, InstalmentEvent.REPLACE):
        with pytest.raises(WrongMoment):
            INSTALMENT_LIFE.after(InstalmentState.PAID, event)


def test_what_the_bank_has_is_not_cancelled_behind_its_back() -> None:
    with pytest.raises(WrongMoment):
        INSTALMENT_LIFE.after(InstalmentState.ORDERED, InstalmentEvent.CANCEL)


def test_the_insurer_may_deny_what_was_filed_with_it_and_nothing_on_its_way_to_the_ombudsman() -> None:
    own, passing = STARTS[Way.INSURER], STARTS[Way.OMBUDSMAN]
    assert OBJECTION_LIFE.after(own, ObjectionEvent.DENY) == ObjectionState.DENIED
    for state in (passing, OBJECTION_LIFE.after(passing, ObjectionEvent.PREPARE)):
        with pytest.raises(WrongMoment):
            OBJECTION_LIFE.after(state, ObjectionEvent.DENY)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (5_000_000, [DecisionEvent.APPROVE]),
        (5_000_001, [DecisionEvent.ENDORSE, DecisionEvent.APPROVE]),
        (0, [DecisionEvent.APPROVE]),
    ],
)
def test_above_the_product_s_amount_two_approve(amount: int, words: list[DecisionEvent]) -> None:
    state, said = DecisionState.PROPOSED, []
    while state not in DECISION_LIFE.ends:
        said.append(approval(state, Money(Decimal(amount), "KZT"), two_above=Money(Decimal(5_000_000), "KZT")))
        state = DECISION_LIFE.after(state, said[-1])
    assert said == words
