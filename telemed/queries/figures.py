"""The coordinators' figures: what became of the requests of a period, counted by PostgreSQL in a few statements.

Requests are grouped by everything that is shown, so that the same cells add up to every table; only waits, of which the
middle is wanted, are counted second by second beside them.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Ceil, Coalesce, Extract, Greatest

from core.periods import Parts, parts_of
from core.queries import load_calendar
from policies.models import Insurer, ProductVersion
from policies.queries.scopes import Scope
from policies.rules import Rendering, Service
from telemed.models import Consultation, PaidBack, QualityClaim
from telemed.rules import PAID_FOR_NOTHING, State, answer_due, answering
from telemed.rules.figures import ANSWER_WITHIN, Cell, Ending, Figures, Promise

NOTHING = timedelta(0)
CALLED = Q(first_called_at__isnull=False)
ENDINGS: dict[Ending, Q] = {
    Ending.TALK: Q(began_at__isnull=False),
    Ending.NOT_REACHED: Q(rendered_as=Rendering.NO_SHOW),
    Ending.LATE: Q(rendered_as=Rendering.CANCELLED_LATE),
    Ending.UNPAID: Q(price__gt=0, payment_reference=""),
    Ending.LEFT: Q(state=State.CANCELLED, starts_at=None, first_called_at=None),
    Ending.CANCELLED: Q(state=State.CANCELLED),
}
RENDERED = ~Q(rendered_as="") & ~Q(state=State.UPHELD)  # rules.counts_as_rendered, as PostgreSQL reads it
OWED = Q(state__in=PAID_FOR_NOTHING) & ~Q(payment_reference="")  # rules.owed_for
PRODUCT = "policy__product_version__product"


@dataclass(frozen=True)
class Report:
    scope: Scope
    parts: Parts
    total: Figures
    by_insurer: dict[Insurer, Figures]
    by_programme: dict[tuple[Insurer, str], Figures]  # the programme's name; empty: no cover
    by_service: dict[Service, Figures]
    over_time: list[Figures]  # one a part


def requests_of(scope: Scope) -> QuerySet[Consultation]:
    return Consultation.objects.filter(scope.among("insurer", "asked_at"))


def report(scope: Scope, *, now: datetime) -> Report:
    """Five queries, and one for each country: requests, waits, claims, money back, names of programmes; calendars."""
    parts = max((parts_of(scope.period, zone) for zone in scope.zones), key=lambda parts: len(parts.starts))
    counted = Counted(_cells(scope, now), _waits(scope), _claims(scope, now), _paid_back(scope))
    names, insurers = programmes(scope), {insurer.pk: insurer for insurer in scope.insurers}

    by_insurer, by_service = counted.grouped(lambda one: one.insurer), counted.grouped(lambda one: one.service)
    by_programme = counted.grouped(lambda one: (one.insurer, names.get(one.product, "")))
    over_time = counted.grouped(lambda one: getattr(one, "part", None))
    return Report(
        scope=scope,
        parts=parts,
        total=counted.grouped(lambda one: None).get(None, Figures()),
        by_insurer={insurer: by_insurer.get(pk, Figures()) for pk, insurer in insurers.items()},
        by_programme={(insurers[pk], name): by_programme[pk, name] for pk, name in sorted(by_programme)},
        by_service={service: by_service[service] for service in Service if service in by_service},
        over_time=[over_time.get(part, Figures()) for part in range(len(parts.starts))],
    )


@dataclass(frozen=True)
class Waited:
    insurer: int
    product: int | None
    service: str
    seconds: int
    people: int


@dataclass(frozen=True)
class Claimed:
    insurer: int
    product: int | None
    service: str
    answering: str
    verdict: str | None  # None: not answered yet


@dataclass(frozen=True)
class Back:
    """Requests that were paid for nothing and are paid back."""

    insurer: int
    product: int | None
    service: str
    requests: int


@dataclass(frozen=True)
class Counted:
    """What PostgreSQL has counted, to be added up by whatever is shown."""

    cells: list[Cell]
    waits: list[Waited]
    claims: list[Claimed]
    back: list[Back]

    def grouped(self, key: Callable[[Any], Hashable]) -> dict[Any, Figures]:
        found: dict[Hashable, Figures] = defaultdict(Figures)
        for cell in self.cells:
            found[key(cell)].add(cell)
        for wait in self.waits:
            found[key(wait)].waits[wait.seconds] += wait.people
        for claim in self.claims:
            found[key(claim)].claims[claim.answering] += 1
            if claim.verdict:
                found[key(claim)].verdicts[claim.verdict] += 1
        for back in self.back:
            found[key(back)].paid_back += back.requests
        return dict(found)


# ── What PostgreSQL counts ───────────────────────────────────────────────────
def _cells(scope: Scope, now: datetime) -> list[Cell]:
    """One query, along the index `consultation_figures`."""
    by = ("insurer", PRODUCT, "service", "part", "ending", "promise", "is_free")
    talked = ExpressionWrapper(F("ended_at") - F("began_at"), DurationField())
    rows = with_promise(with_ending(requests_of(scope)), now).annotate(part=_part(scope), is_free=Q(price=0))
    counted = rows.order_by().values_list(*by).annotate(
        requests=Count("pk"),
        talks=Count(talked),
        talked=Coalesce(Sum(talked), NOTHING),
        ratings=Count("given_stars"),
        stars=Coalesce(Sum("given_stars__stars"), 0),
        rendered=Count("pk", filter=RENDERED),
        owed=Count("pk", filter=OWED),
    )  # fmt: skip
    return [Cell(*row) for row in counted]


def _waits(scope: Scope) -> list[Waited]:
    """One query. Whole seconds, upwards: so who is in them within the term has been called within it."""
    waited = ExpressionWrapper(F("first_called_at") - _due_from(), DurationField())
    rows = requests_of(scope).filter(CALLED)
    seconds = Greatest(Ceil(Extract(waited, "epoch")), 0, output_field=IntegerField())
    counted = rows.annotate(seconds=seconds).order_by().values_list("insurer", PRODUCT, "service", "seconds")
    return [Waited(*row) for row in counted.annotate(people=Count("pk"))]


def _claims(scope: Scope, now: datetime) -> list[Claimed]:
    """One query for the claims of the period, which are few, and one for each country's calendar."""
    at = "consultation__"
    rows = QualityClaim.objects.filter(scope.among(f"{at}insurer", "at"))
    found = rows.values_list(f"{at}insurer", f"{at}{PRODUCT}", f"{at}service", "answer__verdict", "at", "answer__at")
    calendars = {country: load_calendar(country) for country in {insurer.country for insurer in scope.insurers}}
    insurers = {insurer.pk: insurer for insurer in scope.insurers}

    def judged(insurer: Insurer, at: datetime, answered_at: datetime | None) -> str:
        term = answer_due(insurer.today(at), calendars[insurer.country])
        answered_on: date | None = insurer.today(answered_at) if answered_at else None
        return answering(term, answered_on, today=insurer.today(now))

    return [
        Claimed(pk, product, service, judged(insurers[pk], *at), verdict)
        for pk, product, service, verdict, *at in found
    ]


