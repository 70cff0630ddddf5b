"""The rates of the National Bank that staff keep."""

from claims.models import BaseRate

SHOWN = 100


def rates_shown() -> list[BaseRate]:
    """The newest first; of a day that was corrected all rows, the one that counts first."""
    return list(BaseRate.objects.order_by("-since", "-pk")[:SHOWN])


def current_rates() -> list[BaseRate]:
    return list(BaseRate.objects.current())
