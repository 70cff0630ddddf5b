"""Who works for an insurer. The account itself is opened by the command staff_link."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from core import audit
from policies.models import StaffMembership


@transaction.atomic
def add_to_staff(*, membership: StaffMembership, by: Any) -> None:
    """`membership` is new: account, insurer and role as somebody with the right chose them."""
    membership.save()
    _audit(gettext_noop("added to staff"), membership, by)


@transaction.atomic
def remove_from_staff(*, membership: StaffMembership, by: Any) -> None:
    """At once: every page asks for the memberships anew."""
    _audit(gettext_noop("removed from staff"), membership, by)
    membership.delete()


def _audit(verb: str, membership: StaffMembership, by: Any) -> None:
    audit.record(verb, on=membership.user, by=by, scope=membership.insurer.slug, role=membership.role)
