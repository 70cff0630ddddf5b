"""What stops the clock of a review: a question to an authority (7.8), a criminal case (7.8, 10.5). The claimant is told why
in writing (11.1(6)), and again when the days go on."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import NEVER, Claim, Suspension
from claims.rules.facts import Cause
from claims.rules.letters import LetterKind
from claims.rules.life import Actor, Event, State, WrongMoment
from claims.rules.people import REQUEST_SENT, Part
from claims.services.clock import wind
from claims.services.letters import write_letter
from claims.services.life import locked, move, note_step
from claims.services.papers import want_request
from core.errors import InputError


class NotThatDay(InputError):
    """A request leaves between the day on which it was asked for and today."""


@transaction.atomic
def ask_authority(
    *, claim: Claim, authority: str, question: str, why: str, language: str, by: Any, now: datetime
) -> Suspension:
    """Several may be asked at a time. `why` is read by the claimant, `language` by the authority, whose request a worker
    prints. Raise WrongMoment where no review runs."""
    claim = locked(claim)
    told = {"authority": authority, "question": question, "why": why}
    suspension = _stop(claim, Event.SUSPEND, Cause.AUTHORITY, by, now, **told)
    want_request(suspension, language=language, now=now)
    return suspension


@transaction.atomic
def note_dispatch(*, suspension: Suspension, sent_on: date, sent_how: str, by: Any, now: datetime) -> Suspension:
    """The printed request left. Raise WrongMoment where that is noted already, NotThatDay."""
    claim = locked(suspension.review.claim)
    suspension = Suspension.objects.select_for_update().get(pk=suspension.pk)
    if suspension.sent_on or suspension.cause != Cause.AUTHORITY:
        raise WrongMoment("a request that has left")
    if not suspension.since <= sent_on <= claim.insurer.today(now):
        raise NotThatDay("day", _("Enter a day between the request and today"))
    suspension.sent_on, suspension.sent_how = sent_on, sent_how
    suspension.save(update_fields=["sent_on", "sent_how"])
    note_step(
        claim=claim, part=Part.CLAIM, event=REQUEST_SENT, actor=Actor.REVIEWER, by=by, now=now, on=sent_on, reason=sent_how,
        detail={"authority": suspension.authority},
    )  # fmt: skip
    return suspension


@transaction.atomic
def note_criminal_case(*, claim: Claim, authority: str, why: str, by: Any, now: datetime) -> Suspension:
    """Of a review it stops the days; of what is decided it postpones the payment (10.5). Raise WrongMoment."""
    claim = locked(claim)
    event = Event.POSTPONE if claim.state == State.APPROVED else Event.SUSPEND
    return _stop(claim, event, Cause.CRIMINAL_CASE, by, now, authority=authority, why=why)


@transaction.atomic
def record_answer(*, suspension: Suspension, answer: str, by: Any, now: datetime) -> Suspension:
    """The day after it the days go on, unless another answer is awaited. Raise WrongMoment where it has come already."""
    claim = locked(suspension.review.claim)
    suspension = Suspension.objects.select_for_update().get(pk=suspension.pk)
    if suspension.until:
        raise WrongMoment("an answer that has come")
    suspension.until, suspension.answer = claim.insurer.today(now), answer
    suspension.save(update_fields=["until", "answer"])
    awaits = Suspension.objects.filter(review=suspension.review_id, until=None).exists()
    event = Event.ANSWER if awaits else Event.RESUME
    move(claim=claim, event=event, actor=Actor.REVIEWER, by=by, now=now, reason=answer, authority=suspension.authority)
    wind(claim, now=now)
    if not awaits:
        next_until = "" if claim.next_on == NEVER else claim.next_on.isoformat()
        write_letter(
            claim=claim, kind=LetterKind.RESUMED, now=now, by=by, authority=suspension.authority, next_until=next_until
        )
    return suspension


def _stop(claim: Claim, event: Event, cause: Cause, by: Any, now: datetime, **told: str) -> Suspension:
    move(
        claim=claim, event=event, actor=Actor.REVIEWER, by=by, now=now, reason=told["why"], authority=told["authority"]
    )
    review, since = claim.reviews.latest("number"), claim.insurer.today(now)
    suspension = Suspension.objects.create(review=review, cause=cause, since=since, by=by, **told)
    wind(claim, now=now)
    kind = LetterKind.CRIMINAL_CASE if cause == Cause.CRIMINAL_CASE else LetterKind.AUTHORITY_ASKED
    write_letter(claim=claim, kind=kind, now=now, by=by, authority=told["authority"], why=told["why"])
    return suspension
