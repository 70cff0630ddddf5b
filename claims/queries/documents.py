"""A document of a claim's checklist and its pages."""

from uuid import UUID

from claims.models import Claim, Item, Page
from claims.rules.life import JOB
from core.models import Upload
from core.rows.viewers import working


def item_of(claim: Claim, public_id: UUID) -> Item | None:
    """One query."""
    item = claim.items.filter(public_id=public_id).first()
    if item:
        item.claim = claim
    return item


def pages_of(item: Item) -> list[Page]:
    """In the order in which they were sent, with what was answered about each. One query."""
    return list(item.pages.select_related("upload").order_by("pk"))


def has_waiting(item: Item) -> bool:
    """Something was sent that no form has handed over yet. One query."""
    return Upload.objects.of(item.files).living().filter(kept_at=None).exists()


@working(JOB)
def item_of_link(public_id: UUID) -> Item | None:
    """For the bank, whose access a view has just read: the document with its claim. One query."""
    return Item.objects.select_related("claim__insurer").filter(public_id=public_id).first()
