from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from accounts import services
from accounts.adapters import brand_in
from accounts.models import User


@shared_task
def clear_sessions() -> None:
    """Delete sessions that have run out; their cookies open nothing already."""
    call_command("clearsessions")


@shared_task
def forget_codes() -> None:
    """Delete codes by SMS that have run out."""
    services.forget_codes(now=timezone.now())


@shared_task
def forget_guests() -> None:
    """Wipe the contacts of guests whose access is long over."""
    services.forget_guests(now=timezone.now())


@shared_task
def end_holds() -> None:
    """Do what nobody stopped within its day: other mobile numbers, lost second steps."""
    services.apply_due_changes(brand_for=brand_for, now=timezone.now())
    services.lift_due_factors(brand_for=brand_for, now=timezone.now())


def brand_for(user: User) -> dict[str, str]:
    return brand_in(user.language, request=None, user=user)
