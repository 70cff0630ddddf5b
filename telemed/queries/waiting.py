"""The place in the queue and what is known of the wait. One statement, because everybody who waits asks it twice a minute."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, DurationField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from telemed.models import Consultation, DutySpan, PresenceSpan, Traffic
from telemed.rules import BEAT, WAITS_OF, Estimate, State, estimate


class Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Wait:
    consultation: Consultation
    place: int  # 1: the next one
    estimate: Estimate
    owes_presence: bool  # nothing was written for BEAT (TM-42)

    @property
    def ahead(self) -> int:
        return self.place - 1


def wait_of(user: Any, public_id: UUID, *, now: datetime) -> Wait | None:
    """None: not this account's, or it does not wait any more. One query."""
    waiting = Consultation.objects.visible_to(user, now=now).filter(public_id=public_id, state=State.WAITING)
    found: Any = waiting.select_related("insurer").annotate(
        ahead=Coalesce(_one(_before(OuterRef("pk")), Count("pk", distinct=True)), 0),
        gone=Coalesce(_one(_gone(OuterRef("pk")), Count("pk", distinct=True)), 0),
        doctors=Coalesce(_one(_on_duty(now), Count("doctor")), 0),
        median=_one(_called_lately(now), Median(F("first_called_at") - F("queued_at"))),
        of=Coalesce(_one(_called_lately(now), Count("pk")), 0),
        seen_until=Subquery(
            PresenceSpan.objects.filter(consultation=OuterRef("pk")).order_by("-until").values("until")[:1]
        ),
    ).first()  # fmt: skip
    if found is None:
        return None
    judged = estimate(
        began_as=found.gone + found.ahead + 1, doctors=found.doctors, median=found.median, of=found.of,
        waited=now - found.queued_at,
    )  # fmt: skip
    return Wait(found, found.ahead + 1, judged, found.seen_until is None or now - found.seen_until >= BEAT)


def _one(rows: QuerySet[Any], aggregate: Aggregate) -> Subquery:
    """The aggregate over all `rows`, as one value."""
    return Subquery(
        rows.order_by()
        .annotate(all_of_them=F("speciality"))
        .values("all_of_them")
        .annotate(value=aggregate)
        .values("value")
    )


def _before(consultation: OuterRef) -> QuerySet[Any]:
    """Who waits longer for the same doctors."""
    return _earlier(consultation).filter(state=State.WAITING)


def _gone(consultation: OuterRef) -> QuerySet[Any]:
    """Who stood before and was called since; whoever left by themselves took no doctor."""
    lately = OuterRef("queued_at") - Value(WAITS_OF)
    return _earlier(consultation).filter(
        queued_at__gt=lately, first_called_at__gt=OuterRef("queued_at"), starts_at=None
    )


def _earlier(consultation: OuterRef) -> QuerySet[Any]:
    """Of the same speciality, at insurers whom the same organisations serve."""
    earlier = Q(queued_at__lt=OuterRef("queued_at")) | Q(queued_at=OuterRef("queued_at"), pk__lt=consultation)
    rows = Traffic.objects.filter(earlier, speciality=OuterRef("speciality"))
    return rows.filter(insurer__medical_organisations__insurers=OuterRef("insurer"))


def _on_duty(now: datetime) -> QuerySet[Any]:
    rows = DutySpan.objects.current(now=now).annotate(speciality=F("doctor__speciality"))
    return rows.filter(
        doctor__is_active=True, speciality=OuterRef("speciality"), doctor__organisation__insurers=OuterRef("insurer")
    )


def _called_lately(now: datetime) -> QuerySet[Any]:
    """Whom a doctor of this speciality called; a failure of ours lets the wait go on."""
    rows = Traffic.objects.filter(insurer=OuterRef("insurer"), queued_at__gt=now - WAITS_OF)
    return rows.filter(speciality=OuterRef("speciality"), first_called_at__isnull=False, starts_at=None)
