"""Everybody's ID and one birth date: how many tries are compared, and how many policies are taken over.

A try that is compared hits one of some 19,000 dates. At 100 a day the guesser waits half a year for one policy, and
gets its limited state; without the breaker every date of the register falls at the first round.
"""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from activation.rules import BREAKER_FLOOR, FAILURES_A_DAY, FAILURES_UNTIL_PROOF, Verdict
from activation.services import find
from core import limits
from core.limits import Allowance, Spent
from policies.models import Access
from tests.activation.door import spending_by
from tests.factories import a_policy, a_product
from tests.security.spray import DAY, Guesser, a_register, most_common_dates

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def without_the_breaker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find.Tries, "look_suspicious", lambda self, spent: False)


def spray(size: int, *, days: int, tries_a_day: int, seed: int = 1) -> tuple[Guesser, list[int]]:
    """Each day the next most common date of the register, at `tries_a_day` of its IDs in turn. Also returned: how many
    people each day's date would have opened at all IDs."""
    product = a_product()
    insured = a_register(product, size, seed=seed)
    ids = [one.insured_id for one in insured]
    random.Random(seed).shuffle(ids)
    dates = most_common_dates(insured)[:days]
    guesser = Guesser(product)
    for number, (guess, _people) in enumerate(dates):
        start = number * tries_a_day % size
        guesser.spends_a_day((ids + ids)[start : start + tries_a_day], guess, MORNING + number * DAY)
    return guesser, [people for _guess, people in dates]


# ── Many IDs, one date ───────────────────────────────────────────────────────
@pytest.mark.usefixtures("quick_commits")
def test_a_spray_over_five_hundred_ids_takes_over_nobody() -> None:
    guesser, _prizes = spray(500, days=2, tries_a_day=250)
    assert guesser.compared == 2 * BREAKER_FLOOR
    assert guesser.seen[Verdict.ASKED_MORE] == 500 - 2 * BREAKER_FLOOR
    assert Access.objects.count() == 0


@pytest.mark.long
def test_without_the_breaker_the_limits_of_ids_and_addresses_stop_no_spray(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: each ID is tried once, each address below its limit, and whoever was born on that day has lost."""
    without_the_breaker(monkeypatch)
    guesser, prizes = spray(500, days=1, tries_a_day=500)
    assert guesser.compared == 500
    assert Access.objects.count() == prizes[0] >= 2


@pytest.fixture
def quick_commits(transactional_db: None) -> Iterator[None]:
    """A hundred thousand tries commit three times each; that they survive a power cut is not the question here."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
        yield
        cursor.execute("RESET synchronous_commit")


@pytest.mark.long
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.usefixtures("quick_commits")
def test_a_spray_over_a_hundred_thousand_ids_takes_over_nobody() -> None:
    guesser, _prizes = spray(100_000, days=5, tries_a_day=20_000)
    assert sum(guesser.seen.values()) >= 100_000
    assert guesser.compared <= 5 * BREAKER_FLOOR
    assert Access.objects.count() == 0


@pytest.mark.long
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.usefixtures("quick_commits")
def test_without_the_breaker_a_spray_over_a_hundred_thousand_ids_takes_over_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control, a fifth of the register in one day."""
    without_the_breaker(monkeypatch)
    guesser, prizes = spray(100_000, days=1, tries_a_day=20_000)
    assert guesser.compared == 20_000
    assert 1 <= Access.objects.count() <= prizes[0]


# ── One ID, many dates ───────────────────────────────────────────────────────
def grind(days: int, tries_a_day: int) -> Guesser:
    """Somebody who knows the year of birth and has time: 1 January, 2 January, … at one ID; she was born on 14 March."""
    a_policy("4410027531")
    guesser, known = Guesser(a_product()), date(1961, 1, 1)
    for number in range(days * tries_a_day):
        day, part = divmod(number, tries_a_day)
        guess = known + timedelta(days=number % 365)
        guesser.tries("4410027531", guess, MORNING + day * DAY + DAY * part / tries_a_day)
    return guesser


def test_whoever_knows_the_year_gets_twenty_guesses_in_a_month_and_no_policy() -> None:
    guesser = grind(days=30, tries_a_day=10)
    assert guesser.compared == FAILURES_UNTIL_PROOF == 4 * FAILURES_A_DAY
    assert Access.objects.count() == 0


def test_without_the_limits_of_the_id_the_year_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: all other limits stand."""
    monkeypatch.setattr(find, "spend_and_look_up", spending_by(granting(lambda key: ":id:" in key)))
    grind(days=10, tries_a_day=10)
    assert Access.objects.count() == 1


def granting(is_free: Callable[[str], bool]) -> Callable[..., Spent]:
    """`limits.spend` that grants what `is_free` without counting, and counts the rest."""

    def spend_the_rest(*allowances: Allowance, now: datetime) -> Spent:
        free = [allowance.key for allowance in allowances if is_free(allowance.key)]
        spent = limits.spend(*(allowance for allowance in allowances if allowance.key not in free), now=now)
        return Spent(spent.exhausted, spent.counts | dict.fromkeys(free, 1))

    return spend_the_rest
