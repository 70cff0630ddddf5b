"""What is to be paid, and what stands in the way."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from claims.models import Instalment, PaymentOrder, Suspension
from claims.rules.bank_orders import OrderState
from claims.rules.facts import Cause
from claims.rules.life import InstalmentState


def payable(insurers: Collection[int], *, until: date, again: Collection[UUID] = ()) -> QuerySet[Instalment]:
    """Planned for `until` at the latest, or come back since when the account was changed, or `again`. While a criminal case
    lasts nothing is paid (10.5)."""
    criminal = Suspension.objects.filter(review__claim=OuterRef("claim"), cause=Cause.CRIMINAL_CASE, until=None)
    at_once = Q(scheduled_on=None) | Q(scheduled_on__lte=until)
    another_account = ~Q(payee__iban=F("bounced_iban")) | Q(public_id__in=again)
    return with_last_order(of_insurers(insurers)).filter(
        ~Exists(criminal),
        at_once,
        Q(state=InstalmentState.PLANNED) | Q(state=InstalmentState.BOUNCED) & another_account,
    )


def came_back(insurers: Collection[int]) -> QuerySet[Instalment]:
    """With the account it went to and the bank's reason."""
    found = with_last_order(of_insurers(insurers)).filter(state=InstalmentState.BOUNCED)
    return found.select_related("claim", "payee").order_by("pay_by", "pk")


def of_insurers(insurers: Collection[int]) -> QuerySet[Instalment]:
    return Instalment.objects.filter(claim__insurer__in=insurers)


def with_last_order(instalments: QuerySet[Instalment]) -> QuerySet[Instalment]:
    last = PaymentOrder.objects.filter(instalment=OuterRef("pk"), state=OrderState.BOUNCED).order_by("-pk")
    return instalments.annotate(
        bounced_iban=Subquery(last.values("iban")[:1]), bounced_why=Subquery(last.values("reason")[:1])
    )
