"""A disability that is established anew (7.7), as its claimant sees it: what is to be sent, what came of what was sent."""

from dataclasses import dataclass
from datetime import date

from claims.models import Claim, Decision, Item, Recertification
from claims.rules.checklists import CERTIFICATE
from claims.rules.events import InsuredEvent
from claims.rules.life import ANSWERED, AWAITED


@dataclass(frozen=True)
class Anew:
    """`until`: the last day of the established term. `item`: the certificate's place, once somebody has begun. `earlier`:
    what was received, the newest first."""

    until: date
    awaited: Recertification | None
    item: Item | None
    may_begin: bool
    earlier: list["Received"]


@dataclass(frozen=True)
class Received:
    recertification: Recertification
    decision: Decision | None  # once it is taken


def anew_of(claim: Claim) -> Anew | None:
    """None where no term is established: of a death, or of what was established for good. Five queries at most."""
    if claim.event != InsuredEvent.DISABILITY:
        return None
    rows = list(claim.recertifications.select_related("review").order_by("-pk"))
    last = claim.certificates.last()
    if last is None or (last.until is None and not rows):
        return None
    awaited = awaited_in(claim, rows)
    received = [one for one in rows if one.received_on]
    decided = {one.review_id: one for one in claim.decisions.decided()} if received else {}
    return Anew(
        until=last.until or received[0].term_until,
        awaited=awaited,
        item=certificate_anew(claim) if rows else None,
        may_begin=awaited is None and claim.state in ANSWERED and last.until is not None,
        earlier=[Received(one, decided.get(one.review_id or 0)) for one in received],
    )


def awaited_anew(claim: Claim) -> Recertification | None:
    """What is to be sent now. One query, where there may be one."""
    if claim.event != InsuredEvent.DISABILITY or claim.state not in ANSWERED:
        return None
    return awaited_in(claim, list(claim.recertifications.order_by("-pk")))


def awaited_in(claim: Claim, newest_first: list[Recertification]) -> Recertification | None:
    open_one = newest_first[0] if newest_first and newest_first[0].received_on is None else None
    return open_one if claim.state in ANSWERED else None


def is_certificate_anew(claim: Claim, item: Item) -> bool:
    """Whether this is the document that a re-certification waits for. One query, where it may be."""
    if item.code != CERTIFICATE or not item.round or item.state not in AWAITED:
        return False
    return awaited_anew(claim) is not None


def certificate_anew(claim: Claim) -> Item | None:
    item = claim.items.filter(code=CERTIFICATE, round__gt=0).order_by("round").last()
    if item:
        item.claim = claim
    return item
