"""Figures of the room: what came and what was decided in a period, counted by PostgreSQL in a few statements and judged by the
same clock that the claims have."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from claims.models import Claim, Decision, Extension, Suspension
from claims.rules.facts import Cause
from claims.rules.facts import Extension as Longer
from claims.rules.facts import Suspension as Stop
from claims.rules.figures import Decided, Figures, Received, part_of
from claims.rules.life import DecisionState
from core.periods import Parts, parts_of
from core.queries import load_calendar
from policies.models import Insurer, ProductVersion
from policies.queries.scopes import Scope

PRODUCT = "policy__product_version__product"


@dataclass(frozen=True)
class Report:
    scope: Scope
    parts: Parts
    total: Figures
    by_insurer: dict[Insurer, Figures]
    by_programme: dict[tuple[Insurer, str], Figures]  # the programme's name; empty: the contract is not found yet
    by_event: dict[str, Figures]
    over_time: list[Figures]  # one a part


def report(scope: Scope, *, now: datetime) -> Report:
    """Seven queries, and one for each country."""
    parts = max((parts_of(scope.period, zone) for zone in scope.zones), key=lambda one: len(one.starts))
    starts = [start.date() for start in parts.starts]
    cells: list[Received | Decided] = [*_received(scope), *_decided(scope)]
    calendars = {country: load_calendar(country) for country in {one.country for one in scope.insurers}}
    of = {insurer.pk: insurer for insurer in scope.insurers}
    late = {
        index: cell.is_late(calendars[of[cell.insurer].country])
        for index, cell in enumerate(cells)
        if isinstance(cell, Decided)
    }
    names = programmes(scope)

    def grouped(key: Callable[[Received | Decided], Hashable]) -> dict[Any, Figures]:
        found: dict[Hashable, Figures] = defaultdict(Figures)
        for index, cell in enumerate(cells):
            if isinstance(cell, Received):
                found[key(cell)].receive(cell)
            else:
                found[key(cell)].decide(cell, is_late=late[index])
        return dict(found)

    by_insurer, over_time = grouped(lambda one: one.insurer), grouped(lambda one: part_of(one.on, starts))
    by_programme = grouped(lambda one: (one.insurer, names.get(one.product, "")))
    total = grouped(lambda one: None).get(None, Figures())
    _count_open(scope, total, by_insurer, now)
    return Report(
        scope=scope,
        parts=parts,
        total=total,
        by_insurer={insurer: by_insurer.get(pk, Figures()) for pk, insurer in of.items()},
        by_programme={(of[pk], name): by_programme[pk, name] for pk, name in sorted(by_programme)},
        by_event=grouped(lambda one: one.event),
        over_time=[over_time.get(part, Figures()) for part in range(len(starts))],
    )


def _received(scope: Scope) -> list[Received]:
    """One query, along `claim_newest`."""
    by = ("insurer", PRODUCT, "event", "notified_on")
    rows = Claim.objects.filter(scope.among("insurer", "notified_at")).order_by().values_list(*by)
    return [Received(*row) for row in rows.annotate(claims=Count("pk"))]


def _decided(scope: Scope) -> list[Decided]:
    """Three queries: alike ones together; whatever stood still or was extended, by itself."""
    days, claim = scope.period, "claim__"
    stopped = Exists(Suspension.objects.filter(review=OuterRef("review")))
    longer = Exists(Extension.objects.filter(review=OuterRef("review")))
    rows: QuerySet[Decision] = Decision.objects.filter(
        claim__insurer__in=scope.insurers, state=DecisionState.APPROVED, replaces=None,
        decided_on__range=(days.first, days.last),
    )  # fmt: skip
    by = (
        f"{claim}insurer", f"{claim}{PRODUCT}", f"{claim}event", "outcome", "ground", "review__kind", "review__since",
        "decided_on",
    )  # fmt: skip
    plain = rows.filter(~stopped, ~longer).order_by().values_list(*by).annotate(claims=Count("pk"))
    apart: list[Any] = list(rows.filter(Q(stopped) | Q(longer)).order_by().values_list(*by, "review"))
    stops, extensions = _interruptions([row[-1] for row in apart])
    alike: Iterable[tuple[Any, ...]] = plain
    return [
        *(Decided(*row) for row in alike),
        *(Decided(*(*row[:-1], 1, tuple(stops[row[-1]]), tuple(extensions[row[-1]]))) for row in apart),
    ]


def _interruptions(reviews: list[int]) -> tuple[dict[int, list[Stop]], dict[int, list[Longer]]]:
    stops: dict[int, list[Stop]] = defaultdict(list)
    extensions: dict[int, list[Longer]] = defaultdict(list)
    if reviews:
        for one in Suspension.objects.filter(review__in=reviews).order_by("pk"):
            stops[one.review_id].append(Stop(Cause(one.cause), one.since, one.until))
        for other in Extension.objects.filter(review__in=reviews).order_by("pk"):
            extensions[other.review_id].append(Longer(other.told_on, other.until))
    return stops, extensions


def _count_open(scope: Scope, total: Figures, by_insurer: dict[Any, Figures], now: datetime) -> None:
    """As it is now, whatever the period. One query along `claim_queue` for each insurer."""
    for insurer in scope.insurers:
        is_late = Count("pk", filter=Q(next_on__lt=insurer.today(now)))
        counted = Claim.objects.filter(insurer=insurer, is_open=True).aggregate(open=Count("pk"), overdue=is_late)
        for figures in (total, by_insurer.setdefault(insurer.pk, Figures())):
            figures.open += counted["open"]
            figures.overdue += counted["overdue"]


def programmes(scope: Scope) -> dict[int | None, str]:
    """What these insurers' products are called now. One query."""
    versions = ProductVersion.objects.current().filter(product__insurer__in=scope.insurers)
    return {version.product_id: version.name for version in versions}


def decided_rows(scope: Scope) -> QuerySet[Decision]:
    """The decisions of the period, one by one, for a file: numbers, days, outcomes, nobody's name."""
    days = scope.period
    rows = Decision.objects.filter(
        claim__insurer__in=scope.insurers, state=DecisionState.APPROVED, decided_on__range=(days.first, days.last)
    )
    return rows.select_related("claim__insurer", "claim__policy__product_version", "review").order_by(
        "decided_on", "pk"
    )


def how_many(scope: Scope) -> int:
    return decided_rows(scope).count()
