"""The personal checklist of a claim (9.2(2), chapter 10): at once, without what the notice makes needless."""

from claims.models import Claim, Item
from claims.rules.checklists import CHECKLISTS
from claims.rules.events import InsuredEvent
from claims.rules.life import ItemState
from claims.rules.notice import spared


def begin_checklist(claim: Claim) -> None:
    """In the caller's transaction, with the notice. One statement."""
    event = InsuredEvent(claim.event)
    without = spared(event, claim.circumstances)
    Item.objects.bulk_create(
        Item(
            claim=claim, position=place, code=needed.code, form=needed.form, giver=needed.giver, clause=needed.clause,
            state=ItemState.WAIVED if needed.code in without else ItemState.NEEDED, spared=without.get(needed.code, ""),
            asked_on=claim.notified_on,
        )
        for place, needed in enumerate(CHECKLISTS[event])
    )  # fmt: skip
