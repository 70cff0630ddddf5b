"""For whoever watches the portal."""

from datetime import datetime

from django.db.models import Count

from activation.models import Activation
from activation.rules import OPEN_STATES, attempts_at, breaker_is_open, failures_at
from core import limits
from policies.models import Insurer


def open_activations() -> dict[str, int]:
    """Their number by state. One query along a partial index."""
    found = dict(Activation.objects.open().values_list("state").annotate(Count("pk")).order_by())
    return {state.value: found.get(state.value, 0) for state in OPEN_STATES}


def finished_activations() -> int:
    """One query along a partial index, which with a million of them takes a quarter of a second."""
    return Activation.objects.finished().aggregate(count=Count("policy"))["count"]


def open_breakers(*, now: datetime) -> dict[str, int]:
    """1 by the slug of an insurer at whose doors somebody guesses (rules.breaker_is_open), else 0. Two queries."""
    slugs = list(Insurer.objects.values_list("slug", flat=True))
    keys = [name(slug) for slug in slugs for name in (failures_at, attempts_at)]
    spent = {key: held.spent for key, held in limits.held(*keys, now=now).items()}
    return {
        slug: breaker_is_open(failures=spent.get(failures_at(slug), 0), attempts=spent.get(attempts_at(slug), 0))
        for slug in slugs
    }
