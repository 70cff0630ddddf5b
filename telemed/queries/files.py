"""Files around a consultation: sent before it exists, for somebody whose affairs the account sees; and its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from core.uploads.rules import Collection
from policies.models import Access, Person
from policies.rules import AccessScope
from telemed.rules import FILES_BEFORE


def unsent_files(user: Any, person: Person) -> Collection:
    """What lies beside this account's form about this person until the form is sent. Others never see it."""
    return Collection(person.insurer.slug, f"telemed.unsent:{user.pk}:{person.pk}", FILES_BEFORE)


def person_seen(user: Any, public_id: UUID, *, now: datetime) -> Person | None:
    """None: nobody whose affairs this account may see in full. One query."""
    seen = Access.objects.current(now=now).filter(user=user, scope=AccessScope.FULL, person__public_id=public_id)
    access = seen.select_related("person__insurer").first()
    return access.person if access else None
