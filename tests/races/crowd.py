"""Forty connections that begin in the same moment, and two of which one waits for the other."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier
from typing import TypeVar

from django.db import connection, connections, transaction

CROWD = 40
Answer = TypeVar("Answer")


def all_at_once(act: Callable[[int], Answer], crowd: int = CROWD) -> list[Answer]:
    """What each of the crowd got, in the order of their numbers."""
    together = Barrier(crowd)

    def one(number: int) -> Answer:
        try:
            connection.ensure_connection()
            together.wait(timeout=30)
            return act(number)
        finally:
            connections.close_all()

    story = [copy_context() for _ in range(crowd)]  # each is whoever tells it (tests.conftest)
    with ThreadPoolExecutor(crowd) as pool:
        return list(pool.map(lambda number: story[number].run(one, number), range(crowd)))


def while_waiting(act: Callable[[], object], first: Callable[[], object]) -> None:
    """`first` is done and not committed until `act`, on another connection, waits for it."""

    def other() -> None:
        try:
            act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            waiting = pool.submit(copy_context().run, other)
            while not somebody_waits():
                assert not waiting.done(), waiting.result()
                time.sleep(0.01)
        waiting.result(timeout=30)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)) AND NOT granted")
        return cursor.fetchone() is not None
