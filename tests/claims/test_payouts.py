"""What is paid for an event: the vectors of requirements.md, section 7, and cases counted by hand."""

from datetime import date

import pytest

from claims.rules.derivations import Derivation, FactsDisagree, Figure
from claims.rules.loan import BankLetter, Schedule
from claims.rules.payouts import Disability, Limit, death, fixed_term, indefinite, lump_sum
from core.money import Money
from tests.claims.loans import every_15th, letter, limit, repaid, tenge

DIED_ON = date(2025, 6, 20)
A_YEAR = Disability(since=date(2025, 3, 10), until=date(2026, 3, 9))
FOR_GOOD = Disability(since=date(2025, 3, 10), until=None)
CONTRACT_UNTIL = date(2025, 12, 31)
MONTHLY = every_15th(2025)


def by_instalments(
    disability: Disability = A_YEAR, *, until: date = CONTRACT_UNTIL, schedule: Schedule = MONTHLY, cap: Limit
) -> Derivation:
    return fixed_term(disability=disability, contract_until=until, schedule=schedule, limit=cap)


def at_once(disability: Disability = FOR_GOOD, *, owed: BankLetter | None = None, cap: Limit) -> Derivation:
    return indefinite(
        disability=disability,
        letter=owed or letter(disability.since, 400_000),
        contract_until=CONTRACT_UNTIL,
        schedule=MONTHLY,
        limit=cap,
    )


def paid_on(derivation: Derivation) -> list[tuple[date, Money]]:
    return [(one.due_on, one.amount) for one in derivation.instalments]


def figures(derivation: Derivation) -> dict[Figure, object]:
    return {step.gives: step.value for step in derivation.steps}


# ── Death, 7.3 ───────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("debt", "not_principal", "sum_insured", "paid"),
    [
        (2_480_000, 130_000, 2_000_000, 2_000_000),  # V1
        (1_250_000, 0, 2_000_000, 1_250_000),  # V2
        (2_000_000, 0, 2_000_000, 2_000_000),
        ("2000000.01", 0, 2_000_000, 2_000_000),
        ("2000000.01", "0.02", 2_000_000, "1999999.99"),
        (130_000, 130_000, 2_000_000, 0),  # the loan itself is repaid
    ],
)
def test_a_death_pays_the_principal_as_far_as_the_sum_insured_goes(
    debt: int, not_principal: int, sum_insured: int, paid: int
) -> None:
    found = death(died_on=DIED_ON, letter=letter(DIED_ON, debt, not_principal=not_principal), limit=limit(sum_insured))
    assert found.amount == tenge(paid)
    assert found.instalments == ()


def test_consultations_before_the_event_lessen_the_sum_insured() -> None:
    """V7."""
    found = death(died_on=DIED_ON, letter=letter(DIED_ON, 3_000_000), limit=limit(2_000_000, illness_paid=15_000))
    assert figures(found)[Figure.SUM_AT_EVENT] == found.amount == tenge(1_985_000)


def test_what_was_paid_before_lessens_it_further() -> None:
    cap = limit(2_000_000, illness_paid=15_000, paid_before=1_900_000)
    assert death(died_on=DIED_ON, letter=letter(DIED_ON, 3_000_000), limit=cap).amount == tenge(85_000)


@pytest.mark.parametrize("cap", [limit(100, paid_before=100), limit(100, illness_paid=60, paid_before=60)])
def test_a_sum_that_is_used_up_pays_nothing_and_leaves_no_debt(cap: Limit) -> None:
    assert death(died_on=DIED_ON, letter=letter(DIED_ON, 500), limit=cap).amount == tenge(0)


def test_a_sum_insured_corrected_to_less_than_consultations_took_is_0() -> None:
    found = death(died_on=DIED_ON, letter=letter(DIED_ON, 500), limit=limit(100, illness_paid=101))
    assert figures(found)[Figure.SUM_AT_EVENT] == tenge(0)


# ── A disability for a fixed term, 7.4 ───────────────────────────────────────
def test_v3_instalments_are_paid_by_the_schedule_until_the_sum_is_used_up() -> None:
    found = by_instalments(cap=limit(420_000))
    assert found.amount == tenge(420_000)
    assert paid_on(found) == [
        *((date(2025, month, 15), tenge(50_000)) for month in range(3, 11)),
        (date(2025, 11, 15), tenge(20_000)),
    ]
    assert found.instalments[-1].principal == tenge(50_000)


