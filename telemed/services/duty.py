"""A doctor goes on duty and leaves it."""

from datetime import datetime

from django.db import transaction

from core.live import announce
from telemed.models import Doctor, DutySpan
from telemed.rules import LONGEST_DUTY
from telemed.services.life import DESKS


class NoDutyDoctor(Exception):
    """This doctor takes no duty calls, or does not work here any more."""


@transaction.atomic
def go_on_duty(*, doctor: Doctor, now: datetime) -> DutySpan:
    """The span that counts from now on; the open one where the doctor is on duty already. Raise NoDutyDoctor."""
    doctor = Doctor.objects.select_for_update(of=["self"], no_key=True).get(pk=doctor.pk)
    if not (doctor.takes_duty and doctor.is_active):
        raise NoDutyDoctor(doctor.pk)
    if current := DutySpan.objects.current(now=now).filter(doctor=doctor).first():
        return current
    for forgotten in DutySpan.objects.filter(doctor=doctor, until=None):
        forgotten.until = forgotten.since + LONGEST_DUTY
        forgotten.save(update_fields=["until"])
    announce(DESKS)
    return DutySpan.objects.create(doctor=doctor, since=now)


@transaction.atomic
def leave_duty(*, doctor: Doctor, now: datetime) -> bool:
    """A talk that goes on is ended by other means. False: the doctor was not on duty."""
    announce(DESKS)
    return bool(DutySpan.objects.filter(doctor=doctor, until=None).update(until=now))
