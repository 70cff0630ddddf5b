"""A reviewer answers about each document of the checklist: good, the paper itself is awaited, to be redone, not needed, or
one more is needed (10.3–10.6)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import Certificate, Claim, Item, Page, Verdict
from claims.rules.checklists import ITEMS, Form, Giver, needs_translation
from claims.rules.life import Actor, ItemEvent, State, WrongMoment
from claims.services.clock import wind
from claims.services.life import locked, move_part
from core import audit
from core.errors import InputError

ADDED = "X"  # begins the codes of what was added: X1, X2 …
ASKED_FOR_IN = (State.NOTIFIED, State.CHECKING, State.INCOMPLETE, State.REVIEW, State.SUSPENDED)


class NotAccepted(InputError):
    """`code` is "translation", "paper", "future" or "needed"."""


@transaction.atomic
def accept_item(*, item: Item, received_on: date, by: Any, now: datetime) -> Item:
    """`received_on`: when it came to us; where an original is needed, the paper (7.8). Raise WrongMoment, NotAccepted."""
    item, today = _locked(item), item.claim.insurer.today(now)
    if lacks_translation(item):
        raise NotAccepted(
            "translation", _("Its translation into Kazakh or Russian, certified by a notary, is missing (10.6).")
        )
    if not item.claim.notified_on <= received_on <= today:
        raise NotAccepted("future", _("The day lies between the notice of the event and today."))
    item.received_on, item.why = received_on, ""
    return _moved(item, ItemEvent.ACCEPT, by, now, "", received=f"{received_on}")


@transaction.atomic
def await_original(*, item: Item, by: Any, now: datetime) -> Item:
    """The photo is good; the paper follows. Raise WrongMoment, NotAccepted where a file is enough."""
    item = _locked(item)
    if not item.is_paper:
        raise NotAccepted("paper", _("A photo or a scan is enough for this document: accept it, or say what is wrong."))
    return _moved(item, ItemEvent.AWAIT_ORIGINAL, by, now, "")


@transaction.atomic
def ask_anew(*, item: Item, why: str, by: Any, now: datetime) -> Item:
    """«Redo, because…». Raise WrongMoment."""
    item = _locked(item)
    item.why, item.received_on = why, None
    return _moved(item, ItemEvent.REJECT, by, now, why)


@transaction.atomic
def waive_item(*, item: Item, why: str, by: Any, now: datetime) -> Item:
    """10.4: the insurer shortens the list. Raise WrongMoment, NotAccepted."""
    item = _locked(item)
    if item.code in ITEMS and not ITEMS[item.code].waivable:
        raise NotAccepted(
            "needed", _("Without this document neither the event nor the amount is known, so it is needed.")
        )
    item.why = why
    return _moved(item, ItemEvent.WAIVE, by, now, why)


@transaction.atomic
def need_after_all(*, item: Item, why: str, by: Any, now: datetime) -> Item:
    """What was waived, with the reasons. Raise WrongMoment."""
    item = _locked(item)
    item.why, item.spared = why, ""
    return _moved(item, ItemEvent.REQUIRE, by, now, why)


@transaction.atomic
def ask_for_more(*, claim: Claim, title: str, form: Form, giver: Giver, why: str, by: Any, now: datetime) -> Item:
    """10.4: a document that no list has, without which the event cannot be established. Raise WrongMoment."""
    claim = locked(claim)
    if claim.state not in ASKED_FOR_IN:
        raise WrongMoment(f"one document more for a claim that is {claim.state}")
    present = list(claim.items.order_by("round", "position"))
    of_round = [item for item in present if item.round == (present[-1].round if present else 0)]
    added = sum(item.code.startswith(ADDED) for item in of_round)
    item = Item.objects.create(
        claim=claim, round=of_round[-1].round if of_round else 0, position=len(of_round), code=f"{ADDED}{added + 1}",
        title=title, form=form, giver=giver, clause="10.4", why=why, added_by=by, asked_on=claim.insurer.today(now),
    )  # fmt: skip
    wind(claim, now=now)
    return item


@transaction.atomic
def judge_page(*, page: Page, verdict: Verdict, why: str, by: Any, now: datetime) -> Page:
    """Of one file, so that the sender knows which page is blurred."""
    item = _locked(page.item)
    if item.claim.state not in ASKED_FOR_IN:
        raise WrongMoment(f"an answer about a page of a claim that is {item.claim.state}")
    page.verdict, page.why, page.by, page.at = verdict, why if verdict == Verdict.REDO else "", by, now
    page.save(update_fields=["verdict", "why", "by", "at"])
    return page


@transaction.atomic
def record_certificate(*, item: Item, facts: Mapping[str, Any], by: Any, now: datetime) -> Certificate:
    """10.2(3): what the certificate of disability says; a corrected entry takes the place of the one before it."""
    item = _locked(item)
    if item.claim.state not in ASKED_FOR_IN:
        raise WrongMoment(f"a certificate for a claim that is {item.claim.state}")
    certificate, _created = Certificate.objects.update_or_create(claim=item.claim, item=item, defaults=dict(facts))
    audit.record(
        gettext_noop("entered a certificate of disability"), on=item.claim, by=by, scope=item.claim.insurer.slug,
        **{name: f"{value or ''}" for name, value in facts.items()},
    )  # fmt: skip
    wind(item.claim, now=now)
    return certificate


def lacks_translation(item: Item) -> bool:
    """10.6: something came in another language, and no translation with it. One query."""
    pages = [page for page in item.pages.all() if page.verdict != Verdict.REDO]
    foreign = any(needs_translation(page.language) and not page.is_translation for page in pages)
    return foreign and not any(page.is_translation for page in pages)


def _locked(item: Item) -> Item:
    """Its newest state, under the lock of its claim."""
    claim = locked(item.claim)
    item = Item.objects.get(pk=item.pk)
    item.claim = claim
    return item


def _moved(item: Item, event: ItemEvent, by: Any, now: datetime, reason: str, **detail: Any) -> Item:
    """With what was set beside it: the constraints look at both."""
    if item.claim.state not in ASKED_FOR_IN:
        raise WrongMoment(f"{event} of a document of a claim that is {item.claim.state}")
    move_part(part=item, event=event, actor=Actor.REVIEWER, by=by, now=now, reason=reason, **detail)
    wind(item.claim, now=now)
    return item
