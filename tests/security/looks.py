"""What a stranger can tell two answers apart by: everything that comes over the wire, and how long it takes."""

import re
import time
from collections.abc import Callable
from statistics import median

from django.http import HttpResponse

Ask = Callable[[], object]

# One-time values of every page, and what the stranger typed.
OWN = re.compile(r'value="[^"]*"|nonce="[^"]*"|nonce-[^\']*')
OWN_COOKIE = re.compile(r"(?<==)[^;]*|expires=[^;]*")
OWN_HEADERS = {"X-Request-ID", "Expires"}  # the second of the answer


def looks(answer: HttpResponse) -> tuple[int, dict[str, str], dict[str, str], str]:
    """Status, headers, cookies without their values, body."""
    cookies = {name: OWN_COOKIE.sub("", cookie.OutputString()) for name, cookie in answer.cookies.items()}
    headers = {name: OWN.sub("", value) for name, value in answer.headers.items() if name not in OWN_HEADERS}
    return answer.status_code, headers, cookies, OWN.sub("", answer.content.decode())


def told_apart(asks: dict[str, Ask], *, by: Ask, rounds: int, before: Ask) -> list[str]:
    """Which of `asks` the clock tells from `by`, three times in a row: what a busy machine seemed to show is not there
    the second time. `before` brings the world back into order and is not measured."""
    suspects = list(asks)
    for _series in range(3):
        took = measured({name: asks[name] for name in suspects} | {"by": by}, rounds=rounds, before=before)
        suspects = [name for name in suspects if can_be_told_apart(took[name], took["by"])]
        if not suspects:
            break
    return suspects


def measured(asks: dict[str, Ask], *, rounds: int, before: Ask) -> dict[str, list[float]]:
    """Seconds of each ask. They take turns, each round from another one on, so that the machine's moods meet all alike."""
    took: dict[str, list[float]] = {name: [] for name in asks}
    names = list(asks)
    for number in range(rounds + 1):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            before()
            begun = time.perf_counter()
            asks[name]()
            took[name].append(time.perf_counter() - begun)
    return {name: times[1:] for name, times in took.items()}  # the first round warms up


def can_be_told_apart(one: list[float], other: list[float]) -> bool:
    """security.md, A4: medians differ by less than 10 % or less than 15 ms. A busy machine stretches what differs by
    5 ms to 15, so the quickest of each, which were not interrupted, must say the same. What an answer waits for it
    waits for each time: a leak is in the quickest too."""
    return differ(median(one), median(other)) and differ(min(one), min(other))


def differ(one: float, other: float) -> bool:
    difference = abs(one - other)
    return difference >= 0.1 * max(one, other) and difference >= 0.015
