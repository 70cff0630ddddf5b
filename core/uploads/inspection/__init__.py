"""What decodes a stranger's file, in a process of its own (security.md, 2.6, U2 to U5).

It knows neither Django, the database nor any secret: core.uploads.inspector starts `python -m core.uploads.inspection`
with an empty environment, the file as its input and one name for the copy that it may write. The copy is made of pixels
and pages, never of the sender's bytes, so whatever else was in the file is left behind.
"""

from enum import StrEnum

MIB = 1024**2
MOST_PIXELS = 50_000_000  # U3
MOST_PAGES = 200  # U4
MOST_INFLATED = 100 * MIB  # U4: all streams of a PDF together


class Kind(StrEnum):
    """Of a clean copy. The name is what a file of that kind ends with."""

    JPG = "jpg"
    PNG = "png"
    PDF = "pdf"


class Refusal(StrEnum):
    """Why there is no copy; core.uploads.rules says it to people."""

    KIND = "kind"
    DICOM = "dicom"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"
    ENCRYPTED = "encrypted"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_HEAVY = "too_heavy"
    INFECTED = "infected"
    FAILED = "failed"


class Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal
