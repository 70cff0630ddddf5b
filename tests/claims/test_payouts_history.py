"""Whatever happens to a contract, and in whichever order: its payouts stay within the sum insured, and every amount
follows from its steps."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from claims.rules.derivations import GIVES, Derivation, Figure
from claims.rules.loan import Schedule
from claims.rules.payouts import Disability, Limit, death, fixed_term, indefinite, lump_sum
from core.money import Money
from tests.claims.loans import letter, tenge
from tests.claims.strategies import CONTRACT_UNTIL, FIRST, days, derivations, schedules, sums

NOTHING = tenge(0)
DERIVED = {figure for figure, _clause in GIVES.values()}


@given(derivations())
def test_each_figure_that_a_step_uses_is_a_fact_or_was_derived_before_it(derivation: Derivation) -> None:
    derived: dict[Figure, object] = {}
    for step in derivation.steps:
        used = {figure: value for figure, value in step.given.items() if figure in DERIVED}
        assert used == {figure: derived[figure] for figure in used}
        assert step.gives not in derived  # one figure, one value
        derived[step.gives] = step.value


@given(derivations())
def test_instalments_make_the_whole_to_the_tiyn(derivation: Derivation) -> None:
    due = [one.due_on for one in derivation.instalments]
    assert due == sorted(set(due))
    assert all(one.amount == one.principal for one in derivation.instalments[:-1])
    assert all(one.amount > NOTHING for one in derivation.instalments)
    if derivation.instalments:
        assert sum((one.amount for one in derivation.instalments), NOTHING) == derivation.amount


@given(schedules(), days)
def test_a_schedule_is_what_was_due_and_what_is_outstanding(schedule: Schedule, day: date) -> None:
    before = schedule.sum_of(schedule.due_within(FIRST, day - timedelta(days=1)))
    assert before + schedule.outstanding_on(day) == schedule.total == schedule.outstanding_on(FIRST)


class AContract(RuleBasedStateMachine):
    """Disabilities for a term and for good, replaced by a lump sum, repeated; consultations meanwhile; a death."""

    def __init__(self) -> None:
        super().__init__()
        self.today = FIRST
        self.sum_insured, self.illness, self.granted = tenge(1_000_000), NOTHING, NOTHING
        self.counted_until: date | None = None
        self.periodic: Derivation | None = None

    @property
    def limit(self) -> Limit:
        return Limit(self.sum_insured, illness_paid=self.illness, paid_before=self.granted)

    @rule(days=st.integers(1, 200), price=sums)
    def time_passes_with_a_consultation(self, days: int, price: Money) -> None:
        """The ledger of consultations knows no claims (policies.rules.taken), so both together may pass the sum."""
        self.today += timedelta(days=days)
        self.illness += min(price, self.sum_insured - self.illness)

    @rule(schedule=schedules(), days=st.integers(0, 900))
    def is_disabled_for_a_term(self, schedule: Schedule, days: int) -> None:
        until = self.today + timedelta(days=days)
        self.periodic = fixed_term(
            disability=Disability(self.today, until, self.counted_until),
            contract_until=CONTRACT_UNTIL,
            schedule=schedule,
            limit=self.limit,
        )
        self.granted += self.periodic.amount
        self.counted_until = max(until, self.counted_until or until)

    @precondition(lambda self: self.periodic)
    @rule(paid=sums)
    def is_paid_the_rest_at_once(self, paid: Money) -> None:
        assert self.periodic
        paid = min(paid, self.periodic.amount)
        self.granted += paid + lump_sum(self.periodic, paid=paid).amount - self.periodic.amount
        self.periodic = None

    @rule(schedule=schedules(), owed=sums)
    def is_disabled_for_good(self, schedule: Schedule, owed: Money) -> None:
        at_once = indefinite(
            disability=Disability(self.today, None, self.counted_until),
            letter=letter(self.today, owed.amount),
            contract_until=CONTRACT_UNTIL,
            schedule=schedule,
            limit=self.limit,
        )
        self.granted += at_once.amount

    @rule(owed=sums)
    def dies(self, owed: Money) -> None:
        self.granted += death(died_on=self.today, letter=letter(self.today, owed.amount), limit=self.limit).amount

    @invariant()
    def payouts_stay_within_the_sum_insured(self) -> None:
        assert not self.sum_insured < self.granted


def test_under_any_history_the_payouts_of_a_contract_stay_within_its_sum_insured() -> None:
    run_state_machine_as_test(AContract, settings=settings(max_examples=40, stateful_step_count=15, deadline=None))
