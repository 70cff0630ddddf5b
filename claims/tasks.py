"""Periodic work. Each may run twice or by two beats at once: the second finds nothing to do."""

from celery import shared_task
from django.utils import timezone

from claims.rules.life import JOB
from claims.services.calendar import follow_all
from claims.services.forgetting import forget_next
from claims.services.papers import make_next_paper
from claims.services.recertify import ask_next
from core.rows.viewers import working


@shared_task
@working(JOB)
def make_papers() -> None:
    """Draw the PDF of letters, the longest due first."""
    while make_next_paper(now=timezone.now()):
        continue


@shared_task
@working(JOB)
def follow_calendar() -> None:
    """The stored days of open claims after an edit of the calendar."""
    follow_all(now=timezone.now())


@shared_task
@working(JOB)
def ask_for_certificates() -> None:
    """7.7: thirty days before the established term of a disability ends."""
    while ask_next(now=timezone.now()):
        continue


@shared_task
@working(JOB)
def forget_claims() -> None:
    """Papers of claims that rest for longer than the operator keeps them (CLAIMS_KEPT_YEARS)."""
    while forget_next(now=timezone.now()):
        continue
