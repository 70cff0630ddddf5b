"""The words of a story come from the catalogue of its language, so that one story runs in each."""

from html import unescape
from typing import Any

from django.utils.translation import get_language, gettext


def says(msgid: str, **facts: Any) -> str:
    """What a page says in the active language. A sentence that no catalogue has would find nothing, or the wrong thing."""
    words = gettext(msgid)
    if words == msgid and get_language() != "en":
        raise LookupError(f"“{msgid}” is not in the catalogue of {get_language()}")
    return unescape(words % facts if facts else words)
