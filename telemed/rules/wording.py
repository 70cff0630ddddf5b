"""TM-17: a conclusion holds no diagnosis, no correction of one and no prescription. What looks like one is shown to the
doctor, who decides: a rule that reads words would bar right sentences too. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sign(TextChoices):
    DIAGNOSIS = "diagnosis", _("looks like a diagnosis")
    PRESCRIPTION = "prescription", _("looks like a prescription")


@dataclass(frozen=True)
class Hit:
    """`words` as they stand in `section`."""

    section: str
    sign: Sign
    words: str


UNIT = r"(?:мкг|мг|мл|г|ME|МЕ|ед|ӘБ|mcg|mg|ml|iu)\b"
FORM = r"(?:табл?\w*|капс\w*|капел\w*|капл\w*|ампул\w*|тамшы\w*|дәрі\w*|tab\w*|caps\w*|drops?)\b"
PATTERNS: tuple[tuple[Sign, str], ...] = (
    # ICD-10, with the Cyrillic letters that look like its Latin ones: J06.9, К29.5. Not B12, a vitamin.
    (Sign.DIAGNOSIS, r"\b(?!(?:B|В)12\b)[A-ZАВЕКМНОРСТХ]\d{2}(?:[.,]\d{1,2})?\b"),
    (Sign.DIAGNOSIS, r"\b(?i:МКБ|АХЖ|ICD)\b"),
    (Sign.DIAGNOSIS, r"(?i:\bдиагно[зс]\w*|\bdiagnos\w+)"),
    (Sign.PRESCRIPTION, rf"(?i:\b\d+(?:[.,]\d+)?\s*{UNIT})"),
    (Sign.PRESCRIPTION, rf"(?i:\b\d+(?:[.,]\d+)?\s*{FORM})"),
    (Sign.PRESCRIPTION, r"(?i:\b\w+\s+(?:раза?\s+в\s+(?:день|сутки|неделю)|times\s+a\s+(?:day|week)))"),
    (Sign.PRESCRIPTION, r"(?i:\bкажды[ейх]+\s+\d+\s+час\w*|\bevery\s+\d+\s+hours|\bәр\s+\d+\s+сағат)"),
    (Sign.PRESCRIPTION, r"(?i:\b(?:күніне|тәулігіне|аптасына)\s+(?:\d+|бір|екі|үш|төрт)\s*рет\b)"),
    (Sign.PRESCRIPTION, r"(?i:\bназнач(?:аю|ен[аоы]?|ил[аи]?)\b|\bтағайында\w*|\bprescrib\w+|\bRp\.)"),
    (Sign.PRESCRIPTION, r"(?i:\b(?:принима(?:ть|йте)|примите|пейте|пить)\s+по\s+\w+)"),
)  # fmt: skip
COMPILED = tuple((sign, re.compile(pattern)) for sign, pattern in PATTERNS)


def doubtful(texts: Mapping[str, str]) -> list[Hit]:
    """Section → text. Each doubtful place once, in the order in which it is read."""
    return [
        Hit(section, sign, words) for section, text in texts.items() for _place, sign, words in sorted(_found(text))
    ]


def _found(text: str) -> set[tuple[int, Sign, str]]:
    """Of patterns that meet at one place the longest."""
    places: dict[int, tuple[Sign, str]] = {}
    for sign, pattern in COMPILED:
        for match in pattern.finditer(text):
            known = places.get(match.start())
            if known is None or len(match[0]) > len(known[1]):
                places[match.start()] = (sign, match[0])
    return {(place, sign, words) for place, (sign, words) in places.items()}
