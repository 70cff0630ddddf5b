"""Something comes from the claimant's side: pages of a document, the application. The clock of 10.3 begins with it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from claims.models import Check, Claim, Item, Page
from claims.rules.life import AWAITED, TAKES, Actor, Event, ItemEvent, State, WrongMoment
from claims.services.clock import wind
from claims.services.life import locked, move, move_part
from core.models import Upload
from core.uploads.queries import uploads_of
from core.uploads.rules import LIVING
from core.uploads.services import attach_uploads, release_upload, withdraw_upload


@transaction.atomic
def deliver_pages(
    *, item: Item, language: str, is_translation: bool, actor: Actor, by: Any, now: datetime
) -> int:  # fmt: skip
    """Whatever lies in the document's collection and is not yet one of its pages. How many; twice is once. Raise WrongMoment."""
    item = with_lock(item)
    count = take_pages(item=item, language=language, is_translation=is_translation, actor=actor, by=by, now=now)
    if count:
        note_delivery(claim=item.claim, actor=actor, by=by, now=now, what=item.code)
    return count


def take_pages(*, item: Item, language: str, is_translation: bool, actor: Actor, by: Any, now: datetime) -> int:
    """Under the claim's lock, without a word about its clock. How many. Raise WrongMoment."""
    claim = item.claim
    new = [one for one in uploads_of(item.files) if one.kept_at is None and one.state in LIVING]
    if not new:
        return 0
    if claim.state not in TAKES:
        raise WrongMoment(f"a page of a claim that is {claim.state}")
    today = claim.insurer.today(now)
    Page.objects.bulk_create(
        Page(item=item, upload=upload, language=language, is_translation=is_translation, sent_on=today)
        for upload in new
    )
    attach_uploads(into=item.files, now=now)
    move_part(part=item, event=ItemEvent.UPLOAD, actor=actor, by=by, now=now, pages=len(new))
    return len(new)


@transaction.atomic
def take_back(*, upload: Upload, item: Item, actor: Actor, by: Any, now: datetime) -> None:
    """A page, before a reviewer has answered about it. Raise WrongMoment."""
    item = with_lock(item)
    page = Page.objects.filter(item=item, upload=upload, verdict="").first()
    if page is None or item.claim.state not in TAKES:
        raise WrongMoment("a page that somebody has answered about")
    page.delete()
    release_upload(upload=upload)
    withdraw_upload(upload=upload, by=by, now=now)
    if not item.pages.exists():
        move_part(part=item, event=ItemEvent.TAKE_BACK, actor=actor, by=by, now=now)
        wind(item.claim, now=now)


def note_delivery(*, claim: Claim, actor: Actor, by: Any, now: datetime, what: str) -> None:
    """Under the claim's lock. 10.3: one term for all that comes until our answer, from the first of it."""
    today = claim.insurer.today(now)
    event = Event.HAND_IN if _was_the_last(claim) else Event.DELIVER
    if _is_news(claim, today) or event == Event.HAND_IN:
        move(claim=claim, event=event, actor=actor, by=by, now=now, what=what)
    _check_from(claim, today)
    wind(claim, now=now)


def with_lock(item: Item) -> Item:
    """Its newest state, under the lock of its claim."""
    claim = locked(item.claim)
    item = Item.objects.get(pk=item.pk)
    item.claim = claim
    return item


def _was_the_last(claim: Claim) -> bool:
    """Of what was asked for: whatever is awaited still, is not."""
    return claim.state == State.INCOMPLETE and not claim.items.filter(state__in=AWAITED).exists()


def _is_news(claim: Claim, today: date) -> bool:
    """The tenth page of a morning is no line of the history of its own."""
    return claim.state == State.NOTIFIED or not claim.checks.filter(answered_on=None, latest=today).exists()


def _check_from(claim: Claim, today: date) -> None:
    if not claim.checks.filter(answered_on=None).update(latest=today):
        Check.objects.create(claim=claim, since=today, latest=today)
