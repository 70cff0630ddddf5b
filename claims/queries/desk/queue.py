"""The queue: keys along an index first, then the rows of one page. The four-thousandth page costs what the first one does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan

from claims.models import NEVER, Claim
from claims.queries.staff import absent_on
from claims.rules.life import State
from claims.rules.queue import PAGE, Place, Shelf, groups
from claims.rules.terms import TermKind
from claims.rules.timeline import Urgency, urgency_of
from policies.models import Insurer

TAGS = {
    Urgency.OVERDUE: "err", Urgency.TODAY: "todo", Urgency.TOMORROW: "todo", Urgency.LATER: "", Urgency.NOT_RUNNING: "wait",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    claim: Claim
    today: date
    is_mine: bool
    is_offered: bool  # whoever has it is away

    @property
    def due_on(self) -> date | None:
        return None if self.claim.next_on == NEVER else self.claim.next_on

    @property
    def term(self) -> str:
        """What is to be done until then, in words; nothing while the clock stands."""
        return str(TermKind(self.claim.next_kind).label) if self.claim.next_kind else ""

    @property
    def days_late(self) -> int:
        return max((self.today - self.due_on).days, 0) if self.due_on else 0

    @property
    def tag(self) -> str:
        return TAGS[urgency_of(self.due_on, self.today)]


@dataclass(frozen=True)
class QueuePage:
    groups: list[tuple[Urgency, list[Line]]]
    following: str  # the place where the next page begins; empty: this is the last one
    today: date


@dataclass(frozen=True)
class Wanted:
    """Which claims of whose, from where on."""

    insurers: Sequence[Insurer]
    shelf: Shelf = Shelf.OPEN
    state: State | None = None
    after: Place | None = None


def queue_page(wanted: Wanted, *, user: Any, now: datetime) -> QueuePage:
    """Two queries; one more for who is away where that is asked, and its answer decides."""
    away = [absence.user_id for absence in absent_on((one, one.today(now)) for one in wanted.insurers)]
    today = wanted.insurers[0].today(now)
    keys = _keys(wanted, user, away, today)
    claims = {claim.pk: claim for claim in _rows(keys[:PAGE])}
    lines = [
        Line(claims[key], today, claims[key].reviewer_id == user.pk, claims[key].reviewer_id in away)
        for _day, key in keys[:PAGE]
    ]
    following = str(Place(*keys[PAGE - 1])) if len(keys) > PAGE else ""
    return QueuePage(list(groups(lines, today=today)), following, today)


def _keys(wanted: Wanted, user: Any, away: Sequence[int], today: date) -> list[tuple[date, int]]:
    """Of each insurer the first of its own index, one more than a page; the first of all of them are the page."""
    each = [_of_insurer(insurer, wanted, user, away, today)[: PAGE + 1] for insurer in wanted.insurers]
    found = each[0].union(*each[1:], all=True).order_by("next_on", "pk")[: PAGE + 1] if each[1:] else each[0]
    return list(found)


def _of_insurer(
    insurer: Insurer, wanted: Wanted, user: Any, away: Sequence[int], today: date
) -> QuerySet[Claim, tuple[date, int]]:
    rows = Claim.objects.filter(insurer=insurer).queue()
    match wanted.shelf:
        case Shelf.MINE:
            rows = rows.filter(reviewer=user)
        case Shelf.FREE:
            rows = rows.filter(reviewer=None)
        case Shelf.OFFERED:
            rows = rows.filter(reviewer__in=away)
        case Shelf.OVERDUE:
            rows = rows.filter(next_on__lt=today)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.after:
        rows = rows.filter(TupleGreaterThan(Tuple(F("next_on"), F("pk")), (wanted.after.day, wanted.after.key)))
    return rows.values_list("next_on", "pk")


def _rows(keys: Sequence[tuple[date, int]]) -> QuerySet[Claim]:
    rows = Claim.objects.filter(pk__in=[key for _day, key in keys])
    return rows.select_related("insurer", "person", "policy", "reviewer").defer("story")
