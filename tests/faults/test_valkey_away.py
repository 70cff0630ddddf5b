"""Valkey carries wake-ups and nothing else: without it pages answer as ever, and letters wait (F4, F5)."""

import socket
import statistics
import threading
import time
from collections.abc import Iterator
from typing import Any

import kombu.exceptions
import pytest
import redis

from portal.celery import app
from tests.activation.door import START
from tests.activation.door import Visitor as InProcess
from tests.factories import a_policy
from tests.faults.house import House
from tests.faults.results import BEGUN, FINISHED, left_by, wait_for_quiet
from tests.faults.test_worker_killed import write_letters
from tests.faults.visitor import Visitor

MOST_COST = 0.05  # seconds that a missing Valkey may add to a request


# ── No request speaks to it ──────────────────────────────────────────────────
@pytest.fixture
def callers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Who called the broker: it takes connections and hangs up."""
    seen: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            while True:
                try:
                    caller, address = server.accept()
                except OSError:
                    return
                seen.append(address)
                caller.close()

        threading.Thread(target=take, daemon=True).start()
        monkeypatch.setitem(app.conf, "broker_url", f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        yield seen
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.django_db
def test_no_step_of_an_activation_speaks_to_the_broker(callers: list[Any]) -> None:
    a_policy()
    visitor = InProcess()
    visitor.begins()
    visitor.follows("/activate/letter/")
    visitor.signs_in()
    assert callers == []


def test_publishing_in_a_request_would(callers: list[Any]) -> None:
    """Control."""
    at_once = {"max_retries": 1, "interval_start": 0, "interval_step": 0}
    broker = app.connection_for_write(transport_options=at_once)
    with pytest.raises(kombu.exceptions.OperationalError), broker:
        app.send_task("notices.tasks.deliver", connection=broker, retry=False)
    assert callers


# ── It is gone, it comes back, it has forgotten everything ───────────────────
def test_without_valkey_one_activates_and_the_letter_follows_when_it_is_back(house: House, visitor: Visitor) -> None:
    house.stop_valkey()
    visitor.finds()
    visitor.begins()
    assert left_by(visitor) == BEGUN
    house.start_valkey()
    visitor.confirms()
    assert (left_by(visitor), visitor.broken) == (FINISHED, [])


@pytest.mark.long
def test_a_missing_valkey_costs_a_request_less_than_fifty_milliseconds(house: House, visitor: Visitor) -> None:
    with_it = seconds_a_page(visitor)
    house.stop_valkey()
    without = seconds_a_page(visitor)
    assert without - with_it < MOST_COST
    assert visitor.broken == []


def seconds_a_page(visitor: Visitor) -> float:
    def once(path: str) -> float:
        began = time.perf_counter()
        visitor.opens(path)
        return time.perf_counter() - began

    return statistics.median(once(path) for _ in range(40) for path in ("/", START, "/accounts/login/"))


@pytest.mark.long
def test_a_flushed_valkey_forgets_no_letter_and_no_sign_in(house: House, visitor: Visitor) -> None:
    visitor.finds()
    visitor.begins()
    house.flush_valkey()
    visitor.confirms()
    house.flush_valkey()
    assert 'action="/accounts/logout/"' in visitor.opens("/accounts/profile/").text
    wait_for_quiet(house)
    assert (left_by(visitor), visitor.broken) == (FINISHED, [])


@pytest.mark.long
def test_letters_that_were_only_messages_in_valkey_would_be_lost(house: House) -> None:
    """Control: twenty letters as rows, and twenty as tasks that a request published."""
    for name in ("worker-1", "worker-2", "beat-1", "beat-2"):
        house.kill(name)
    write_letters(house, 20, "row")
    with app.connection_for_write(house.valkey.url) as broker:
        for number in range(20):
            app.send_task("send_a_letter", [f"task{number}@example.kz"], queue="notices", connection=broker)
    valkey = redis.Redis.from_url(house.valkey.url)
    assert int(valkey.llen("notices")) == 20
    house.flush_valkey()
    assert int(valkey.llen("notices")) == 0
    house.mend()
    wait_for_quiet(house)
    assert len([letter for letter in house.mail.letters if letter["To"].startswith("row")]) == 20
