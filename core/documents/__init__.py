"""Documents as PDF: a template and its facts become A4 pages, tagged for screen readers (PDF/UA), in one language.

The same template, facts and language give the same bytes: no clock, no random number, no font but the two of
`fonts/`, nothing fetched. A newer WeasyPrint, Pango or HarfBuzz may give other bytes for the same words.
"""

import os
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils import translation

from core import facts, wording

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
