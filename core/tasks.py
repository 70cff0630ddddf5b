from celery import shared_task
from django.utils import timezone

from core import form_tokens, limits


@shared_task
def prune_limits() -> None:
    """Delete counters whose window is over, those of IDs that nobody has among them."""
    limits.prune(timezone.now())


@shared_task
def prune_sent_forms() -> None:
    """Delete the answers of forms whose tokens have run out."""
    form_tokens.prune(timezone.now())
