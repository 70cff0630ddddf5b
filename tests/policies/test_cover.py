"""A cover that counts from the activation: both sides of its days (KIH-06, KIH-09)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from policies.models import Policy
from policies.rules import CoverTerm, Standing, standing
from policies.services.cover import start_cover
from tests.factories import a_policy, a_policy_with_a_code

TERM = CoverTerm(waiting_days=15, months=12)


@pytest.mark.parametrize(
    ("activated_on", "first", "last"),
    [
        (date(2026, 3, 1), date(2026, 3, 16), date(2027, 3, 15)),
        (date(2028, 2, 14), date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 2, 14), date(2027, 3, 1), date(2028, 2, 29)),
        (date(2024, 2, 15), date(2024, 3, 1), date(2025, 2, 28)),  # Almaty moved its clocks on 1 March 2024
        (date(2026, 12, 31), date(2027, 1, 15), date(2028, 1, 14)),
    ],
)
def test_fifteen_days_and_twelve_months(activated_on: date, first: date, last: date) -> None:
    assert TERM.of(activated_on) == (first, last)


def test_the_last_second_of_the_fifteenth_day_is_not_covered_and_the_next_is() -> None:
    first, last = TERM.of(date(2026, 3, 1))
    day = timedelta(days=1)
    found = [
        standing(cover_starts_on=first, cover_ends_on=last, today=today)
        for today in (first - day, first, last, last + day)
    ]
    assert found == [Standing.STARTS_LATER, Standing.IN_FORCE, Standing.IN_FORCE, Standing.ENDED]


def test_without_an_activation_there_is_no_cover() -> None:
    assert standing(cover_starts_on=None, cover_ends_on=None, today=date(2026, 3, 1)) == Standing.NOT_ACTIVATED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("instant", "activated_on"),
    [
        (datetime(2026, 11, 21, 18, 59, 59, tzinfo=UTC), date(2026, 11, 21)),  # 23:59:59 in Almaty
        (datetime(2026, 11, 21, 19, 0, 0, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2024, 2, 29, 17, 59, 59, tzinfo=UTC), date(2024, 2, 29)),  # Almaty was at +06:00 until midnight
        (datetime(2024, 2, 29, 19, 0, 0, tzinfo=UTC), date(2024, 3, 1)),
    ],
)
def test_the_day_of_activation_is_the_insurers(instant: datetime, activated_on: date) -> None:
    policy, _code = a_policy_with_a_code()
    start_cover(policy=policy, by=None, now=instant)
    assert Policy.objects.get().cover_starts_on == activated_on + timedelta(days=15)


@pytest.mark.django_db
def test_a_cover_is_set_once() -> None:
    policy, _code = a_policy_with_a_code()
    stale = Policy.objects.get()
    for days, one in ((0, policy), (5, stale)):
        start_cover(policy=one, by=None, now=datetime(2026, 11, 21, 7, tzinfo=UTC) + timedelta(days=days))
    assert stale.cover_starts_on == policy.cover_starts_on == date(2026, 12, 6)
    assert policy.events.count() == 1


@pytest.mark.django_db
def test_printed_dates_are_nobodys_to_set() -> None:
    policy = a_policy()
    before = policy.cover_starts_on
    start_cover(policy=policy, by=None, now=datetime(2026, 11, 21, 7, tzinfo=UTC))
    policy.refresh_from_db()
    assert policy.cover_starts_on == before
    assert not policy.events.exists()
