"""What people do with a register: hand it in, confirm it, discard it. Workers read and apply it (register_work)."""

from datetime import datetime
from typing import IO, Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_noop

from core import audit
from core.whole_files import digest_of
from policies.models import Product, Register, RegisterRow, RegisterStep
from policies.rules.registers import ENDED, ROWS_KEPT, Event, State, next_state


def receive_register(*, product: Product, file: IO[bytes], file_name: str, by: Any, now: datetime) -> Register:
    """Keep the file as it came. A worker reads it within seconds. Raise NotSaved: nothing was kept."""
    register = Register(
        product=product, file_name=file_name[-200:], sha256=digest_of(file), uploaded_by=by, uploaded_at=now
    )
    register.file.save("", File(file), save=False)
    try:
        with transaction.atomic():
            register.save()
            _step(Event.RECEIVE, register, by=by, now=now)
            _audit(gettext_noop("uploaded a register"), register, by=by, sha256=register.sha256)
    except BaseException:
        register.file.delete(save=False)  # no row, no file
        raise
    return register


@transaction.atomic
def confirm_register(*, register: Register, by: Any, now: datetime) -> None:
    """Raise WrongMoment where it is not waiting for a decision any more."""
    locked = locked_register(register)
    locked.confirmed_by, locked.confirmed_at, locked.tries = by, now, 0
    move(locked, Event.CONFIRM, by=by, now=now)
    _audit(gettext_noop("confirmed a register"), locked, by=by, rows=locked.accepted)


@transaction.atomic
def discard_register(*, register: Register, by: Any, now: datetime) -> None:
    """Raise WrongMoment where it is not waiting for a decision any more."""
    locked = locked_register(register)
    move(locked, Event.DISCARD, by=by, now=now)
    _audit(gettext_noop("discarded a register"), locked, by=by)


def forget_old_rows(*, now: datetime) -> int:
    """Delete the rows of registers that ended long ago; their files, counts and history stay. Returns how many."""
    recent = RegisterStep.objects.filter(at__gte=now - ROWS_KEPT).values("register")
    old = Register.objects.filter(state__in=ENDED).exclude(pk__in=recent)
    deleted, _rows = RegisterRow.objects.filter(register__in=old).delete()
    return deleted


def locked_register(register: Register) -> Register:
    """Rows that refer to it may be written meanwhile; nobody else decides."""
    rows = Register.objects.select_related("product__insurer")
    return rows.select_for_update(of=["self"], no_key=True).get(pk=register.pk)


def move(register: Register, event: Event, *, by: Any, now: datetime, reason: str = "") -> None:
    """The one place that changes a register's state: the state, its history row, nothing else."""
    register.state = next_state(State(register.state), event)
    register.save()
    _step(event, register, by=by, now=now, reason=reason)


def _step(event: Event, register: Register, *, by: Any, now: datetime, reason: str = "") -> None:
    RegisterStep.objects.create(register=register, event=event, at=now, by=by, reason=reason)


def _audit(verb: str, register: Register, *, by: Any, **detail: Any) -> None:
    audit.record(verb, on=register, by=by, scope=register.insurer.slug, file=register.file_name, **detail)
