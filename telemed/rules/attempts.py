"""TM-39: by telephone, after the call online was not answered. Instants in, answers out."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from telemed.rules.terms import ATTEMPTS, next_attempt_at


class AttemptResult(TextChoices):
    """What the doctor heard. A failure on our side is no attempt at all, so it is none of these."""

    REACHED = "reached", _("the patient answered")
    NO_ANSWER = "no_answer", _("no answer")
    BUSY = "busy", _("the line is busy")
    SWITCHED_OFF = "switched_off", _("switched off or out of reach")


class Means(TextChoices):
    GATEWAY = "gateway", _("through the telephone gateway")
    OWN_TELEPHONE = "own_telephone", _("from the doctor’s telephone")


def next_attempt_from(called_at: datetime, earlier: Sequence[datetime]) -> datetime | None:
    """From which instant on the next attempt counts; None: there were three. `called_at` is the call online, `earlier` the
    attempts that followed it."""
    return next_attempt_at(max([called_at, *earlier])) if len(earlier) < ATTEMPTS else None
