"""What colleagues and the portal did with the person, their policies and who sees them."""

from collections.abc import Iterable

from django.db.models import Model, Q

from accounts.models import User
from activation.queries.steps import MOST_LINES
from core.models import AuditEvent
from policies.models import Access, Person, Policy


def trail_of(person: Person, policies: Iterable[Policy], accesses: Iterable[Access]) -> list[AuditEvent]:
    """The newest first; of accounts only what happened at this insurer. One query."""
    accesses = list(accesses)
    own = Q(scope=person.insurer.slug) & _about(User, {access.user_id for access in accesses})
    about = _about(Person, [person.pk]) | _about(Policy, [policy.pk for policy in policies])
    about |= _about(Access, [access.pk for access in accesses]) | own
    return list(AuditEvent.objects.filter(about).select_related("actor").order_by("-at", "-pk")[:MOST_LINES])


def _about(model: type[Model], numbers: Iterable[int]) -> Q:
    return Q(object_type=model._meta.label, object_id__in=[str(number) for number in numbers])
