"""Argon2id whose memory and cores are bounded: 200 people who sign in at once must not take the pages down."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher
from prometheus_client import Gauge

LONGEST_WAIT = 2.0  # seconds
WAITING = Gauge("portal_password_checks_waiting", "Password checks that wait for a core", multiprocess_mode="livesum")
_turns = threading.BoundedSemaphore(os.cpu_count() or 1)


class Busy(Exception):
    """Every core is hashing and the wait was over before a turn came. Nothing was compared; the page is a 503."""


class BoundedArgon2Hasher(Argon2PasswordHasher):
    """OWASP's smallest Argon2id: 19 MiB, two passes, one lane; about 20 ms. At most one job per core in a process."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _a_turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _a_turn():
            return super().verify(password, encoded)


@contextmanager
def _a_turn() -> Iterator[None]:
    with WAITING.track_inprogress():
        has_turn = _turns.acquire(timeout=LONGEST_WAIT)
    if not has_turn:
        raise Busy
    try:
        yield
    finally:
        _turns.release()
