"""As many hash jobs at once as there are cores; who waits longer than two seconds is told to come back."""

import threading
import time

import pytest

from accounts import hashers
from accounts.hashers import BoundedArgon2Hasher, Busy

ENCODED = BoundedArgon2Hasher().encode("Tulpan 1950 gul", "saltsaltsalt")


def test_no_more_jobs_run_at_once_than_there_are_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    assert most_at_once(monkeypatch, turns=2, jobs=8) == 2


def test_without_the_bound_they_all_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    assert most_at_once(monkeypatch, turns=8, jobs=8) > 2


def most_at_once(monkeypatch: pytest.MonkeyPatch, *, turns: int, jobs: int) -> int:
    running: list[int] = []
    seen: list[int] = []

    def slow(self: object, password: str, encoded: str) -> bool:
        running.append(1)
        seen.append(len(running))
        time.sleep(0.05)
        running.pop()
        return True

    monkeypatch.setattr(hashers, "_turns", threading.BoundedSemaphore(turns))
    monkeypatch.setattr("django.contrib.auth.hashers.Argon2PasswordHasher.verify", slow)
    threads = [threading.Thread(target=BoundedArgon2Hasher().verify, args=("x", ENCODED)) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(seen)


def test_who_gets_no_turn_in_time_is_busy_and_the_turn_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashers, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(hashers, "LONGEST_WAIT", 0.02)
    with hashers._a_turn():
        with pytest.raises(Busy):
            BoundedArgon2Hasher().verify("Tulpan 1950 gul", ENCODED)
        with pytest.raises(Busy):
            BoundedArgon2Hasher().encode("Tulpan 1950 gul", "saltsaltsalt")
    assert BoundedArgon2Hasher().verify("Tulpan 1950 gul", ENCODED)
    assert not BoundedArgon2Hasher().verify("Tulpan 1950 gul ", ENCODED)


def test_the_wait_is_two_seconds() -> None:
    assert hashers.LONGEST_WAIT == 2
