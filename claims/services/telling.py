"""Whoever is said to be dead or disabled by somebody without an account is told, at whatever contact the insurer has.

No letter of the case: the claimant reads those, and is never told that the insurer knows this person (adr/0042).
"""

from datetime import datetime

from django.utils.translation import gettext_noop

from claims.models import Claim
from core import audit
from notices import services as notices
from notices.rules import Channel
from policies.models import Access
from policies.queries import brand_of
from policies.rules import AccessKind

KIND = "claim_about_you"


def tell_insured(claim: Claim, *, now: datetime) -> None:
    """In the caller's transaction, when a reviewer has found whom a guest's notice is about. Once for each contact."""
    person = claim.person
    if not claim.by_guest or person is None:
        return
    context = {
        "registered_on": claim.notified_on.isoformat(), "brand": brand_of(claim.insurer, person.language or claim.language)
    }  # fmt: skip
    contacts = contacts_of(claim, now=now)
    for contact in contacts:
        notices.post(
            KIND, to=contact, channel=Channel.EMAIL if "@" in contact else Channel.SMS,
            language=person.language or claim.language, context=context, scope=claim.insurer.slug,
            once=f"{KIND}:{claim.public_id}:{contact}",
        )  # fmt: skip
    audit.record(
        gettext_noop("told the insured person of a guest’s notice"), on=claim, by=None, scope=claim.insurer.slug,
        contacts=len(contacts),
    )  # fmt: skip


def contacts_of(claim: Claim, *, now: datetime) -> list[str]:
    """What the insurer has on file, and where the person's own account is reached; never the claimant's own. Two queries."""
    person = claim.person
    if person is None:
        return []
    own = Access.objects.current(now=now).filter(person=person, kind=AccessKind.SELF).select_related("user")
    accounts = [contact for access in own for contact in (access.user.email, str(access.user.phone))]
    found = dict.fromkeys(filter(None, [person.email, person.phone, *accounts]))
    return [contact for contact in found if contact not in (claim.email, claim.phone)]
