"""The life of one document on a claim's checklist (NL-10.a), and when the whole list is complete."""

from collections.abc import Iterable
from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.rules.life.table import Actor, Life


class ItemState(TextChoices):
    NEEDED = "needed", _("needed")
    UPLOADED = "uploaded", _("being checked")
    ORIGINAL_AWAITED = "original_awaited", _("original awaited")
    ACCEPTED = "accepted", _("accepted")
    REDO = "redo", _("redo")
    WAIVED = "waived", _("not needed")


class ItemEvent(TextChoices):
    UPLOAD = "upload", _("uploaded")
    TAKE_BACK = "take_back", _("taken back before it was checked")
    AWAIT_ORIGINAL = "await_original", _("the copy is good, the original is awaited")
    ACCEPT = "accept", _("accepted")
    REJECT = "reject", _("to be redone")
    WAIVE = "waive", _("not needed any more")
    REQUIRE = "require", _("needed after all")


ITEM_LIFE = Life(
    starts=(ItemState.NEEDED,),
    ends=(ItemState.ACCEPTED, ItemState.WAIVED),
    ways={
        (ItemState.NEEDED, ItemEvent.UPLOAD): ItemState.UPLOADED,
        (ItemState.NEEDED, ItemEvent.ACCEPT): ItemState.ACCEPTED,  # handed over on paper
        (ItemState.NEEDED, ItemEvent.WAIVE): ItemState.WAIVED,
        (ItemState.UPLOADED, ItemEvent.UPLOAD): ItemState.UPLOADED,  # one more page
        (ItemState.UPLOADED, ItemEvent.TAKE_BACK): ItemState.NEEDED,
        (ItemState.UPLOADED, ItemEvent.AWAIT_ORIGINAL): ItemState.ORIGINAL_AWAITED,
        (ItemState.UPLOADED, ItemEvent.ACCEPT): ItemState.ACCEPTED,
        (ItemState.UPLOADED, ItemEvent.REJECT): ItemState.REDO,
        (ItemState.UPLOADED, ItemEvent.WAIVE): ItemState.WAIVED,
        (ItemState.ORIGINAL_AWAITED, ItemEvent.UPLOAD): ItemState.UPLOADED,
        (ItemState.ORIGINAL_AWAITED, ItemEvent.ACCEPT): ItemState.ACCEPTED,
        (ItemState.ORIGINAL_AWAITED, ItemEvent.REJECT): ItemState.REDO,
        (ItemState.ORIGINAL_AWAITED, ItemEvent.WAIVE): ItemState.WAIVED,
        (ItemState.ACCEPTED, ItemEvent.REJECT): ItemState.REDO,
        (ItemState.REDO, ItemEvent.UPLOAD): ItemState.UPLOADED,
        (ItemState.REDO, ItemEvent.ACCEPT): ItemState.ACCEPTED,
        (ItemState.REDO, ItemEvent.WAIVE): ItemState.WAIVED,
        (ItemState.WAIVED, ItemEvent.REQUIRE): ItemState.NEEDED,
    },
    by={
        ItemEvent.UPLOAD: {Actor.CLAIMANT, Actor.LENDER, Actor.REVIEWER},
        ItemEvent.TAKE_BACK: {Actor.CLAIMANT, Actor.LENDER},
        ItemEvent.AWAIT_ORIGINAL: {Actor.REVIEWER},
        ItemEvent.ACCEPT: {Actor.REVIEWER},
        ItemEvent.REJECT: {Actor.REVIEWER},
        ItemEvent.WAIVE: {Actor.REVIEWER},  # 10.4
        ItemEvent.REQUIRE: {Actor.REVIEWER},  # 10.4: with the reasons
    },
)

SATISFIED = (ItemState.ACCEPTED, ItemState.WAIVED)
AWAITED = (ItemState.NEEDED, ItemState.ORIGINAL_AWAITED, ItemState.REDO)  # from the person; the rest is with us


def complete_on(items: Iterable[tuple[ItemState, date | None]]) -> date | None:
    """7.8: the day on which the last required document was received, whenever we looked at it; None while one is missing.

    Each item has the day on which what was accepted came to us (the original, where one is needed), or on which it was
    waived. A list without items is never complete.
    """
    days = [day if state in SATISFIED else None for state, day in items]
    received = [day for day in days if day]
    return max(received) if received and received == days else None
