"""Which documents a policy has, and when a worker tries again. Values in, values out: no clock."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentKind(TextChoices):
    """Its templates: `documents/<kind>/<product code>.html`. KIH-03 calls the first one by its number."""

    APPENDIX_1 = "appendix_1", _("Appendix 1")


# A claim moves the next try by its pause, so the pause is also the lease: longer than a document takes by far. Never
# given up: a document that cannot be made is a fault of ours, and leaves by itself when the fault is mended.
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


def pause_after(tries: int) -> timedelta:
    """`tries` includes the one that begins now: 1, 2, 4 … 60 minutes."""
    return min(FIRST_PAUSE * 2 ** min(tries - 1, 6), LONGEST_PAUSE)
