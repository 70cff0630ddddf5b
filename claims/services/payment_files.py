"""Files of orders for the bank. Two people who make one at the same time take no payment twice: an insurer's files are made
one after another, and the database keeps one living order a payment."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from claims.models import Claim, Instalment, PaymentFile, PaymentOrder
from claims.models.payments import InstalmentKind
from claims.queries.payments.plan import payable
from claims.rules.bank_orders import MOST_ORDERS, ORDER_LIFE, OrderEvent, OrderState
from claims.rules.life import Actor, Event, InstalmentEvent, State
from claims.services.life import locked, move, move_part, move_parts
from core import audit
from policies.models import Insurer


@transaction.atomic
def make_payment_file(
    *, insurer: Insurer, until: date, by: Any, now: datetime, again: Collection[UUID] = ()
) -> PaymentFile | None:
    """Orders for what is planned until that day, and `again` what came back and goes to the same account. None: nothing is
    left to be ordered."""
    Insurer.objects.select_for_update(no_key=True).get(pk=insurer.pk)
    chosen = _held(insurer, until, again)
    if not chosen:
        return None
    file = PaymentFile.objects.create(
        insurer=insurer, number=insurer.payment_files.count() + 1, made_by=by, made_at=now, count=len(chosen),
        total=sum((one.amount for one in chosen), Decimal(0)), currency=insurer.currency,
    )  # fmt: skip
    today = insurer.today(now)
    PaymentOrder.objects.bulk_create(_order(file, one, today) for one in chosen)
    move_parts(parts=chosen, event=InstalmentEvent.ORDER, actor=Actor.CASHIER, by=by, now=now, file=file.number)
    for claim in {one.claim_id: one.claim for one in chosen if one.claim.state == State.APPROVED}.values():
        move(claim=claim, event=Event.PAY, actor=Actor.CASHIER, by=by, now=now)
    _audit(gettext_noop("made a payment file"), file, by, orders=file.count, total=f"{file.total}")
    return file


def _held(insurer: Insurer, until: date, again: Collection[UUID]) -> Sequence[Instalment]:
    """Under the locks of their claims. They are asked for anew once these are held: a criminal case may have come first."""
    wanted = payable([insurer.pk], until=until, again=again)
    claims = Claim.objects.filter(pk__in=wanted.values("claim")).order_by("pk")
    held = {claim.pk: claim for claim in claims.select_for_update(of=["self"], no_key=True).select_related("insurer")}
    chosen = list(wanted.filter(claim__in=held).select_related("payee").order_by("claim", "pk")[:MOST_ORDERS])
    for one in chosen:
        one.claim = held[one.claim_id]
    return chosen


def _order(file: PaymentFile, one: Instalment, today: date) -> PaymentOrder:
    """With the account as it is now."""
    return PaymentOrder(
        file=file, instalment=one, pay_on=max(today, one.scheduled_on or today), payee_name=one.payee.name,
        payee_iin=one.payee.iin, iban=one.payee.iban, amount=one.amount, purpose=purpose_of(one),
    )  # fmt: skip


def purpose_of(instalment: Instalment) -> str:
    """In the language of the case; nothing of what happened to whom."""
    with override(instalment.claim.language):
        if instalment.kind == InstalmentKind.PENALTY:
            said = _("Penalty for a late payout, claim %(number)s")
        else:
            said = _("Insurance payout, claim %(number)s")
        return said % {"number": instalment.claim.number_shown}


@transaction.atomic
def recall_order(*, order: PaymentOrder, reason: str, by: Any, now: datetime) -> PaymentOrder:
    """Before the bank had it: it is planned again. Raise WrongMoment once the bank has answered."""
    claim = locked(order.instalment.claim)
    order = (
        PaymentOrder.objects.select_related("file__insurer", "instalment")
        .select_for_update(of=["self"])
        .get(pk=order.pk)
    )
    order.state, order.reason = ORDER_LIFE.after(OrderState(order.state), OrderEvent.RECALL), reason
    order.save()
    order.instalment.claim = claim
    move_part(
        part=order.instalment, event=InstalmentEvent.RECALL, actor=Actor.CASHIER, by=by, now=now, reason=reason,
        order=order.number_shown,
    )  # fmt: skip
    _audit(gettext_noop("took a payment order back"), order.file, by, reason=reason, order=order.number_shown)
    return order


def _audit(verb: str, file: PaymentFile, by: Any, reason: str = "", **detail: Any) -> None:
    audit.record(verb, on=file, by=by, scope=file.insurer.slug, reason=reason, **detail)


def note_download(*, file: PaymentFile, by: Any) -> None:
    """Names and accounts leave the house."""
    _audit(gettext_noop("fetched a payment file"), file, by)
