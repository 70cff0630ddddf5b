"""Documents as PDF: a template and its facts become A4 pages, tagged for screen readers (PDF/UA), in one language.

The same template, facts and language give the same bytes: no clock, no random number, no font but the two of
`fonts/`, nothing fetched. A newer WeasyPrint, Pango or HarfBuzz may give other bytes for the same words.

A seal (seals.py) comes after what was drawn and holds its time, so a sealed document is made once and kept.
"""

import os
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import translation

from core import facts, wording
from core.documents.seals import Seal, seal_of

FONTS = Path(__file__).with_name("fonts") / "fonts.conf"
ONE_AT_A_TIME = threading.Lock()  # the environment belongs to the whole process


class NotFetched(ValueError):
    """A template, or a fact that got into it unescaped, names a file or an address. Nothing was read from there."""


def render(template: str, named: dict[str, Any], *, language: str) -> bytes:
    """The PDF. `named` is what the template names, as JSON keeps it (core.facts); `face` is for the layout (core.brand).

    Takes about 0.1 s of CPU, the first time in a process 1.5 s more: for a worker, and never while rows are locked.
    Raise FactMissing or NotFetched.
    """
    with translation.override(language):
        html = wording.rendered(template, facts.parsed(named) | {"language": language})
    with our_fonts_only():
        from core.documents import pdf  # a process that makes no document needs neither WeasyPrint nor Pango

        return pdf.from_html(unicodedata.normalize("NFC", html))  # iOS sends й in two, the fonts have it in one


def sealed(document: bytes, organisation: str, *, now: datetime) -> tuple[bytes, Seal | None]:
    """Under the seal of the organisation (its slug); as it is where that has none. 0.3 s of CPU: for a worker.

    Raise SealUnusable.
    """
    seal = seal_of(organisation, now=now)
    if seal is None:
        return document, None
    from core.documents import sealing  # a second of CPU, in a process that seals

    return sealing.sealed(document, seal, now=now), seal


@contextmanager
def our_fonts_only() -> Iterator[None]:
    """fontconfig reads the name of its configuration with every document. Programs that are started later get theirs."""
    with ONE_AT_A_TIME:
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(FONTS)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before
