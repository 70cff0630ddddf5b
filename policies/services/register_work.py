"""A worker's round over the registers that wait for one.

A register's row lock is the lease: it ends with the worker's connection, so whatever a dead worker held is free at once
and begins anew. The states between the rounds are committed, the work itself is one transaction: all or nothing.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from policies.models import Register
from policies.rules.registers import MOST_TRIES, Event, State
from policies.services.register_apply import apply_register
from policies.services.register_check import check_register
from policies.services.registers import move

WORK: dict[str, Callable[..., None]] = {State.CHECKING: check_register, State.APPLYING: apply_register}


def work_on_next(*, now: datetime) -> bool:
    """False: nothing waits. What a worker stumbled over three times is left to people."""
    pk = _claim(now)
    if pk is None:
        return False
    with transaction.atomic():
        if register := _free(pk=pk, state__in=WORK):
            WORK[register.state](register=register, now=now)
    return True


@transaction.atomic
def _claim(now: datetime) -> int | None:
    register = _free(pk__in=Register.objects.busy())
    if register is None:
        return None
    register.tries += 1
    if register.tries > MOST_TRIES:
        _give_up(register, now)
    elif register.state == State.RECEIVED:
        move(register, Event.BEGIN, by=None, now=now)
    else:
        register.save(update_fields=["tries"])
    return register.pk


def _free(**facts: object) -> Register | None:
    """The oldest such register that no other worker holds, locked."""
    rows = Register.objects.select_for_update(of=["self"], no_key=True, skip_locked=True)
    return rows.select_related("product__insurer", "confirmed_by").filter(**facts).order_by("pk").first()


def _give_up(register: Register, now: datetime) -> None:
    register.tries = 0
    if register.state == State.APPLYING:
        register.confirmed_by = register.confirmed_at = None
        move(register, Event.GIVE_UP, by=None, now=now)
    else:
        register.unreadable_reason = "failed"
        move(register, Event.REJECT, by=None, now=now)
