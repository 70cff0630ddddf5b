"""The bank's answers. The same file again, a row twice, rows and files in any order, forty confirmations at once: what was
paid is paid once, what came back is never paid by the order that came back."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext_noop

from claims.gateways.bank import bank
from claims.models import AnswerLine, BankAnswer, Claim, Instalment, PaymentOrder
from claims.models.payments import Effect
from claims.rules.bank_answers import Answer, Answers, Said
from claims.rules.bank_orders import ORDER_LIFE, OrderEvent, OrderState
from claims.rules.letters import LetterKind
from claims.rules.life import UNPAID, Actor, Event, InstalmentEvent, InstalmentState, State
from claims.services.clock import wind
from claims.services.letters import write_letter
from claims.services.life import move, move_part
from claims.services.payment_letters import in_letter
from claims.services.penalties import propose_if_late, take_back_unapproved
from core import audit
from core.file_names import sent_file_name
from core.whole_files import digest_of
from policies.models import Insurer


@transaction.atomic
def take_answer(*, insurer: Insurer, file: IO[bytes], name: str, by: Any, now: datetime) -> BankAnswer:
    """The same bytes are the answer that is there already. Raise Unreadable: it is no table."""
    Insurer.objects.select_for_update(no_key=True).get(pk=insurer.pk)  # one file after another, also the same one twice
    sha256 = digest_of(file)
    if known := BankAnswer.objects.filter(insurer=insurer, sha256=sha256).first():
        return known
    read = bank().answers(file, today=insurer.today(now))
    answer = BankAnswer.objects.create(
        insurer=insurer, sha256=sha256, name=sent_file_name(name)[:100], received_by=by, received_at=now,
        unread=[[one.code, one.line, one.heading, one.facts] for one in read.problems],
    )  # fmt: skip
    effects = _apply(answer, read, by, now)
    counted: dict[str, Any] = {effect.value: number for effect, number in effects.items()}
    audit.record(
        gettext_noop("took an answer of the bank"),
        on=answer,
        by=by,
        scope=insurer.slug,
        unread=len(read.problems),
        **counted,
    )
    return answer


def _apply(answer: BankAnswer, read: Answers, by: Any, now: datetime) -> Counter[Effect]:
    orders = _held_orders(answer.insurer, {row.key for row in read.rows})
    effects = [(row, orders.get(row.key), _said_of(orders.get(row.key), row)) for row in read.rows]
    AnswerLine.objects.bulk_create(
        AnswerLine(
            answer=answer, order=order, line=row.line, number=row.key, said=row.said, on=row.on, amount=row.amount,
            reason=row.reason, effect=effect,
        )
        for row, order, effect in effects
    )  # fmt: skip
    moved = {order.pk: order for _row, order, effect in effects if order and effect in MOVES}
    PaymentOrder.objects.bulk_update(moved.values(), ["state", "answered_on", "reason"])
    _pass_on(list(moved.values()), by, now)
    return Counter(effect for _row, _order, effect in effects)


def _held_orders(insurer: Insurer, keys: Iterable[int]) -> dict[int, PaymentOrder]:
    """By number, as they are under the locks of their claims."""
    ours = PaymentOrder.objects.filter(file__insurer=insurer, number__in=keys)
    claims = Claim.objects.filter(pk__in=ours.values("instalment__claim")).order_by("pk")
    held = {claim.pk: claim for claim in claims.select_for_update(of=["self"], no_key=True).select_related("insurer")}
    rows = ours.select_related("instalment__payee", "instalment__decision__review", "file").order_by("pk")
    orders = {order.number: order for order in rows}
    for order in orders.values():
        order.instalment.claim = held[order.instalment.claim_id]
    return orders


# ── Orders ───────────────────────────────────────────────────────────────────
MOVES = {Effect.PAID: OrderEvent.CONFIRM, Effect.CAME_BACK: OrderEvent.BOUNCE}
SAYS = {Said.PAID: Effect.PAID, Said.RETURNED: Effect.CAME_BACK}
IS_SO = {
    (Said.PAID, OrderState.CONFIRMED): Effect.REPEATED,
    (Said.PAID, OrderState.BOUNCED): Effect.OUTDATED,
    (Said.PAID, OrderState.RECALLED): Effect.CONTRADICTS,
    (Said.RETURNED, OrderState.BOUNCED): Effect.REPEATED,
    (Said.RETURNED, OrderState.RECALLED): Effect.REPEATED,
}


def _said_of(order: PaymentOrder | None, row: Answer) -> Effect:
    """What the row changes; the order moves with it, so that the next row about it meets what this one left."""
    if order is None:
        return Effect.UNKNOWN
    if row.said == Said.UNDER_WAY:
        return Effect.UNDER_WAY
    if row.amount != order.amount:
        return Effect.OTHER_AMOUNT
    effect = IS_SO.get((row.said, OrderState(order.state))) or SAYS[row.said]
    if event := MOVES.get(effect):
        order.state = ORDER_LIFE.after(OrderState(order.state), event)
        order.answered_on = row.on
        order.reason = (row.reason or UNSAID) if event == OrderEvent.BOUNCE else ""
    return effect


UNSAID = "—"  # the bank gave no reason


# ── What hangs on them ───────────────────────────────────────────────────────
def _pass_on(orders: Sequence[PaymentOrder], by: Any, now: datetime) -> None:
    """To payments, claims and claimants, as each order ended."""
    claims = {order.instalment.claim_id: order.instalment.claim for order in orders}
    paid = [order.instalment for order in orders if _was_paid(order, by, now)]
    back = [order for order in orders if _came_back(order, by, now)]
    for claim in claims.values():
        _settle(claim, by, now)
        wind(claim, now=now)
    for instalment in paid:
        propose_if_late(instalment=instalment, by=by, now=now)
    _tell(paid, back, now)


def _was_paid(order: PaymentOrder, by: Any, now: datetime) -> bool:
    instalment = order.instalment
    if order.state != OrderState.CONFIRMED:
        return False
    instalment.paid_on = order.answered_on
    _move(instalment, InstalmentEvent.CONFIRM, order, by, now)
    return True


def _came_back(order: PaymentOrder, by: Any, now: datetime) -> bool:
    instalment = order.instalment
    if order.state != OrderState.BOUNCED or instalment.state == InstalmentState.BOUNCED:
        return False
    instalment.paid_on = None
    _move(instalment, InstalmentEvent.BOUNCE, order, by, now, order.reason)
    take_back_unapproved(instalment=instalment, by=by, now=now)
    if instalment.claim.state == State.PAID:
        move(claim=instalment.claim, event=Event.BOUNCE, actor=Actor.SYSTEM, by=by, now=now, reason=order.reason)
    return True


def _move(
    instalment: Instalment, event: InstalmentEvent, order: PaymentOrder, by: Any, now: datetime, reason: str = ""
) -> None:
    move_part(
        part=instalment, event=event, actor=Actor.SYSTEM, by=by, now=now, on=order.answered_on, reason=reason,
        order=order.number_shown,
    )  # fmt: skip


def _settle(claim: Claim, by: Any, now: datetime) -> None:
    unpaid = claim.instalments.payouts().filter(state__in=UNPAID)
    if claim.state == State.PAYING and not unpaid.exists():
        move(claim=claim, event=Event.SETTLE, actor=Actor.SYSTEM, by=by, now=now)


def _tell(paid: Sequence[Instalment], back: Sequence[PaymentOrder], now: datetime) -> None:
    """One letter a claim of what was paid; of what came back one each, because something is to be done about it."""
    for instalment in {one.claim_id: one for one in paid}.values():
        together = [one for one in paid if one.claim_id == instalment.claim_id]
        write_letter(claim=instalment.claim, kind=LetterKind.PAID, now=now, payments=in_letter(together))
    for order in back:
        write_letter(
            claim=order.instalment.claim, kind=LetterKind.CAME_BACK, now=now, why=order.reason,
            payments=in_letter([order.instalment]),
        )  # fmt: skip
