"""Periodic work. Each may run twice or by two beats at once: the second finds nothing to do."""

from celery import shared_task
from django.utils import timezone

from activation.services import declare, expire, mailings, remind


@shared_task
def send_due_reminders() -> None:
    remind.send_due_reminders(now=timezone.now())


@shared_task
def expire_activations() -> None:
    expire.expire_activations(now=timezone.now())


@shared_task
def forget_declarations() -> None:
    declare.forget_old_declarations(now=timezone.now())


@shared_task
def forget_addresses() -> None:
    mailings.forget_addresses(now=timezone.now())


@shared_task
def hand_out_letters() -> None:
    mailings.hand_out_letters(now=timezone.now())
