"""How long the papers of a claim are kept after its last step. No rule of the insurer names a term: the operator sets it."""

from datetime import date

from core.ruler import add_months

MONTHS = 12  # of a year


def kept_since(today: date, years: int) -> date:
    """A claim whose last step was on this day or later is kept still."""
    return add_months(today, -MONTHS * years)
