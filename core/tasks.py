from celery import shared_task
from django.utils import timezone

from core import limits


@shared_task
def prune_limits() -> None:
    """Delete counters whose window is over, those of IDs that nobody has among them."""
    limits.prune(timezone.now())
