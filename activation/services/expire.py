from datetime import datetime

from django.db import transaction

from accounts import services as accounts
from activation.models import Activation
from activation.rules import Event
from activation.services.life import move


def expire_activations(*, now: datetime) -> int:
    """End what was not finished in 72 hours, with the accounts that never proved their address. How many ended."""
    return sum(_expire(pk, now) for pk in Activation.objects.run_out(now).values_list("pk", flat=True))


@transaction.atomic
def _expire(pk: int, now: datetime) -> bool:
    rows = Activation.objects.run_out(now).select_for_update(of=["self"], skip_locked=True)
    activation = rows.select_related("policy__insurer", "user").filter(pk=pk).first()
    if not activation:
        return False
    move(activation, Event.EXPIRE, by=None, now=now)
    if activation.user:
        accounts.discard_unconfirmed(user=activation.user)
    return True
