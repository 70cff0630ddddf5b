"""Forty connections that begin in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection, connections

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

    with ThreadPoolExecutor(crowd) as pool:
        return list(pool.map(one, range(crowd)))
