"""Countries by their codes (ISO 3166), named in each language.

The names are those of Unicode CLDR, once copied into countries.json: a library for them would weigh 30 MB.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from core.languages import in_language
from core.names import sort_key


@cache
def countries() -> dict[str, dict[str, str]]:
    """Code → language → name."""
    read: dict[str, dict[str, str]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return read


def country_name(code: str) -> str:
    """In the active language; of an unknown code the code."""
    names = countries().get(code)
    return in_language(names) if names else code


def country_choices(*first: str) -> Iterable[tuple[str, str]]:
    """For a form: `first` on top, the others by name."""
    named = [(code, country_name(code)) for code in countries()]
    rest = sorted((pair for pair in named if pair[0] not in first), key=lambda pair: sort_key(pair[1]))
    return [*((code, country_name(code)) for code in first), *rest]
