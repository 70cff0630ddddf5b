"""The number of a claim as people write and say it: «26-0012345-7», the year of the notice, a number, a check digit.

The check digit (Luhn) finds every single misread digit and almost every swap of two neighbours.
"""

import re
from datetime import date

NUMBER = re.compile(r"([0-9]{2})([0-9]{7,})([0-9])")
SHORTEST = 7  # digits of the number itself


def number_shown(number: int, notified_on: date) -> str:
    body = f"{notified_on:%y}{number:0{SHORTEST}}"
    return f"{body[:2]}-{body[2:]}-{check_digit(body)}"


def parse_number(text: str) -> int | None:
    """The number in what somebody typed, with whatever separators; None: misread, or none of ours."""
    found = NUMBER.fullmatch(re.sub(r"[\W_]", "", text))
    if not found or check_digit(found[1] + found[2]) != found[3]:
        return None
    return int(found[2])


def check_digit(body: str) -> str:
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)
