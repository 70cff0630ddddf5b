from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts import services
from accounts.adapters import brand_in


@shared_task
def clear_sessions() -> None:
    """Delete sessions that have run out; their cookies open nothing already."""
    call_command("clearsessions")


@shared_task
def forget_codes() -> None:
    """Delete codes by SMS that have run out."""
    services.forget_codes(now=timezone.now())


@shared_task
def change_numbers() -> None:
    """Write the mobile numbers whose day of waiting is over."""
    services.apply_due_changes(
        brand_for=lambda user: brand_in(user.language, request=None, user=user), now=timezone.now()
    )
