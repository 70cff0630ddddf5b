"""Periodic work. Any number of these may run at once or again."""

from celery import shared_task
from django.utils import timezone

from policies.services.documents import make_next_document
from policies.services.register_work import work_on_next
from policies.services.registers import forget_old_rows


@shared_task
def work_on_registers() -> None:
    """Check what was uploaded, apply what was confirmed, oldest first."""
    while work_on_next(now=timezone.now()):
        continue


@shared_task
def make_documents() -> None:
    """Make and send what is wanted, the longest due first."""
    while make_next_document(now=timezone.now()):
        continue


@shared_task
def forget_register_rows() -> None:
    forget_old_rows(now=timezone.now())
