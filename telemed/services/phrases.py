from typing import Any

from telemed.models import Phrase


def add_phrase(*, by: Any, language: str, text: str) -> Phrase:
    """Twice is once."""
    phrase, _created = Phrase.objects.get_or_create(user=by, language=language, text=text)
    return phrase


def drop_phrase(*, phrase: Phrase) -> None:
    phrase.delete()
