"""The bank sends its letter by itself (D1b, I1b): a link to one document, for a while, in one browser (adr/0043)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import GuestAccess
from accounts.services import end_guest_access, invite_guest
from claims.models import BankLink, Claim, Item
from claims.rules.checklists import ITEMS, Giver
from claims.rules.life import AWAITED, WrongMoment
from claims.rules.notice import LINK_LASTS, LINKS_OF_A_DOCUMENT, OF_A_BANK
from claims.services.delivery import with_lock
from core.errors import InputError
from policies.queries import brand_of


@transaction.atomic
def give_bank_link(*, item: Item, bank: str, contact: str, by: Any, now: datetime) -> BankLink:
    """Whoever has it sees the name of the document and what they sent, nothing of the case. Raise WrongMoment, InputError."""
    item = with_lock(item)
    if not is_for_the_bank(item):
        raise WrongMoment("no document that a bank gives, or it is here already")
    if item.bank_links.count() >= LINKS_OF_A_DOCUMENT:
        raise InputError("too_many", _("So many links were sent for this document. Call us, we will ask the bank."))
    claim = item.claim
    access = invite_guest(
        contact=contact, purpose=OF_A_BANK, subject=item.public_id, about=about(claim, item), until=now + LINK_LASTS, by=by,
        language=claim.language, brand=brand_of(claim.insurer, claim.language), scope=claim.insurer.slug, now=now,
    )  # fmt: skip
    return BankLink.objects.create(
        item=item, access=access.public_id, bank=bank, contact=contact, given_at=now, until=access.until
    )


@transaction.atomic
def end_bank_link(*, link: BankLink, by: Any, now: datetime) -> None:
    """By whoever gave it. Twice is once."""
    if access := GuestAccess.objects.filter(public_id=link.access).first():
        end_guest_access(access=access, by=by, now=now)
    BankLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now)


def note_delivered(*, access: GuestAccess, now: datetime) -> None:
    """Under the claim's lock, with the pages."""
    BankLink.objects.filter(access=access.public_id, delivered_at=None).update(delivered_at=now)


def is_for_the_bank(item: Item) -> bool:
    """A letter of the bank that is awaited still: nothing else is opened to a bank."""
    needed = ITEMS.get(item.code)
    return needed is not None and needed.giver == Giver.BANK and item.state in AWAITED


def about(claim: Claim, item: Item) -> str:
    """What the link and its page are called. The bank knows whom it lent to: the name says which loan."""
    with translation.override(claim.language):
        return f"{item.name}: {claim.about}"[:200]
