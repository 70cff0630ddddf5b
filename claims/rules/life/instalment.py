"""The life of what is paid at one time: a lump sum, or one of periodic payouts (7.3–7.7, 7.9), or a penalty (11.2(4)).

An order that went to the bank has a number; an answer that names an older order than the last one changes nothing.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.rules.life.table import Actor, Life


class InstalmentState(TextChoices):
    PLANNED = "planned", _("planned")
    ORDERED = "ordered", _("sent to the bank")
    PAID = "paid", _("paid")
    BOUNCED = "bounced", _("came back from the bank")
    CANCELLED = "cancelled", _("not to be paid any more")
    REPLACED = "replaced", _("replaced by one payment")


class InstalmentEvent(TextChoices):
    ORDER = "order", _("sent to the bank")
    RECALL = "recall", _("taken back before the bank had it")
    CONFIRM = "confirm", _("confirmed by the bank")
    BOUNCE = "bounce", _("sent back by the bank")
    CANCEL = "cancel", _("not to be paid any more")
    REPLACE = "replace", _("replaced by one payment")


INSTALMENT_LIFE = Life(
    starts=(InstalmentState.PLANNED,),
    ends=(InstalmentState.PAID, InstalmentState.CANCELLED, InstalmentState.REPLACED),
    ways={
        (InstalmentState.PLANNED, InstalmentEvent.ORDER): InstalmentState.ORDERED,
        (InstalmentState.PLANNED, InstalmentEvent.CANCEL): InstalmentState.CANCELLED,
        (InstalmentState.PLANNED, InstalmentEvent.REPLACE): InstalmentState.REPLACED,
        (InstalmentState.ORDERED, InstalmentEvent.RECALL): InstalmentState.PLANNED,
        (InstalmentState.ORDERED, InstalmentEvent.CONFIRM): InstalmentState.PAID,
        (InstalmentState.ORDERED, InstalmentEvent.BOUNCE): InstalmentState.BOUNCED,
        (InstalmentState.PAID, InstalmentEvent.BOUNCE): InstalmentState.BOUNCED,  # days later: the account is closed
        (InstalmentState.BOUNCED, InstalmentEvent.ORDER): InstalmentState.ORDERED,
        (InstalmentState.BOUNCED, InstalmentEvent.CANCEL): InstalmentState.CANCELLED,
        (InstalmentState.BOUNCED, InstalmentEvent.REPLACE): InstalmentState.REPLACED,
    },
    by={
        InstalmentEvent.ORDER: {Actor.CASHIER},
        InstalmentEvent.RECALL: {Actor.CASHIER},
        InstalmentEvent.CONFIRM: {Actor.CASHIER, Actor.SYSTEM},
        InstalmentEvent.BOUNCE: {Actor.CASHIER, Actor.SYSTEM},
        InstalmentEvent.CANCEL: {Actor.APPROVER},  # 7.11
        InstalmentEvent.REPLACE: {Actor.APPROVER},  # 7.5
    },
)

UNPAID = (InstalmentState.PLANNED, InstalmentState.ORDERED, InstalmentState.BOUNCED)
