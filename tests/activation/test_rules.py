"""NSK-03…06, vector V15, and the life of an activation."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activation.rules import (
    TRANSITIONS,
    Act,
    Event,
    Factor,
    Proof,
    Situation,
    State,
    Verdict,
    WrongMoment,
    acts_on_account,
    acts_on_person,
    acts_on_policy,
    breaker_is_open,
    judge,
    next_state,
    opening,
    possible_kinds,
    scope_for,
    situation,
    usual_kind,
)
from policies.rules import AccessKind, AccessScope, ContractKind, Door

WAITS = {ContractKind.INDIVIDUAL: 15, ContractKind.CORPORATE: 3}
dates = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("kind", "opens_on"), [(ContractKind.INDIVIDUAL, date(2025, 3, 16)), (ContractKind.CORPORATE, date(2025, 3, 4))]
)
def test_a_contract_signed_on_1_march_opens_after_its_waiting_period(kind: ContractKind, opens_on: date) -> None:
    opens = opening(signed_on=date(2025, 3, 1), cover_starts_on=date(2025, 6, 1), kind=kind, waiting_days=WAITS)
    assert opens.opens_on == opens_on
    assert not opens.is_open(opens_on - timedelta(days=1))
    assert opens.is_open(opens_on)


def test_without_a_signing_date_the_printed_cover_start_opens() -> None:
    opens = opening(signed_on=None, cover_starts_on=date(2025, 6, 1), kind=ContractKind.CORPORATE, waiting_days=WAITS)
    assert (opens.opens_on, opens.waiting_days) == (date(2025, 6, 1), 0)


@given(signed_on=dates, cover_starts_on=dates, kind=st.sampled_from(ContractKind))
def test_the_printed_cover_start_never_moves_the_opening_day(
    signed_on: date, cover_starts_on: date, kind: ContractKind
) -> None:
    opens = opening(signed_on=signed_on, cover_starts_on=cover_starts_on, kind=kind, waiting_days=WAITS)
    assert opens.opens_on.toordinal() - signed_on.toordinal() == WAITS[kind]


OPENS = opening(
    signed_on=date(2025, 3, 1), cover_starts_on=date(2025, 6, 1), kind=ContractKind.INDIVIDUAL, waiting_days=WAITS
)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({"today": date(2025, 3, 15)}, Verdict.WAITING),
        ({"today": date(2025, 3, 15), "has_contact": True}, Verdict.WAITING),
        ({}, Verdict.OPEN),
        ({"has_contact": True}, Verdict.PROVE),
        ({"was_undone": True}, Verdict.PROVE),
        ({"is_active": True}, Verdict.ALREADY_ACTIVE),
        ({"is_active": True, "has_contact": True, "today": date(2025, 3, 15)}, Verdict.ALREADY_ACTIVE),
    ],
)
def test_what_right_facts_lead_to(facts: dict[str, object], verdict: Verdict) -> None:
    usual = {"is_active": False, "has_contact": False, "was_undone": False, "today": date(2025, 3, 16)}
    assert judge(opens=OPENS, proof=Proof.FACTS, **(usual | facts)) == verdict  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({}, Verdict.OPEN),
        ({"has_contact": True}, Verdict.OPEN),
        ({"was_undone": True}, Verdict.OPEN),
        ({"is_active": True}, Verdict.ALREADY_ACTIVE),
    ],
)
def test_a_secret_needs_no_further_proof_and_a_door_without_waiting_no_day(
    facts: dict[str, bool], verdict: Verdict
) -> None:
    usual = {"is_active": False, "has_contact": False, "was_undone": False}
    assert judge(opens=None, proof=Proof.ACTIVATION_CODE, today=date(2025, 3, 16), **(usual | facts)) == verdict


def test_only_a_proof_beyond_the_two_facts_opens_everything() -> None:
    assert scope_for(Proof.FACTS, without_contact=AccessScope.LIMITED) == AccessScope.LIMITED
    assert scope_for(Proof.FACTS, without_contact=AccessScope.FULL) == AccessScope.FULL
    for proof in set(Proof) - {Proof.FACTS}:
        assert scope_for(proof, without_contact=AccessScope.LIMITED) == AccessScope.FULL


@pytest.mark.parametrize(
    ("failures", "attempts", "is_open"),
    [(100, 100, False), (101, 101, True), (500, 10_000, False), (501, 10_000, True)],
)
def test_the_breaker_opens_above_100_failures_or_5_percent(failures: int, attempts: int, is_open: bool) -> None:
    assert breaker_is_open(failures=failures, attempts=attempts) is is_open


def test_a_child_is_activated_by_a_guardian_until_the_18th_birthday() -> None:
    born = date(2008, 11, 22)
    assert usual_kind(born, today=date(2026, 11, 21)) == AccessKind.GUARDIAN
    assert usual_kind(born, today=date(2026, 11, 22)) == AccessKind.SELF
    assert AccessKind.GUARDIAN not in possible_kinds(born, today=date(2026, 11, 22))


def test_an_account_that_is_somebody_is_nobody_else() -> None:
    for born in (date(1961, 3, 14), date(2015, 6, 1)):
        assert AccessKind.SELF in possible_kinds(born, today=date(2026, 11, 21))
        assert AccessKind.SELF not in possible_kinds(born, today=date(2026, 11, 21), is_somebody_else=True)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_only_documented_transitions_happen(state: State, event: Event) -> None:
    if (state, event) in TRANSITIONS:
        assert next_state(state, event) == TRANSITIONS[state, event]
    else:
        with pytest.raises(WrongMoment):
            next_state(state, event)


def test_what_is_undone_or_replaced_stays_so() -> None:
    assert {state for state, _ in TRANSITIONS} == {State.PENDING, State.CONFIRMED, State.FINISHED}


# ── The operator ─────────────────────────────────────────────────────────────
NOW_OPEN = {
    "door": Door.ID_AND_BIRTH_DATE, "opens": OPENS, "is_locked": False, "has_contact": False, "was_undone": False,
    "today": date(2025, 3, 16),
}  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"state": State.FINISHED, "is_locked": True}, Situation.ACTIVE),
        ({"state": State.CONFIRMED, "is_locked": True}, Situation.CONFIRMED),
        ({"state": State.PENDING, "is_locked": True}, Situation.LETTER_SENT),
        ({"state": None, "door": Door.ELSEWHERE}, Situation.ELSEWHERE),
        ({"state": None, "opens": None}, Situation.OPEN),
        ({"state": None, "door": Door.POLICY_CODE, "has_contact": True, "was_undone": True}, Situation.OPEN),
        ({"state": None, "is_locked": True, "today": date(2025, 3, 1)}, Situation.LOCKED),
        ({"state": None, "today": date(2025, 3, 15)}, Situation.WAITING),
        ({"state": None, "has_contact": True}, Situation.PROOF_ASKED),
        ({"state": State.UNDONE, "was_undone": True}, Situation.PROOF_ASKED),
        ({"state": State.EXPIRED}, Situation.OPEN),
        ({"state": State.EXPIRED, "was_undone": True}, Situation.PROOF_ASKED),
        ({"state": State.SUPERSEDED}, Situation.OPEN),
    ],
)
def test_what_the_client_meets_now(facts: dict[str, object], expected: Situation) -> None:
    assert situation(**(NOW_OPEN | facts)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("now", Situation)
def test_nobody_unlocks_or_proves_what_is_active_or_elsewhere(now: Situation) -> None:
    acts = set(acts_on_policy(now, is_locked=True))
    assert (Act.UNDO in acts) is (now == Situation.ACTIVE)
    assert (Act.LETTER in acts) is (now == Situation.LETTER_SENT)
    assert (Act.LOCK in acts) is (now not in (Situation.ACTIVE, Situation.ELSEWHERE))
    assert (Act.CODE in acts) is (now not in (Situation.ACTIVE, Situation.ELSEWHERE, Situation.WAITING))


@pytest.mark.parametrize("known", [True, False])
def test_only_what_is_there_is_revealed(known: bool) -> None:
    acts = acts_on_person(has_iin=known, has_contacts=known)
    assert (Act.IIN in acts, Act.CONTACTS in acts) == (known, known)


@pytest.mark.parametrize("factor", Factor)
def test_nothing_is_done_to_an_account_that_sees_the_person_no_more(factor: Factor) -> None:
    assert acts_on_account(sees=False, has_activated=False, has_sessions=True, factor=factor) == []


@pytest.mark.parametrize("has_activated", [True, False])
def test_what_an_account_has_activated_is_undone_and_not_taken_from_it(has_activated: bool) -> None:
    acts = acts_on_account(sees=True, has_activated=has_activated, has_sessions=False, factor=Factor.NONE)
    assert (Act.ACCESS in acts) is not has_activated
    assert Act.SESSIONS not in acts
