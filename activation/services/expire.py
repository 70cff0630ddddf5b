from datetime import datetime

from django.db import transaction

from accounts import services as accounts
from activation.models import Activation
from activation.rules import Event
from activation.services.begin import locked
from activation.services.life import move


def expire_activations(*, now: datetime) -> int:
    """End what was not finished in 72 hours, with the accounts that never proved their address. How many ended."""
    return sum(_expire(activation, now) for activation in Activation.objects.run_out(now).select_related("policy"))


@transaction.atomic
def _expire(activation: Activation, now: datetime) -> bool:
    activation = locked(activation)
    if not activation.has_run_out(now):  # a newer letter, or another beat was faster
        return False
    move(activation, Event.EXPIRE, by=None, now=now)
    if activation.user:
        accounts.discard_unconfirmed(user=activation.user)
    return True
