"""Periodic work. Each may run twice or by two beats at once: the second finds nothing to do."""

from celery import shared_task
from django.utils import timezone

from claims.rules.life import JOB
from claims.services.papers import make_next_paper
from core.rows.viewers import working


@shared_task
@working(JOB)
def make_papers() -> None:
    """Draw the PDF of letters, the longest due first."""
    while make_next_paper(now=timezone.now()):
        continue
