"""Addresses that a mail server sent letters back from, as somebody pastes them or a file lists them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BOUNCES = 100_000
LONGEST = 254  # characters of an address (RFC 5321)
# What stands around addresses in bounce reports: "<a@b.kz>,", "mailto:a@b.kz", "rfc822;a@b.kz", a CSV's quotes.
ADDRESS = re.compile(r"[^\s<>\"'(),;:|@]+@[^\s<>\"'(),;:|@]+\.[^\s<>\"'(),;:|@]+")

INVISIBLE = {0: " ", 0xFEFF: " "}


@dataclass(frozen=True)
class Bounces:
    addresses: dict[str, str]  # in small letters → what stood beside it: the reason
    not_read: list[int]  # numbers of lines without an address, from 1


def read_bounces(text: str) -> Bounces:
    """One address a line, the first one; the rest of the line is the reason. Blank lines and a heading are let pass."""
    addresses: dict[str, str] = {}
    not_read: list[int] = []
    for number, line in _lines(text):
        found = ADDRESS.search(line)
        if found and len(found[0]) <= LONGEST:
            addresses.setdefault(found[0].strip(".").lower(), _reason(line, found))
        elif number > 1 or "@" in line:
            not_read.append(number)
    return Bounces(addresses, not_read)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip(" \t;,\ufeff\0"))


def _reason(line: str, found: re.Match[str]) -> str:
    sides = (line[: found.start()], line[found.end() :])
    words = (" ".join(side.translate(INVISIBLE).split()).strip("<>\"';,:| ") for side in sides)
    return " ".join(filter(None, words))[:200]
