"""What the payers' room shows: a page at a time, by keyset."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Sum

from claims.models import BankAnswer, Claim, Instalment, PaymentFile, PaymentOrder, Penalty
from claims.models.payments import InstalmentKind
from claims.rules.life import UNDECIDED, DecisionState, InstalmentState

PAGE = 50


@dataclass(frozen=True)
class Lines:
    """`older` is the key after which the next page begins; None: it is the last."""

    rows: list[Any]
    older: int | None

    @property
    def older_key(self) -> str:
        """As an address has it."""
        return f"{self.older}"


def page_of(rows: QuerySet[Any], before: int | None) -> Lines:
    """The newest first."""
    found = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])
    return Lines(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


@dataclass(frozen=True)
class Due:
    """What a file made now would take: the most urgent of it, and all of it together."""

    rows: list[Instalment]
    count: int
    total: Decimal


def due(payable: QuerySet[Instalment]) -> Due:
    """Two queries."""
    together = payable.aggregate(count=Count("pk"), total=Sum("amount"))
    rows = payable.select_related("claim", "payee").order_by("pay_by", "pk")[:PAGE]
    return Due(list(rows), together["count"], together["total"] or Decimal(0))


def files_of(insurers: Collection[int], before: int | None) -> Lines:
    return page_of(PaymentFile.objects.filter(insurer__in=insurers).select_related("insurer", "made_by"), before)


def file_of(insurers: Collection[int], public_id: UUID) -> PaymentFile | None:
    return PaymentFile.objects.filter(insurer__in=insurers, public_id=public_id).select_related("insurer").first()


def orders_of(file: PaymentFile, before: int | None) -> Lines:
    return page_of(file.orders.select_related("instalment__claim", "file"), before)


def order_of(insurers: Collection[int], public_id: UUID) -> PaymentOrder | None:
    found = PaymentOrder.objects.filter(file__insurer__in=insurers, public_id=public_id)
    return found.select_related("file__insurer", "instalment__claim").first()


def answers_of(insurers: Collection[int], before: int | None) -> Lines:
    return page_of(BankAnswer.objects.filter(insurer__in=insurers).select_related("insurer"), before)


def answer_of(insurers: Collection[int], public_id: UUID) -> BankAnswer | None:
    return BankAnswer.objects.filter(insurer__in=insurers, public_id=public_id).select_related("insurer").first()


def penalties_of(insurers: Collection[int]) -> list[Penalty]:
    """Those that wait for somebody."""
    waiting = Penalty.objects.filter(claim__insurer__in=insurers, state__in=UNDECIDED)
    return list(waiting.select_related("claim", "proposed_by").order_by("pk")[:PAGE])


def penalty_of(insurers: Collection[int], public_id: UUID) -> Penalty | None:
    found = Penalty.objects.filter(claim__insurer__in=insurers, public_id=public_id)
    return found.select_related("claim__insurer", "late__payee", "proposed_by", "approved_by").first()


def late_without_penalty(insurers: Collection[int]) -> list[Instalment]:
    """Paid after their last day, and nothing was proposed: no rate was on file, or the proposal was returned."""
    paid = Instalment.objects.filter(
        claim__insurer__in=insurers, kind=InstalmentKind.PAYOUT, state=InstalmentState.PAID, paid_on__gt=F("pay_by")
    )
    without = paid.exclude(penalties__state__in=(*UNDECIDED, DecisionState.APPROVED))
    return list(without.select_related("claim", "payee").order_by("-paid_on", "-pk")[:PAGE])


def late_one(insurers: Collection[int], public_id: UUID) -> Instalment | None:
    found = Instalment.objects.filter(claim__insurer__in=insurers, public_id=public_id, kind=InstalmentKind.PAYOUT)
    return found.select_related("claim__insurer", "payee", "decision__review").first()


def claim_of(insurers: Collection[int], public_id: UUID) -> Claim | None:
    return Claim.objects.filter(insurer__in=insurers, public_id=public_id).select_related("insurer", "person").first()


def payments_of(claim: Claim) -> list[Instalment]:
    rows = claim.instalments.select_related("payee", "decision").prefetch_related("orders")
    return list(rows.order_by("decision__number", "kind", "number", "pk"))
