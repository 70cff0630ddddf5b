"""Facts that wait for a letter or a document, as JSON keeps them."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any


def parsed(facts: Mapping[str, Any]) -> dict[str, Any]:
    """JSON knows no dates, so the key says it: `cover_from`, `expires_on`, `cover_until` are days, `when` and
    `…_at` instants. An instant is told by the clock of the zone it was written in, so here it loses its zone.
    An empty text stays: a contract may name no last day."""
    return {key: _parsed(key, value) for key, value in facts.items()}


def _parsed(key: str, value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return value
    if key.endswith(("_on", "_from", "_until")):
        return date.fromisoformat(value)
    if key == "when" or key.endswith("_at"):
        return datetime.fromisoformat(value).replace(tzinfo=None)
    return value


def digest_of_facts(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON: the same facts have the same one, in whatever order they were put together."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
