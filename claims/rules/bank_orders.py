"""What goes to the bank to be paid: one order of a payment file (docs/notes/bank-file.md)."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.rules.life.table import Actor, Life
from core.money import Money

NUMBER = re.compile(r"P([1-9][0-9]{0,17})")  # the largest fits into a bigint
MOST_ORDERS = 10_000  # in a file; the rest wait for the next one
PURPOSE_ROOM = 140  # characters: what a payment order of Kazakhstan leaves for it


@dataclass(frozen=True)
class Order:
    """`account` is an IBAN, `iin` may be unknown, `purpose` stands on the recipient's statement."""

    number: str
    pay_on: date
    amount: Money
    account: str
    recipient: str
    iin: str
    purpose: str


class OrderState(TextChoices):
    SENT = "sent", _("sent to the bank")
    CONFIRMED = "confirmed", _("paid")
    BOUNCED = "bounced", _("came back")
    RECALLED = "recalled", _("taken back")


class OrderEvent(TextChoices):
    CONFIRM = "confirm", _("paid")
    BOUNCE = "bounce", _("came back")
    RECALL = "recall", _("taken back")


# What came back is over: it is paid by another order with another number. So whatever a bank says of an order, and in whatever
# order its words come, the order ends in the same state.
ORDER_LIFE = Life(
    starts=(OrderState.SENT,),
    ends=(OrderState.CONFIRMED, OrderState.BOUNCED, OrderState.RECALLED),
    ways={
        (OrderState.SENT, OrderEvent.CONFIRM): OrderState.CONFIRMED,
        (OrderState.SENT, OrderEvent.BOUNCE): OrderState.BOUNCED,
        (OrderState.SENT, OrderEvent.RECALL): OrderState.RECALLED,
        (OrderState.CONFIRMED, OrderEvent.BOUNCE): OrderState.BOUNCED,
    },
    by={
        OrderEvent.CONFIRM: {Actor.CASHIER, Actor.SYSTEM},
        OrderEvent.BOUNCE: {Actor.CASHIER, Actor.SYSTEM},
        OrderEvent.RECALL: {Actor.CASHIER},
    },
)
LIVING = (OrderState.SENT, OrderState.CONFIRMED)  # of an instalment there is one such order at most


def number_of(key: int) -> str:
    """A letter keeps a spreadsheet from making 1,2E+11 of it."""
    return f"P{key}"


def key_of(number: str) -> int | None:
    """None: no order of ours is called so."""
    found = NUMBER.fullmatch(number)
    return int(found[1]) if found else None
