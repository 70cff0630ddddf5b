"""Waiting for what happens in another thread or process: a condition and a deadline, never a guess at how long it takes."""

import time
from collections.abc import Callable

PATIENCE = 180.0  # seconds, for what takes one or two where nobody else computes; a worker that starts takes ten


def wait_until(
    happened: Callable[[], object], what: str, seconds: float = PATIENCE, instead: Callable[[], object] = lambda: ""
) -> None:
    """`instead`: what to show where it did not happen."""
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, f"not within {seconds:.0f} s: {what}\n{instead()}"
        time.sleep(0.02)
