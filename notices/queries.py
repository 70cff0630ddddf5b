"""What became of messages, for screens. Never their bodies."""

from collections.abc import Iterable

from django.db.models import Prefetch
from django.db.models.functions import Upper

from notices.models import Delivery, Notice
from notices.rules import Answer, State


def messages_to(recipients: Iterable[str], *, kinds: Iterable[str], most: int = 50) -> list[Notice]:
    """The newest first, each with its tries in order. A recipient that was forgotten or wiped is not found. Two queries."""
    addresses = [recipient.upper() for recipient in recipients if recipient]  # as the index has them
    tries = Prefetch("deliveries", Delivery.objects.order_by("pk"))
    found = Notice.objects.alias(address=Upper("to")).filter(address__in=addresses, kind__in=kinds)
    return list(found.prefetch_related(tries).order_by("-pk")[:most])


def was_refused(recipient: str, *, kinds: Iterable[str]) -> bool:
    """Whether the newest such message was refused for good: whoever mistyped their address can mend it. One query."""
    found = Notice.objects.alias(address=Upper("to")).filter(address=recipient.upper(), kind__in=kinds)
    newest = found.order_by("-pk").values_list("state", "answer").first()
    return newest == (State.PARKED, Answer.REFUSED)
