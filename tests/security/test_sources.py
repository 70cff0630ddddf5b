"""Where a request comes from is what the configured proxies say. tests/accounts/test_sign_in.py asks the same of allauth.

Counted from the left, X-Forwarded-For is whatever the visitor wrote; not counted behind a proxy, everybody is one.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from activation.rules import FAILURES_AN_HOUR_PER_SOURCE, Verdict
from core.models import Limit
from tests.activation.conftest import NOON
from tests.activation.door import Visitor
from tests.activation.test_start import steps
from tests.factories import an_insurer

pytestmark = pytest.mark.django_db
PROXY = "10.9.9.9"


@pytest.fixture(autouse=True)
def within_a_minute() -> Iterator[None]:
    an_insurer()
    with time_machine.travel(NOON, tick=False):
        yield


def sources() -> set[str]:
    keys = Limit.objects.filter(key__startswith="activation:source:").values_list("key", flat=True)
    return {key.removeprefix("activation:source:") for key in keys}


def tries(times: int, *, address: str = "203.0.113.7", forwarded: str = "", spoof: bool = False) -> None:
    """At step 1, each time another ID. `spoof`: each time with another forged address in front of what the proxy adds."""
    for number in range(times):
        Visitor(**coming_from(address, forwarded, number if spoof else None)).says(f"77{number:08}")


def coming_from(address: str, forwarded: str, forged: int | None) -> dict[str, str]:
    """What the server gets to see: the peer's address, and the header as the visitor began it and the proxy ended it."""
    chain = [f"198.51.100.{forged}"] * (forged is not None) + [forwarded] * bool(forwarded)
    return {"REMOTE_ADDR": address} | ({"HTTP_X_FORWARDED_FOR": ", ".join(chain)} if chain else {})


# ── No proxy: the header is anybody's word ───────────────────────────────────
def test_without_a_proxy_forwarded_addresses_are_not_believed() -> None:
    tries(FAILURES_AN_HOUR_PER_SOURCE + 1, spoof=True)
    assert sources() == {"203.0.113.7"}
    assert steps().count(Verdict.LOCKED) == 1


def test_where_a_proxy_was_configured_that_is_not_there_forged_addresses_open_the_limit(settings: Any) -> None:
    """Control: the header does reach the code that must not believe it."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    tries(FAILURES_AN_HOUR_PER_SOURCE + 1, spoof=True)
    assert len(sources()) == FAILURES_AN_HOUR_PER_SOURCE + 1
    assert Verdict.LOCKED not in steps()


# ── One proxy: the last address is its word ──────────────────────────────────
def test_behind_a_proxy_only_the_address_that_it_added_counts(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    tries(FAILURES_AN_HOUR_PER_SOURCE + 1, address=PROXY, forwarded="203.0.113.7", spoof=True)
    assert sources() == {"203.0.113.7"}
    assert steps().count(Verdict.LOCKED) == 1


def test_behind_a_proxy_one_visitors_tries_are_not_anothers(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    tries(FAILURES_AN_HOUR_PER_SOURCE, address=PROXY, forwarded="203.0.113.7")
    tries(1, address=PROXY, forwarded="203.0.113.8")
    assert Verdict.LOCKED not in steps()


def test_behind_a_proxy_that_is_not_configured_everybody_is_one_visitor() -> None:
    """Control: what the setting is for."""
    tries(FAILURES_AN_HOUR_PER_SOURCE, address=PROXY, forwarded="203.0.113.7")
    tries(1, address=PROXY, forwarded="203.0.113.8")
    assert sources() == {PROXY}
    assert steps()[-1] == Verdict.LOCKED


def test_of_an_ipv6_address_the_household_counts() -> None:
    for number in range(3):
        tries(1, address=f"2001:db8:0:1::{number}")
    assert sources() == {"2001:db8:0:1::/64"}
