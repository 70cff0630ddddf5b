"""What became of messages, for screens and for whoever watches the outbox. Never their bodies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Prefetch, Q
from django.db.models.functions import Coalesce, Upper

from notices.models import PARKED_FIRST, Delivery, Notice
from notices.rules import State


def messages_to(recipients: Iterable[str], *, scope: str, own: Iterable[str] = (), most: int = 50) -> list[Notice]:
    """Those of one insurer to `recipients`, and those of none to `own`, the contacts of the accounts themselves.

    The newest first, each with its tries in order. A recipient that was forgotten or wiped is not found. Two queries.
    """
    tries = Prefetch("deliveries", Delivery.objects.order_by("pk"))
    of_insurer = Q(address__in=_as_indexed(recipients), scope=scope)
    found = Notice.objects.alias(address=Upper("to")).filter(of_insurer | Q(address__in=_as_indexed(own), scope=""))
    return list(found.prefetch_related(tries).order_by("-pk")[:most])


def _as_indexed(recipients: Iterable[str]) -> list[str]:
    return [recipient.upper() for recipient in recipients if recipient]


@dataclass(frozen=True)
class Outbox:
    waiting: int
    late_seconds: float  # since the most overdue message became due; 0 where none is overdue
    parked: int


def outbox_at(now: datetime) -> Outbox:
    """Two queries, each along a partial or sorted index."""
    due = Coalesce("leased_until", "next_try_at")
    waiting = Notice.objects.filter(state__in=[State.WAITING, State.CLAIMED]).aggregate(count=Count("pk"), due=Min(due))
    late = (now - waiting["due"]).total_seconds() if waiting["due"] else 0.0
    parked = Notice.objects.alias(rank=PARKED_FIRST[0]).filter(rank=0).count()
    return Outbox(waiting["count"], max(late, 0.0), parked)


def was_refused(recipient: str, *, kinds: Iterable[str]) -> bool:
    """Whether the newest such message was refused for good: whoever mistyped their address can mend it. One query."""
    found = Notice.objects.alias(address=Upper("to")).filter(address=recipient.upper(), kind__in=kinds)
    newest = found.order_by("-pk").first()
    return newest is not None and newest.is_returned