def _paid_back(scope: Scope) -> list[Back]:
    """Of the requests of the period. One query for the payments back, which are few."""
    at = "consultation__"
    rows = PaidBack.objects.filter(scope.among(f"{at}insurer", f"{at}asked_at"))
    counted = rows.order_by().values_list(f"{at}insurer", f"{at}{PRODUCT}", f"{at}service")
    return [Back(*row) for row in counted.annotate(Count("pk"))]


def programmes(scope: Scope) -> dict[int | None, str]:
    """What these insurers' products are called now. One query."""
    versions = ProductVersion.objects.current().filter(product__insurer__in=scope.insurers)
    return {version.product_id: version.name for version in versions}


# ── One request ──────────────────────────────────────────────────────────────
def with_ending(rows: QuerySet[Consultation]) -> QuerySet[Any]:
    """…annotated with `ending`, one of Ending."""
    cases = [When(holds, then=Value(ending.value)) for ending, holds in ENDINGS.items()]
    return rows.annotate(ending=Case(*cases, default=Value(Ending.OPEN.value), output_field=CharField()))


def with_promise(rows: QuerySet[Any], now: datetime) -> QuerySet[Any]:
    """…and with `promise`. Whoever was never called waited until they left, or wait still."""
    due = ExpressionWrapper(_due_from() + ANSWER_WITHIN, DateTimeField())
    waited_until = Coalesce("first_called_at", "ended_at", Value(now, DateTimeField()))
    kept, broken = Q(CALLED, first_called_at__lte=F("due")), Q(waited_until__gt=F("due"))
    return rows.annotate(due=due, waited_until=waited_until).annotate(
        promise=Case(
            When(kept, then=Value(Promise.KEPT.value)),
            When(broken, then=Value(Promise.BROKEN.value)),
            default=Value(Promise.NOT_TRIED.value),
            output_field=CharField(),
        )
    )


def _due_from() -> Coalesce:
    """Since when a doctor is due: the booked time, else the entry into the queue."""
    return Coalesce("starts_at", "queued_at")


class WidthBucket(Func):
    """Which of the parts that begin at these instants an instant lies in, from 0. Zones stay with Python, whose data on them
    are the newer ones (requirements.md, 6)."""

    function = "width_bucket"
    output_field = IntegerField()


def _part(scope: Scope) -> Case:
    cases = []
    for zone, insurers in scope.zones.items():
        later = list(parts_of(scope.period, zone).starts[1:])
        starts = Value(later, ArrayField(DateTimeField()))
        cases.append(When(insurer__in=insurers, then=WidthBucket("asked_at", starts)))
    return Case(*cases, output_field=IntegerField())
