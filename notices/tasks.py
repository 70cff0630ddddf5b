"""The beat wakes these. Both may run any number of times, at once or again."""

from celery import shared_task
from django.utils import timezone

from notices import services

MOST_BATCHES = 10  # then the worker is free for others; the next wake-up goes on


@shared_task
def deliver() -> None:
    """Hand over whatever is due."""
    for _batch in range(MOST_BATCHES):
        if not services.deliver_batch(now=timezone.now()).claimed:
            return


@shared_task
def forget_old() -> None:
    """Wipe recipients and facts that nobody needs any more."""
    services.forget_old(now=timezone.now())
