"""Who may see whose affairs: granted with a proof, ended with a reason."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from core import audit
from policies.models import Access, Person
from policies.rules import AccessKind, AccessScope


@transaction.atomic
def grant_access(
    *, user: Any, person: Person, kind: AccessKind, scope: AccessScope, proof: str, by: Any, now: datetime
) -> Access:
    """Give the account this person. An access that exists is widened, never narrowed."""
    access, created = Access.objects.select_for_update().get_or_create(
        user=user, person=person, until=None, defaults={"kind": kind, "scope": scope, "proof": proof, "since": now}
    )
    if not created and scope == AccessScope.FULL and access.scope == AccessScope.LIMITED:
        access.scope, access.proof = scope, proof
        access.save(update_fields=["scope", "proof"])
    audit.record(
        gettext_noop("granted access"),
        on=access,
        by=by,
        scope=person.insurer.slug,
        kind=kind,
        access_scope=scope,
        proof=proof,
    )
    return access


@transaction.atomic
def end_access(*, user: Any, person: Person, by: Any, reason: str, now: datetime) -> None:
    """The account no longer sees this person. Repeating it changes nothing."""
    for access in Access.objects.select_for_update().filter(user=user, person=person, until=None):
        access.until = now
        access.save(update_fields=["until"])
        audit.record(gettext_noop("ended access"), on=access, by=by, scope=person.insurer.slug, reason=reason)
