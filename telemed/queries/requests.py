"""The requests behind the figures, one by one: number, kind, times, outcome. What was said or written is not read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet

from policies.models import Insurer
from policies.queries.scopes import Scope
from telemed.models import Attempt, Consultation
from telemed.queries.figures import PRODUCT, programmes, requests_of, with_ending, with_promise
from telemed.queries.load import NOT_READ
from telemed.rules import time_present
from telemed.rules.figures import Ending, Promise

PAGE = 50
PORTION = 2_000  # rows of an export that lie in memory at a time
TOLD = (
    "public_id", "insurer", "service", "asked_at", "starts_at", "queued_at", "first_called_at", "began_at", "ended_at",
    "channel", "state", "rendered_as", "rendered_at", "price", "currency",
    "payment_reference",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    consultation: Consultation
    programme: str  # empty: no cover, it is paid for
    ending: Ending
    promise: Promise
    waited: timedelta | None  # to the first call, or until they left
    present: timedelta | None  # TM-42: how much of that the page was open
    attempts: list[Attempt]

    @property
    def is_late(self) -> bool:
        return self.promise == Promise.BROKEN


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    older: str  # where the next page begins; empty: there is none


def page_of(scope: Scope, ending: Ending | None, *, before: int | None, now: datetime) -> Page:
    """The newest first; `before`: where the page before ended. Four queries."""
    rows = _told(scope, ending, now).select_related("insurer", "patient", "doctor", "paid_back").defer(*NOT_READ)
    rows = rows.prefetch_related("attempts", "presence").order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    names = programmes(scope)
    lines = [_line(one, names.get(one.product, "")) for one in found[:PAGE]]
    return Page(lines, str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def counts_of(scope: Scope) -> dict[Ending, int]:
    """One query."""
    counted = with_ending(requests_of(scope)).order_by().values_list("ending").annotate(Count("pk"))
    return {Ending(ending): count for ending, count in counted}


def how_many(scope: Scope) -> int:
    return requests_of(scope).count()


def _told(scope: Scope, ending: Ending | None, now: datetime) -> QuerySet[Any]:
    rows = with_promise(with_ending(requests_of(scope)), now).annotate(product=F(PRODUCT))
    return rows.filter(ending=ending) if ending else rows


def _line(one: Any, programme: str) -> Line:
    since, until = one.starts_at or one.queued_at, one.first_called_at or one.ended_at
    has_waited = since and until and until > since
    spans = [(span.since, span.until) for span in one.presence.all()]
    return Line(
        consultation=one,
        programme=programme,
        ending=Ending(one.ending),
        promise=Promise(one.promise),
        waited=until - since if has_waited else None,
        present=time_present(spans, since, until) if has_waited else None,
        attempts=[attempt for attempt in one.attempts.all() if attempt.called_at == one.called_at],
    )


# ── For a file ───────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Exported:
    """One request in a file. Instants are on the wall of the insurer; kinds are values of their enums, to be put into words
    once and not in each of half a million lines."""

    number: str
    insurer: str
    programme: str
    service: str
    asked_at: datetime
    due_from: datetime | None
    first_called_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None
    channel: str
    ending: str
    promise: str
    rendered_as: str  # empty: it does not count as rendered
    verdict: str  # of a quality claim; empty: none, or not answered
    rendered_at: datetime | None
    price: Decimal
    currency: str
    owed: Decimal | None  # what was paid for nothing, paid back or not
    paid_back_on: date | None
    paid_back_by: str  # the bank's reference; empty: not yet, or nothing is owed


def exported(scope: Scope, *, now: datetime) -> Iterator[Exported]:
    """In the order of asking, a portion at a time. Two queries."""
    names, insurers = programmes(scope), {insurer.pk: insurer for insurer in scope.insurers}
    beside = {"verdict": "claim__answer__verdict", "paid_on": "paid_back__paid_on", "paid_by": "paid_back__reference"}
    rows = _told(scope, None, now).annotate(**{name: F(of) for name, of in beside.items()}).only(*TOLD)
    rows = rows.order_by("asked_at", "pk")
    for one in rows.iterator(chunk_size=PORTION):
        yield _exported(one, insurers[one.insurer_id], names.get(one.product, ""))


def _exported(one: Any, insurer: Insurer, programme: str) -> Exported:
    def wall(instant: datetime | None) -> datetime | None:
        return instant.astimezone(insurer.zone).replace(tzinfo=None) if instant else None

    counts = one.counts_as_rendered
    return Exported(
        number=one.number, insurer=insurer.name, programme=programme, service=one.service,
        asked_at=one.asked_at.astimezone(insurer.zone).replace(tzinfo=None),
        due_from=wall(one.starts_at or one.queued_at), first_called_at=wall(one.first_called_at),
        began_at=wall(one.began_at), ended_at=wall(one.ended_at), channel=one.channel,
        ending=one.ending, promise=one.promise, rendered_as=one.rendered_as if counts else "",
        verdict=one.verdict or "", rendered_at=wall(one.rendered_at) if counts else None, price=one.price, currency=one.currency,
        owed=one.owed_back.amount if one.owed_back else None, paid_back_on=one.paid_on, paid_back_by=one.paid_by or "",
    )  # fmt: skip
