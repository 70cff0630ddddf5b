"""One message on the day activation opens, then the address is forgotten."""

from datetime import datetime
from typing import Any

from django.db import transaction

from activation.models import Activation, Reminder, Step
from activation.queries import opening_of
from activation.services.life import step_of_policy
from core.links import public_url
from notices import services as notices
from policies.models import Policy
from policies.queries import brand_of

NOT_BEFORE = 9  # o'clock at the insurer: nobody wants it at midnight


@transaction.atomic
def ask_reminder(*, policy: Policy, email: str, language: str, by: Any, now: datetime) -> None:
    """Asking again replaces the address."""
    Reminder.objects.update_or_create(policy=policy, defaults={"email": email, "language": language})
    step_of_policy(Step.Kind.REMINDER, policy=policy, by=by, now=now)


def send_due_reminders(*, now: datetime) -> int:
    """How many went out. A corrected signing date moves the day: it is computed when the day comes, not when asked."""
    reminders = Reminder.objects.select_related("policy__insurer", "policy__product_version__product")
    return sum(_send(reminder, now) for reminder in reminders.order_by("pk").iterator())


@transaction.atomic
def _send(reminder: Reminder, now: datetime) -> bool:
    policy = reminder.policy
    local = now.astimezone(policy.insurer.zone)
    opens = opening_of(policy)
    if (opens and not opens.is_open(local.date())) or local.hour < NOT_BEFORE:
        return False
    deleted, _ = Reminder.objects.filter(pk=reminder.pk).delete()
    if not deleted or Activation.objects.finished().filter(policy=policy).exists():
        return False  # another beat was faster, or there is nothing left to remind of
    notices.post(
        "activation_opens", to=reminder.email, language=reminder.language, forget=True, scope=policy.insurer.slug,
        context={
            "product": policy.product_version.name_in(reminder.language),
            "url": public_url("activation:start", policy.product_version.product.code),
            "brand": brand_of(policy.insurer, reminder.language),
        },
    )  # fmt: skip
    return True
