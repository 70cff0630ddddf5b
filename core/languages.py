"""Which of the portal's languages a sentence is written in."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import get_language

OWN_NAMES = {"kk": "қазақша", "ru": "русский", "en": "English"}  # each as its speakers read it, inside a sentence


def chosen(language: str | None = None) -> str:
    """The given language, else the active one, else the default: always a code of settings.LANGUAGES."""
    code = (language or get_language() or "")[:2]
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def in_language(texts: Mapping[str, str], language: str | None = None) -> str:
    """A text that is data ({language: text}): in the chosen language, else in Russian, which every text has."""
    return texts.get(chosen(language)) or texts.get("ru", "")
