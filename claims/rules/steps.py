"""What a step of a claim's history is called where people read of it."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.rules.life import DecisionEvent, Event, InstalmentEvent, ItemEvent, ObjectionEvent
from claims.rules.people import NOTICE, REQUEST_SENT, Part

EVENTS: dict[Part, type[TextChoices]] = {
    Part.CLAIM: Event, Part.ITEM: ItemEvent, Part.DECISION: DecisionEvent, Part.INSTALMENT: InstalmentEvent,
    Part.OBJECTION: ObjectionEvent,
}  # fmt: skip
# No way of a table leads there: a life begins with it, or nothing changes but what is known.
BESIDE: dict[str, Promise] = {
    NOTICE: _("the notice was registered"),
    REQUEST_SENT: _("the request to the authority was sent"),
    "propose": _("a decision was proposed"),
    "file": _("an objection was filed"),
}


def step_in_words(part: Part, event: str) -> str:
    """In the active language. What no table knows stands as it is."""
    known = {one.value: one.label for one in EVENTS[part]}
    return str(known.get(event) or BESIDE.get(event) or event)
