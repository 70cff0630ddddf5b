"""Somebody at work looks at what is a client's. It changes nothing, and the client can read that it happened."""

from typing import Any

from core import audit
from policies.models import Person
from policies.queries.looks import SAW_ACTIVATION, SAW_CABINET, SAW_CONCLUSION


def look_at_cabinet(*, person: Person, user: Any, by: Any, reason: str) -> None:
    """At the home page of the account `user`."""
    audit.record(SAW_CABINET, on=person, by=by, scope=person.insurer.slug, reason=reason, account=str(user.public_id))


def look_at_activation(*, person: Person, policy: str, by: Any, reason: str) -> None:
    """At the page that activates the policy with this ID."""
    audit.record(SAW_ACTIVATION, on=person, by=by, scope=person.insurer.slug, reason=reason, account="", policy=policy)


def look_at_conclusion(*, person: Person, doctor: str, by: Any, reason: str) -> None:
    """At what an earlier consultation ended with; `doctor` is the name of the one who consults the person now."""
    audit.record(SAW_CONCLUSION, on=person, by=by, scope=person.insurer.slug, reason=reason, account="", doctor=doctor)
