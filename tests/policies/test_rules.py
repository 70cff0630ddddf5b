"""What dates mean: cover, coming of age."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.rules import Standing, is_adult, last_birth_date_of_an_adult, standing

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("born", "eighteen_on"),
    [
        (date(2008, 11, 22), date(2026, 11, 22)),
        (date(2008, 2, 29), date(2026, 3, 1)),  # a common year has no 29 February
        (date(2004, 2, 29), date(2022, 3, 1)),
        (date(2008, 2, 28), date(2026, 2, 28)),
        (date(2006, 2, 28), date(2024, 2, 28)),
        (date(2006, 3, 1), date(2024, 3, 1)),
    ],
)
def test_the_18th_birthday_is_the_first_day_of_age(born: date, eighteen_on: date) -> None:
    assert not is_adult(born, today=eighteen_on - timedelta(days=1))
    assert is_adult(born, today=eighteen_on)


@given(today=st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_once_of_age_always_of_age(today: date) -> None:
    assert last_birth_date_of_an_adult(today) <= last_birth_date_of_an_adult(today + timedelta(days=1))


@given(starts=days, length=st.integers(0, 5000), today=days)
def test_a_policy_stands_in_exactly_one_way(starts: date, length: int, today: date) -> None:
    ends = date.fromordinal(min(starts.toordinal() + length, date(2100, 12, 31).toordinal() + 5000))
    state = standing(cover_starts_on=starts, cover_ends_on=ends, today=today)
    assert (state == Standing.IN_FORCE) == (starts <= today <= ends)
    assert (state == Standing.STARTS_LATER) == (today < starts)


@given(starts=days, today=days)
def test_without_a_last_day_cover_never_ends(starts: date, today: date) -> None:
    assert standing(cover_starts_on=starts, cover_ends_on=None, today=today) != Standing.ENDED
