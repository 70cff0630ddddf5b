"""10.3: within five working days the insurer answers what came: what is missing, or that nothing is, and then the review
begins with its two deadlines told (7.8, 11.3(6))."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from claims.models import Check, Claim, Item, Review
from claims.queries.facts import calendar_of, facts_of
from claims.rules.facts import ReviewKind
from claims.rules.letters import LetterKind
from claims.rules.life import SATISFIED, Actor, Event, ItemState, complete_on
from claims.rules.terms import decision_of, payment_term
from claims.services.clock import wind
from claims.services.letters import write_letter
from claims.services.life import locked, move
from core.errors import InputError


class NotJudged(InputError):
    """Something came that nobody has looked at."""


class NoApplication(InputError):
    """The application itself is missing, or says not yet who is paid (10.1, 10.2)."""


@transaction.atomic
def answer_documents(*, claim: Claim, by: Any, now: datetime) -> bool:
    """Whether all are there. Raise WrongMoment, NotJudged, NoApplication."""
    claim = locked(claim)
    items = items_of_round(claim)
    if any(item.state == ItemState.UPLOADED for item in items):
        raise NotJudged("uploaded", _("Some documents are still being checked: say of each of them what is with it."))
    since = complete_on((ItemState(item.state), day_of(item)) for item in items)
    if since is None:
        _name_missing(claim, items, by, now)
        return False
    if not hasattr(claim, "application") or not claim.payees.current().exists():
        raise NoApplication(
            "application",
            _("The application with the address and the beneficiaries’ accounts is not there yet (10.1, 10.2)."),
        )
    _begin_review(claim, max(since, claim.insurer.today(claim.application.sent_at)), by, now)
    return True


def items_of_round(claim: Claim) -> list[Item]:
    """Of the list that is asked for now: the first one, or that of the latest re-certification. One query."""
    items = list(claim.items.order_by("round", "position"))
    return [item for item in items if item.round == items[-1].round]


def day_of(item: Item) -> Any:
    """On which it was there; of what was waived the day of that, which is its last step."""
    if item.state in SATISFIED and item.received_on is None:
        last = item.steps.order_by("pk").last()
        return last.on if last else item.asked_on
    return item.received_on


def _name_missing(claim: Claim, items: list[Item], by: Any, now: datetime) -> None:
    move(claim=claim, event=Event.NAME_MISSING, actor=Actor.REVIEWER, by=by, now=now)
    _close_check(claim, now, found_missing=True)
    wind(claim, now=now)
    write_letter(claim=claim, kind=LetterKind.MISSING, now=now, by=by, missing=missing_in_words(claim, items))


def _begin_review(claim: Claim, since: Any, by: Any, now: datetime) -> None:
    move(claim=claim, event=Event.COMPLETE, actor=Actor.REVIEWER, by=by, now=now, since=f"{since}")
    Review.objects.create(claim=claim, number=claim.reviews.count() + 1, kind=ReviewKind.FIRST, since=since)
    _close_check(claim, now, found_missing=False)
    wind(claim, now=now)
    decide, pay = _last_days(claim)
    write_letter(
        claim=claim, kind=LetterKind.COMPLETE, now=now, by=by, since_on=f"{since}", decide_until=f"{decide}",
        pay_until=f"{pay}",
    )  # fmt: skip


def _last_days(claim: Claim) -> tuple[date | None, date | None]:
    """11.3(6): of the review that begins, and of paying; over already, where our answer is so late."""
    review, calendar = facts_of(claim).reviews[-1], calendar_of(claim.insurer)
    pays = payment_term(review, calendar)
    return decision_of(review, calendar).due, pays.due if pays else None


def _close_check(claim: Claim, now: datetime, *, found_missing: bool) -> None:
    today = claim.insurer.today(now)
    Check.objects.filter(claim=claim, answered_on=None).update(answered_on=today, found_missing=found_missing)


def missing_in_words(claim: Claim, items: list[Item]) -> list[list[str]]:
    """Each with its form and why it is asked for, in the case's language."""
    with translation.override(claim.language):
        return _missing(items)


def _missing(items: list[Item]) -> list[list[str]]:
    return [[item.name, item.get_form_display(), item.why] for item in items if item.state not in SATISFIED]