def test_v3_without_a_cap_ten_months_are_paid() -> None:
    found = by_instalments(cap=limit(2_000_000))
    assert figures(found)[Figure.REPAYMENTS_SUM] == found.amount == tenge(500_000)
    assert len(found.instalments) == 10


UNEVEN = repaid(
    ("2027-12-31", 100), ("2028-01-31", "100.01"), ("2028-02-29", 0), ("2028-03-31", "99.99"), ("2028-04-30", 7)
)


@pytest.mark.parametrize(
    ("since", "until", "contract_until", "paid"),
    [
        (
            date(2028, 1, 31),
            date(2028, 3, 31),
            date(2030, 1, 1),
            ["100.01", "99.99"],
        ),  # both ends count, interest does not
        (date(2028, 2, 1), date(2028, 3, 31), date(2030, 1, 1), ["99.99"]),  # a day later at the beginning
        (date(2028, 1, 31), date(2028, 3, 30), date(2030, 1, 1), ["100.01"]),  # a day earlier at the end
        (
            date(2027, 12, 31),
            date(2028, 12, 30),
            date(2028, 1, 31),
            ["100", "100.01"],
        ),  # the contract's last day counts
        (date(2027, 12, 31), date(2028, 12, 30), date(2028, 1, 30), ["100"]),  # …and the day after it does not
        (date(2027, 12, 31), date(2028, 12, 30), date(2030, 1, 1), ["100", "100.01", "99.99", "7"]),
        (date(2028, 5, 1), date(2029, 4, 30), date(2030, 1, 1), []),  # the loan is repaid by then
        (date(2028, 2, 1), date(2029, 1, 31), date(2028, 1, 31), []),  # established after the contract's end
    ],
)
def test_repayments_count_from_the_first_day_to_the_last(
    since: date, until: date, contract_until: date, paid: list[str]
) -> None:
    found = by_instalments(Disability(since, until), until=contract_until, schedule=UNEVEN, cap=limit(1_000))
    assert [one.amount for one in found.instalments] == [tenge(amount) for amount in paid]
    assert found.amount == sum((tenge(amount) for amount in paid), tenge(0))


@pytest.mark.parametrize(
    ("sum_insured", "last"), [("100", "100"), ("100.01", "0.01"), ("200.01", "100.01"), ("200.02", "0.01")]
)
def test_the_last_instalment_is_what_is_left(sum_insured: str, last: str) -> None:
    found = by_instalments(
        Disability(date(2027, 12, 1), date(2028, 11, 30)),
        until=date(2030, 1, 1),
        schedule=UNEVEN,
        cap=limit(sum_insured),
    )
    assert found.amount == tenge(sum_insured)
    assert found.instalments[-1].amount == tenge(last)


def test_after_a_recovery_nothing_falls_due_any_more() -> None:
    """7.11: on 14 July the disability ceased."""
    found = by_instalments(Disability(since=A_YEAR.since, until=date(2025, 7, 14)), cap=limit(420_000))
    assert [one.due_on.month for one in found.instalments] == [3, 4, 5, 6]


# ── At once instead of by instalments, 7.5 ───────────────────────────────────
def test_v4_a_lump_sum_is_what_the_term_still_has() -> None:
    periodic = by_instalments(cap=limit(420_000))
    found = lump_sum(periodic, paid=tenge(150_000))
    assert found.amount == tenge(270_000)
    assert found.instalments == ()
    assert found.steps[:-1] == periodic.steps


def test_when_all_is_paid_nothing_is_left_to_be_replaced() -> None:
    periodic = by_instalments(cap=limit(420_000))
    assert lump_sum(periodic, paid=tenge(420_000)).amount == tenge(0)
    with pytest.raises(FactsDisagree) as refused:
        lump_sum(periodic, paid=tenge("420000.01"))
    assert refused.value.code == "paid"


