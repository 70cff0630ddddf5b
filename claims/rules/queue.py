"""The queue of the reviewers' room: which claims, in which order, in which groups. The place of a claim is its nearest term."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Protocol, Self, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.rules.timeline import Urgency, urgency_of

PAGE = 50
PLACE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9]{1,18})")


class Shelf(TextChoices):
    """Which of the open claims."""

    OPEN = "open", _("all open")
    MINE = "mine", _("mine")
    FREE = "free", _("taken by nobody")
    OFFERED = "offered", _("of absent colleagues")
    OVERDUE = "overdue", _("overdue")


@dataclass(frozen=True, order=True)
class Place:
    """Where a page ended: the next begins behind it, however many stand before (no OFFSET)."""

    day: date
    key: int

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.key}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None: no such place."""
        found = PLACE.fullmatch(text)
        try:
            return cls(date.fromisoformat(found[1]), int(found[2])) if found else None
        except ValueError:
            return None


class Queued(Protocol):
    """What stands in the queue; `due_on` is None while none of the insurer's clocks runs."""

    @property
    def due_on(self) -> date | None: ...


Row = TypeVar("Row", bound=Queued)


def groups(rows: Iterable[Row], *, today: date) -> Iterator[tuple[Urgency, list[Row]]]:
    """Rows in the order of the queue, under the words «overdue», «today», «tomorrow», «later», «not running»."""
    for urgency, of_one in groupby(rows, key=lambda row: urgency_of(row.due_on, today)):
        yield urgency, list(of_one)
