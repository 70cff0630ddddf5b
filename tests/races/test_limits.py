"""Two hundred tries at once at the door of one ID spend exactly its limit, and no cache that is lost gives one back."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from django.core.cache import caches
from django.test import Client
from redis import Redis

from accounts.adapters import AccountAdapter
from activation.models import Step
from activation.rules import FAILURES_A_DAY, IdAndBirthDate, Verdict
from activation.services import find
from activation.services.find import find_policy
from core import limits
from core.limits import Allowance, Spent
from core.models import Limit
from dev.valkey import Valkey, start_valkey
from policies.models import ProductVersion
from portal.celery import app
from tests.accounts.doors import sign_in
from tests.activation.door import Visitor, spending_by
from tests.factories import BORN, a_policy, a_product
from tests.people import aigul
from tests.races.crowd import CROWD, all_at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
WRONG, TRIES_EACH = date(1961, 4, 13), 5
NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


# ── Two hundred at once ──────────────────────────────────────────────────────
def tried_two_hundred_times(product: ProductVersion) -> Counter[str]:
    """What the steps of one ID say after forty connections tried a wrong date five times each, from forty addresses."""

    def tries(number: int) -> None:
        for _ in range(TRIES_EACH):
            find_policy(
                product=product, facts=IdAndBirthDate("4410027531", WRONG), source=f"10.0.0.{number}", by=None, now=NOW
            )

    all_at_once(tries)
    return Counter(Step.objects.values_list("kind", flat=True))


def test_two_hundred_tries_at_once_are_compared_five_times() -> None:
    a_policy()
    kinds = tried_two_hundred_times(a_product())
    assert kinds == {Verdict.REFUSED: FAILURES_A_DAY, Verdict.LOCKED: CROWD * TRIES_EACH - FAILURES_A_DAY}
    assert Limit.objects.get(key="activation:nsk:id:4410027531:day").spent == FAILURES_A_DAY
    assert Limit.objects.get(key="activation:nsk:failures").spent == FAILURES_A_DAY


@pytest.mark.long
def test_reading_first_and_saving_later_would_compare_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the tries do meet. Everybody has read before the first one saves."""
    monkeypatch.setattr(find, "spend_and_look_up", spending_by(read_modify_save(Barrier(CROWD))))
    a_policy()
    assert tried_two_hundred_times(a_product())[Verdict.REFUSED] >= CROWD


def read_modify_save(everybody_has_read: Barrier) -> Callable[..., Spent]:
    def spend(*allowances: Allowance, now: datetime) -> Spent:
        held = limits.held(*(allowance.key for allowance in allowances), now=now)
        everybody_has_read.wait(timeout=30)
        counts = {key.key: held[key.key].spent if key.key in held else 0 for key in allowances}
        exhausted = [key.key for key in allowances if key.limit is not None and counts[key.key] >= key.limit]
        for allowance in allowances:
            row = {"spent": counts[allowance.key] + 1, "ceiling": limits.UNLIMITED, "started_at": now}
            Limit.objects.update_or_create(key=allowance.key, defaults=row)
        return Spent(exhausted, {key: count + 1 for key, count in counts.items() if key not in exhausted})

    return spend


# ── Valkey is flushed, then stopped ──────────────────────────────────────────
@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    started = start_valkey(tmp_path)
    yield started
    started.end()


def flush(valkey: Valkey) -> None:
    with Redis.from_url(valkey.url) as connection:
        assert connection.dbsize()
        connection.flushall()


def wrong_passwords(times: int) -> int:
    """How many were compared with Aigul's."""
    answers = [sign_in(Client(), password="Wrong 1950", headers={"Accept-Language": "en"}) for _ in range(times)]
    return sum("the password is not right" in answer.text for answer in answers)


def test_neither_flushing_nor_stopping_valkey_forgets_a_try(valkey: Valkey) -> None:
    with app.connection_for_write(valkey.url) as broker:
        app.send_task("notices.tasks.deliver", connection=broker)  # a wake-up that waits: Valkey is in use
    a_policy()
    aigul()
    compared = 0
    happenings: list[Callable[[], object]] = [lambda: flush(valkey), valkey.end, lambda: None]
    for happens in happenings:
        for _ in range(FAILURES_A_DAY):
            Visitor().says(born=WRONG)
        compared += wrong_passwords(3)
        happens()
    assert Step.objects.filter(kind=Verdict.REFUSED).count() == FAILURES_A_DAY
    assert compared == 5
    assert Visitor().says(born=BORN).status_code == 200


@pytest.mark.long
def test_limits_kept_in_valkey_would_be_forgotten(
    valkey: Valkey, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: the flush is a real one. allauth's own limits in Valkey, as many a portal keeps them."""
    monkeypatch.setattr(AccountAdapter, "pre_authenticate", DefaultAccountAdapter.pre_authenticate)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": valkey.url}}
    aigul()
    compared = wrong_passwords(6)
    flush(valkey)
    compared += wrong_passwords(6)
    caches["default"].close()
    assert compared == 10
