from typing import Any

from django.utils import translation

from telemed.models import Phrase
from telemed.rules.phrases import COMMON


def phrases_for(user: Any, language: str) -> list[str]:
    """What this doctor says often, and what all do, in the patient's language. One query."""
    own = Phrase.objects.filter(user=user, language=language).values_list("text", flat=True)
    with translation.override(language):
        return [*own, *map(str, COMMON)]


def own_phrases(user: Any) -> list[Phrase]:
    return list(Phrase.objects.filter(user=user))


def own_phrase(user: Any, number: int) -> Phrase | None:
    return Phrase.objects.filter(user=user, pk=number).first()
