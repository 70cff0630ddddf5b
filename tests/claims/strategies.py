"""Any schedule, any limit, any derivation."""

from datetime import date, timedelta
from itertools import accumulate

from hypothesis import strategies as st

from claims.rules.derivations import Derivation
from claims.rules.loan import Repayment, Schedule
from claims.rules.payouts import Disability, Limit, death, fixed_term, indefinite, lump_sum
from tests.claims.loans import letter, tenge

FIRST = date(2025, 1, 1)
CONTRACT_UNTIL = date(2027, 12, 31)

sums = st.decimals("0", "3000000", places=2).map(tenge)
days = st.integers(0, 1_200).map(lambda n: FIRST + timedelta(days=n))
limits = st.builds(Limit, sums, illness_paid=sums, paid_before=sums)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    gaps = draw(st.lists(st.integers(1, 62), min_size=1, max_size=24))
    principals = st.decimals("0", "200000", places=2).map(tenge)
    return Schedule(tuple(Repayment(FIRST + timedelta(days=n), draw(principals)) for n in accumulate(gaps)))


@st.composite
def derivations(draw: st.DrawFn) -> Derivation:
    """Of each kind of payout."""
    since, limit, earlier_until = draw(days), draw(limits), draw(st.none() | days)
    owed = letter(since, draw(sums).amount)
    match draw(st.sampled_from(["death", "indefinite", "term", "lump"])):
        case "death":
            return death(died_on=since, letter=owed, limit=limit)
        case "indefinite":
            return indefinite(
                disability=Disability(since, None, earlier_until),
                letter=owed,
                contract_until=CONTRACT_UNTIL,
                schedule=draw(schedules()),
                limit=limit,
            )
        case kind:
            periodic = fixed_term(
                disability=Disability(since, since + timedelta(days=draw(st.integers(0, 900))), earlier_until),
                contract_until=CONTRACT_UNTIL,
                schedule=draw(schedules()),
                limit=limit,
            )
            return periodic if kind == "term" else lump_sum(periodic, paid=min(periodic.amount, draw(sums)))
