"""When somebody looked at what is another's (security.md, 2.13): the client reads it in the cabinet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop

from core.models import AuditEvent
from policies.models import Access, Insurer, Person

SAW_CABINET = gettext_noop("saw the cabinet as the client does")
SAW_ACTIVATION = gettext_noop("saw the activation as the client does")
SAW_CONCLUSION = gettext_noop("read an earlier conclusion as the patient’s doctor")
MOST = 50


@dataclass(frozen=True)
class Look:
    at: datetime
    insurer: Insurer
    person: Person
    verb: str
    doctor: str  # who consulted the person; nothing where it was an operator

    @property
    def of_cabinet(self) -> bool:
        return self.verb == SAW_CABINET


def looks_at(user: Any, *, now: datetime) -> list[Look]:
    """At the people whom this account may see, in this account or before there was one. The newest first. Two queries."""
    accesses = Access.objects.current(now=now).filter(user=user)
    people = {str(access.person_id): access.person for access in accesses.select_related("person__insurer")}
    events = AuditEvent.objects.filter(
        object_type=Person._meta.label, object_id__in=list(people), verb__in=[SAW_CABINET, SAW_ACTIVATION, SAW_CONCLUSION],
        detail__account__in=["", str(user.public_id)],
    )  # fmt: skip
    return [
        Look(
            event.at,
            people[event.object_id].insurer,
            people[event.object_id],
            event.verb,
            event.detail.get("doctor", ""),
        )
        for event in events.order_by("-at", "-pk")[:MOST]
    ]
