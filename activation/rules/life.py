"""The life of an activation: one table says from which state which event leads where."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    PENDING = "pending", _("letter sent")
    CONFIRMED = "confirmed", _("address confirmed")
    FINISHED = "finished", _("activated")
    SUPERSEDED = "superseded", _("replaced by a later one")
    EXPIRED = "expired", _("link ran out")
    UNDONE = "undone", _("undone")
    OUTGROWN = "outgrown", _("the child has come of age")


class Event(TextChoices):
    CONFIRM = "confirm", _("address confirmed")
    FINISH = "finish", _("activated")
    SUPERSEDE = "supersede", _("replaced by a later one")
    EXPIRE = "expire", _("link ran out")
    UNDO = "undo", _("undone by an operator")
    OUTGROW = "outgrow", _("taken over by the child, who has come of age")


OPEN_STATES = (State.PENDING, State.CONFIRMED)

TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.PENDING, Event.CONFIRM): State.CONFIRMED,
    (State.CONFIRMED, Event.FINISH): State.FINISHED,
    (State.PENDING, Event.SUPERSEDE): State.SUPERSEDED,
    (State.CONFIRMED, Event.SUPERSEDE): State.SUPERSEDED,
    (State.PENDING, Event.EXPIRE): State.EXPIRED,
    (State.CONFIRMED, Event.EXPIRE): State.EXPIRED,
    (State.FINISHED, Event.UNDO): State.UNDONE,
    (State.FINISHED, Event.OUTGROW): State.OUTGROWN,
}


class WrongMoment(Exception):
    """This cannot happen to an activation in its present state."""


def next_state(state: State, event: Event) -> State:
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise WrongMoment(f"{event} of an activation that is {state}") from None