# ── An indefinite disability, 7.6 ────────────────────────────────────────────
@pytest.mark.parametrize(
    ("sum_insured", "owed", "paid"),
    [
        (420_000, 480_000, 420_000),  # V5
        (600_000, 480_000, 480_000),  # V5
        (600_000, 700_000, 500_000),  # the schedule has ten repayments until the contract ends
    ],
)
def test_v5_an_indefinite_disability_pays_the_smallest_of_three_at_once(sum_insured: int, owed: int, paid: int) -> None:
    found = at_once(owed=letter(FOR_GOOD.since, owed), cap=limit(sum_insured))
    assert found.amount == tenge(paid)
    assert found.instalments == ()


# ── Again, 7.7 ───────────────────────────────────────────────────────────────
AGAIN = Disability(since=date(2026, 3, 10), until=date(2027, 3, 9), earlier_until=A_YEAR.until)


def test_v6_a_further_term_pays_what_the_earlier_one_left() -> None:
    cap = limit(420_000, paid_before=300_000)
    found = by_instalments(AGAIN, until=date(2030, 1, 1), schedule=every_15th(2026), cap=cap)
    assert found.amount == tenge(120_000)
    assert [one.amount for one in found.instalments] == [tenge(50_000), tenge(50_000), tenge(20_000)]
    forgetful = by_instalments(AGAIN, until=date(2030, 1, 1), schedule=every_15th(2026), cap=limit(420_000))
    assert forgetful.amount == tenge(420_000)  # what was paid before is what bounds it


@pytest.mark.parametrize(
    ("since", "first"),
    [
        (date(2026, 2, 20), date(2026, 4, 15)),  # certified before the earlier term ended: March is paid for already
        (date(2026, 3, 16), date(2026, 4, 15)),
        (date(2026, 4, 16), date(2026, 5, 15)),  # a gap between the terms is nobody's
    ],
)
def test_no_repayment_is_paid_twice_and_none_between_the_terms(since: date, first: date) -> None:
    again = Disability(since=since, until=date(2027, 3, 9), earlier_until=date(2026, 3, 15))
    found = by_instalments(again, until=date(2030, 1, 1), schedule=every_15th(2026), cap=limit(1_000_000))
    assert found.instalments[0].due_on == first


def test_a_disability_that_became_indefinite_pays_at_once_what_the_earlier_term_did_not() -> None:
    became = Disability(since=date(2025, 9, 1), until=None, earlier_until=date(2025, 9, 30))
    found = at_once(became, cap=limit(600_000, paid_before=350_000))  # March to September
    assert found.amount == tenge(150_000)  # October to December


# ── What contradicts itself ──────────────────────────────────────────────────
def test_the_banks_letter_is_about_the_day_of_the_event() -> None:
    """10.1(1), 10.2(1)."""
    with pytest.raises(FactsDisagree) as refused:
        death(died_on=DIED_ON, letter=letter(date(2025, 6, 21), 100), limit=limit(100))
    assert refused.value.code == "letter_day"
    with pytest.raises(FactsDisagree) as refused:
        at_once(owed=letter(date(2025, 3, 9), 100), cap=limit(100))
    assert refused.value.code == "letter_day"


def test_a_term_does_not_end_before_it_begins() -> None:
    assert Disability(A_YEAR.since, A_YEAR.since).until == A_YEAR.since
    with pytest.raises(FactsDisagree) as refused:
        Disability(A_YEAR.since, date(2025, 3, 9))
    assert refused.value.code == "term"


def test_what_is_indefinite_has_no_instalments_and_what_ends_has() -> None:
    with pytest.raises(FactsDisagree) as refused:
        by_instalments(FOR_GOOD, cap=limit(100))
    assert refused.value.code == "indefinite"
    with pytest.raises(FactsDisagree) as refused:
        at_once(A_YEAR, cap=limit(100))
    assert refused.value.code == "fixed_term"


@pytest.mark.parametrize("sums", [("-0.01", 0, 0), (100, "-0.01", 0), (100, 0, "-0.01")])
def test_no_sum_of_a_limit_is_below_0(sums: tuple[str, str, str]) -> None:
    with pytest.raises(FactsDisagree) as refused:
        Limit(*map(tenge, sums))
    assert refused.value.code == "negative"


@pytest.mark.parametrize("not_principal", ["-0.01", "100.01"])
def test_interest_is_a_part_of_the_debt(not_principal: str) -> None:
    with pytest.raises(FactsDisagree) as refused:
        letter(DIED_ON, 100, not_principal=not_principal)
    assert refused.value.code == "letter_parts"
