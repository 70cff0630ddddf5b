"""Who may see whose affairs: granted with a proof, ended with a reason."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from core import audit
from policies.models import Access, Person
from policies.rules import AccessKind, AccessScope, is_outgrown
from policies.rules.family import INVITED


@transaction.atomic
def grant_access(
    *, user: Any, person: Person, kind: AccessKind, scope: AccessScope, proof: str, by: Any, now: datetime
) -> Access:
    """Give the account this person. An access that exists is widened, never narrowed; a lapsed guardian's gives way."""
    today = person.insurer.today(now)
    given: dict[str, Any] = {"kind": kind, "scope": scope, "proof": proof, "since": now}
    rows = Access.objects.select_for_update()
    access, created = rows.get_or_create(user=user, person=person, until=None, defaults=given)
    if not created and access.kind != kind and is_outgrown(access.kind, person.birth_date, today=today):
        end_access(user=user, person=person, by=by, reason="came of age", now=now)
        access, created = Access.objects.create(user=user, person=person, **given), True
    if not created and scope == AccessScope.FULL and access.scope == AccessScope.LIMITED:
        access.scope, access.proof = scope, proof
        access.save(update_fields=["scope", "proof"])
    if not created and access.proof == INVITED != proof:  # a right of one's own, which whoever invited cannot end
        access.kind, access.proof = kind, proof
        access.save(update_fields=["kind", "proof"])
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
