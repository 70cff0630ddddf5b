"""Periodic work. Each may run twice or by two beats at once: the second finds nothing to do."""

from celery import shared_task
from django.utils import timezone

from activation.services import expire, remind


@shared_task
def send_due_reminders() -> None:
    remind.send_due_reminders(now=timezone.now())


@shared_task
def expire_activations() -> None:
    expire.expire_activations(now=timezone.now())
