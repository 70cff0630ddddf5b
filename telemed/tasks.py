"""Periodic work. Each may run twice or by two beats at once: the second finds nothing to do."""

from celery import shared_task
from django.utils import timezone

from core.rows.viewers import working
from telemed.rules import JOB
from telemed.services import booking, talk
from telemed.services.documents import make_next_conclusion
from telemed.services.drafts import forget_old_drafts
from telemed.services.quality import accept_next


@shared_task
@working(JOB)
def free_unpaid() -> None:
    booking.free_unpaid(now=timezone.now())


@shared_task
@working(JOB)
def make_conclusions() -> None:
    """Draw the PDF of what doctors sent, the longest due first."""
    while make_next_conclusion(now=timezone.now()):
        continue


@shared_task
@working(JOB)
def accept_consultations() -> None:
    """TM-18: nothing was claimed in time."""
    while accept_next(now=timezone.now()):
        continue


@shared_task
@working(JOB)
def keep_times() -> None:
    """Calls that nobody answered are missed, talks that are over end: also where no page is open."""
    talk.keep_times(now=timezone.now())


@shared_task
@working(JOB)
def forget_signals() -> None:
    """Delete what browsers told each other of their networks."""
    talk.forget_signals(now=timezone.now())


@shared_task
def forget_drafts() -> None:
    """Delete requests that were never sent, a day after their session ended."""
    forget_old_drafts(now=timezone.now())
