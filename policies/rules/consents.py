"""What somebody agrees to, and what follows from withdrawing it (TM-20, SGZ-14, NL-4.2a–d). Values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Texts = Mapping[str, str]  # {language: text}


class ConsentCode(TextChoices):
    """TM-20 names the first two."""

    PERSONAL_DATA = "personal_data", _("personal data")
    MEDICAL_INFORMATION = "medical_information", _("medical information")
    CLAIM_DATA = "claim_data", _("data for a claim")  # 9.3(1)


BEFORE_CONSULTING = (
    ConsentCode.PERSONAL_DATA,
    ConsentCode.MEDICAL_INFORMATION,
)  # TM-20: without both no doctor is asked

FOR_A_CLAIM = (ConsentCode.CLAIM_DATA,)  # 9.3(1): doctors, institutions and the insurer may pass what is needed


class ConsentEvent(TextChoices):
    GIVEN = "given", _("given")
    WITHDRAWN = "withdrawn", _("withdrawn")


@dataclass(frozen=True)
class ConsentWords:
    """One version of a text."""

    titles: Texts
    texts: Texts
    after_withdrawal: Texts

    @classmethod
    def from_data(cls, content: Mapping[str, Any]) -> "ConsentWords":
        """Raise TypeError for a part that is missing or misspelt, ValueError where a language has no words."""
        words = cls(**content)
        for part in (words.titles, words.texts, words.after_withdrawal):
            if any(not part.get(language) for language, _name in settings.LANGUAGES):
                raise ValueError(f"a consent is to be read in every language: {dict(part)}")
        return words
