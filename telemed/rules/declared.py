"""What somebody tells before a consultation. Values only."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Declared:
    """TM-13, as the form cleaned it; each name is a field of Consultation. KIH-20: without `close_one` it is about the
    insured person themselves."""

    complaint: str
    diagnoses: str
    allergies: str
    contraindications: str
    language: str  # of the talk
    close_one: str = ""
    close_one_born: date | None = None
