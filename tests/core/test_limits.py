"""Tries are counted by one statement: no burst, no rollback of somebody else and no empty cache brings them back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from core import limits
from core.limits import Allowance, Held
from core.models import Limit

NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DAILY = Allowance("id:42:day", limit=5, window=DAY)
FOR_EVER = Allowance("id:42:ever", limit=7, window=None)

pytestmark = pytest.mark.django_db


def spend_all(allowance: Allowance, now: datetime = NOW) -> None:
    for _ in range(allowance.limit or 0):
        assert limits.spend(allowance, now=now).exhausted == []


def test_the_last_try_is_granted_and_the_next_is_not() -> None:
    spend_all(DAILY)
    assert limits.spend(DAILY, now=NOW).exhausted == ["id:42:day"]


def test_tries_beyond_the_limit_do_not_prolong_it() -> None:
    spend_all(DAILY)
    limits.spend(DAILY, now=NOW + DAY - timedelta(seconds=1))
    held = Limit.objects.get()
    assert (held.spent, held.ends_at) == (5, NOW + DAY)


def test_the_window_starts_at_the_first_try_and_ends_to_the_second() -> None:
    spend_all(DAILY)
    assert limits.spend(DAILY, now=NOW + DAY - timedelta(seconds=1)).exhausted == ["id:42:day"]
    assert limits.spend(DAILY, now=NOW + DAY).exhausted == []
    assert Limit.objects.get().spent == 1


def test_without_a_window_tries_never_come_back() -> None:
    spend_all(FOR_EVER)
    assert limits.spend(FOR_EVER, now=NOW + 3650 * DAY).exhausted == ["id:42:ever"]


def test_every_allowance_is_taken_and_only_the_exhausted_one_is_named() -> None:
    spend_all(DAILY)
    assert limits.spend(FOR_EVER, DAILY, now=NOW).exhausted == ["id:42:day"]
    assert Limit.objects.get(key="id:42:ever").spent == 1


def test_a_limit_of_nothing_grants_nothing() -> None:
    assert limits.spend(Allowance("closed", 0, None), now=NOW).exhausted == ["closed"]
    assert not Limit.objects.exists()


def test_a_raised_limit_counts_at_once() -> None:
    spend_all(DAILY)
    assert limits.spend(Allowance(DAILY.key, 6, DAY), now=NOW).exhausted == []


def test_a_try_given_back_can_be_taken_again() -> None:
    spend_all(DAILY)
    limits.give_back(DAILY.key, "never seen")
    assert limits.spend(DAILY, now=NOW).exhausted == []
    assert limits.spend(DAILY, now=NOW).exhausted == [DAILY.key]


def test_no_more_is_given_back_than_was_taken() -> None:
    limits.spend(DAILY, now=NOW)
    for _ in range(3):
        limits.give_back(DAILY.key)
    assert Limit.objects.get().spent == 0


def test_forgiven_tries_leave_the_count_they_are_part_of() -> None:
    total, other = Allowance("all:day", None, DAY), Allowance("id:43:day", 5, DAY)
    for allowance in (DAILY, DAILY, other):
        limits.spend(allowance, total, now=NOW)
    limits.forgive(DAILY.key, also_in=total.key)
    assert dict(Limit.objects.values_list("key", "spent")) == {other.key: 1, total.key: 1}


def test_what_is_older_than_the_count_is_not_taken_out_of_it() -> None:
    """Otherwise yesterday's slips would make room for today's guesses."""
    total = Allowance("all:day", None, DAY)
    limits.spend(DAILY, now=NOW - timedelta(hours=1))
    for _ in range(3):
        limits.spend(total, now=NOW)
    limits.forgive(DAILY.key, also_in=total.key)
    assert dict(Limit.objects.values_list("key", "spent")) == {total.key: 3}


def test_nothing_is_forgiven_where_nothing_was_tried() -> None:
    total = Allowance("all:day", None, DAY)
    limits.spend(total, now=NOW)
    limits.forgive(DAILY.key, also_in=total.key)
    assert Limit.objects.get().spent == 1


def test_a_reset_forgets_only_what_it_names() -> None:
    spend_all(DAILY)
    spend_all(FOR_EVER)
    limits.reset(DAILY.key)
    assert limits.spend(DAILY, FOR_EVER, now=NOW).exhausted == [FOR_EVER.key]


def test_pruning_takes_what_has_run_out_and_nothing_else() -> None:
    limits.spend(DAILY, FOR_EVER, now=NOW)
    assert limits.prune(NOW + DAY - timedelta(seconds=1)) == 0
    assert limits.prune(NOW + DAY) == 1
    assert Limit.objects.get().key == FOR_EVER.key


def test_the_database_knows_the_limit_too() -> None:
    with pytest.raises(IntegrityError, match="spent_within_the_limit"), transaction.atomic():
        Limit.objects.create(key="k", spent=6, ceiling=5, started_at=NOW)


# ── 40 connections × 5 tries at limit 5 (security.md, 2.1 A6) ────────────────


def granted_in_a_burst(take: Callable[[], bool]) -> int:
    start = Barrier(40)

    def one_connection() -> int:
        try:
            connection.ensure_connection()
            start.wait()
            return sum(take() for _ in range(5))
        finally:
            connection.close()

    with ThreadPoolExecutor(40) as pool:
        return sum(future.result() for future in [pool.submit(one_connection) for _ in range(40)])


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_a_burst_on_forty_connections_gets_exactly_five_tries() -> None:
    assert granted_in_a_burst(lambda: limits.spend(DAILY, FOR_EVER, now=NOW).exhausted == []) == 5
    assert Limit.objects.get(key=DAILY.key).spent == 5


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_reading_first_and_saving_later_would_let_more_through() -> None:
    """Control: the burst is a real one; all have read before the first one saves."""
    Limit.objects.create(key=DAILY.key, spent=0, ceiling=200, started_at=NOW)
    everybody_has_read = Barrier(40)

    def read_modify_save() -> bool:
        held = Limit.objects.get(key=DAILY.key)
        everybody_has_read.wait()
        if held.spent >= 5:
            return False
        held.spent += 1
        held.save()
        return True

    assert granted_in_a_burst(read_modify_save) >= 40


# ── Reading for a screen ─────────────────────────────────────────────────────
@pytest.mark.parametrize(("passed", "living"), [(DAY - timedelta(seconds=1), True), (DAY, False)])
def test_a_screen_reads_what_is_held_until_its_window_ends(passed: timedelta, living: bool) -> None:
    spend_all(DAILY)
    held = limits.held("id:42:day", "id:43:day", now=NOW + passed)
    assert held == ({"id:42:day": Held(5, 5, NOW, NOW + DAY)} if living else {})


def test_what_never_ends_is_held_and_reading_spends_nothing() -> None:
    limits.spend(FOR_EVER, now=NOW)
    for _ in range(2):
        held = limits.held("id:42:ever", now=NOW + 999 * DAY)["id:42:ever"]
        assert (held.spent, held.ends_at, held.is_exhausted) == (1, None, False)


def test_the_last_try_exhausts_what_is_held() -> None:
    spend_all(DAILY)
    assert limits.held("id:42:day", now=NOW)["id:42:day"].is_exhausted
