"""The life of an objection to a refusal or an amount: the four ways of 7.10, 13.3–13.5, each taken by a row of its own."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.rules.life.table import Actor, Life


class Way(TextChoices):
    """In the order of 7.10. The rules advise to begin with the insurer (13.3); nobody has to."""

    INSURER = "insurer", _("the insurer")
    OMBUDSMAN = "ombudsman", _("the insurance ombudsman")
    REGULATOR = "regulator", _("the authorised body")
    COURT = "court", _("the court")


class ObjectionState(TextChoices):
    FILED = "filed", _("with the insurer")
    ANNOUNCED = "announced", _("announced to the insurer")
    READY = "ready", _("the documents for the ombudsman are ready")
    LODGED = "lodged", _("with those who decide")
    UPHELD = "upheld", _("decided for the claimant")
    DENIED = "denied", _("decided against the claimant")
    WITHDRAWN = "withdrawn", _("withdrawn by the claimant")


class ObjectionEvent(TextChoices):
    PREPARE = "prepare", _("the documents were made ready")
    LODGE = "lodge", _("sent to the ombudsman")
    UPHOLD = "uphold", _("decided for the claimant")
    DENY = "deny", _("decided against the claimant")
    WITHDRAW = "withdraw", _("withdrawn by the claimant")


STARTS = {
    Way.INSURER: ObjectionState.FILED,
    Way.OMBUDSMAN: ObjectionState.ANNOUNCED,  # the insurer may yield, and cannot stand in the way
    Way.REGULATOR: ObjectionState.LODGED,  # we hear of it
    Way.COURT: ObjectionState.LODGED,
}

OBJECTION_LIFE = Life(
    starts=tuple(STARTS.values()),
    ends=(ObjectionState.UPHELD, ObjectionState.DENIED, ObjectionState.WITHDRAWN),
    ways={
        (ObjectionState.FILED, ObjectionEvent.UPHOLD): ObjectionState.UPHELD,
        (ObjectionState.FILED, ObjectionEvent.DENY): ObjectionState.DENIED,
        (ObjectionState.FILED, ObjectionEvent.WITHDRAW): ObjectionState.WITHDRAWN,
        (ObjectionState.ANNOUNCED, ObjectionEvent.PREPARE): ObjectionState.READY,
        (ObjectionState.ANNOUNCED, ObjectionEvent.UPHOLD): ObjectionState.UPHELD,
        (ObjectionState.ANNOUNCED, ObjectionEvent.WITHDRAW): ObjectionState.WITHDRAWN,
        (ObjectionState.READY, ObjectionEvent.LODGE): ObjectionState.LODGED,
        (ObjectionState.READY, ObjectionEvent.UPHOLD): ObjectionState.UPHELD,
        (ObjectionState.READY, ObjectionEvent.WITHDRAW): ObjectionState.WITHDRAWN,
        (ObjectionState.LODGED, ObjectionEvent.UPHOLD): ObjectionState.UPHELD,
        (ObjectionState.LODGED, ObjectionEvent.DENY): ObjectionState.DENIED,
        (ObjectionState.LODGED, ObjectionEvent.WITHDRAW): ObjectionState.WITHDRAWN,
    },
    by={
        ObjectionEvent.PREPARE: {Actor.REVIEWER},
        ObjectionEvent.LODGE: {Actor.CLAIMANT, Actor.REVIEWER},
        ObjectionEvent.UPHOLD: {Actor.APPROVER},
        ObjectionEvent.DENY: {Actor.APPROVER},
        ObjectionEvent.WITHDRAW: {Actor.CLAIMANT},
    },
)

UNDER_WAY = (ObjectionState.FILED, ObjectionState.ANNOUNCED, ObjectionState.READY, ObjectionState.LODGED)
