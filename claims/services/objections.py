"""The four ways of 7.10, each a row with a life of its own: to the insurer, to the ombudsman, to the authorised body, to a
court. What is upheld opens the review anew."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from claims.models import Claim, Decision, Objection, Review
from claims.queries.facts import calendar_of
from claims.rules import facts
from claims.rules.facts import ReviewKind
from claims.rules.letters import LetterKind
from claims.rules.life import (
    STARTS,
    UNDER_REVIEW,
    Actor,
    DecisionState,
    Event,
    ObjectionEvent,
    Way,
    WrongMoment,
)
from claims.rules.people import Part
from claims.rules.terms import answer_to
from claims.services.clock import wind
from claims.services.decision_letters import ways_in_words
from claims.services.letters import write_letter
from claims.services.life import locked, move, move_part, note_step
from claims.services.ombudsman import want_pack
from core.errors import InputError


class OwnDecision(InputError):
    """Whoever proposed or approved a decision does not judge the objection to it."""


@transaction.atomic
def file_objection(
    *, decision: Decision, way: Way, text: str, by: Any, now: datetime, actor: Actor = Actor.CLAIMANT
) -> Objection:
    """Raise WrongMoment where nothing is decided yet, or one of this way is under way already."""
    claim = locked(decision.claim)
    if decision.state != DecisionState.APPROVED:
        raise WrongMoment(f"an objection to a decision that is {decision.state}")
    try:
        with transaction.atomic():
            objection = Objection.objects.create(
                claim=claim, decision=decision, way=way, state=STARTS[way], text=text, filed_on=claim.insurer.today(now)
            )
    except IntegrityError as error:
        raise WrongMoment(f"a second objection to the {way}") from error
    note_step(
        claim=claim, part=Part.OBJECTION, of=objection, event="file", actor=actor, by=by, now=now, on=objection.filed_on,
        detail={"way": way},
    )  # fmt: skip
    wind(claim, now=now)
    owed = answer_to(facts.Objection(way, objection.filed_on), calendar_of(claim.insurer))
    write_letter(
        claim=claim, kind=LetterKind.OBJECTION_FILED, now=now, by=by, decision=decision, to_whom=_in_words(claim, way),
        answer_until=f"{owed.due}" if owed else "",
    )  # fmt: skip
    return objection


@transaction.atomic
def judge_objection(*, objection: Objection, event: ObjectionEvent, answer: str, by: Any, now: datetime) -> Objection:
    """Upheld or denied, by us or by those who decide. Raise WrongMoment, OwnDecision."""
    objection = _locked(objection)
    decision, claim = objection.decision, objection.claim
    if by.pk in decision.signers:
        raise OwnDecision("own", _("You took part in this decision. A colleague looks at the objection."))
    objection.answer, objection.answered_by = answer, by
    objection.answered_on = objection.answered_on or claim.insurer.today(now)
    move_part(part=objection, event=event, actor=Actor.APPROVER, by=by, now=now, reason=answer)
    if event == ObjectionEvent.UPHOLD:
        _reopen(claim, by, now, answer)
    wind(claim, now=now)
    write_letter(
        claim=claim, kind=LetterKind.OBJECTION_ANSWERED, now=now, by=by, decision=decision,
        to_whom=_in_words(claim, Way(objection.way)), is_upheld=event == ObjectionEvent.UPHOLD, answer=answer,
        ways=ways_in_words(claim),
    )  # fmt: skip
    return objection


def _reopen(claim: Claim, by: Any, now: datetime, reason: str) -> None:
    """What another upheld objection has opened already stays open."""
    if claim.state in UNDER_REVIEW:
        return
    move(claim=claim, event=Event.REOPEN, actor=Actor.APPROVER, by=by, now=now, reason=reason)
    number, since = claim.reviews.count() + 1, claim.insurer.today(now)
    Review.objects.create(claim=claim, number=number, kind=ReviewKind.REOPENED, since=since)


@transaction.atomic
def ready_for_ombudsman(*, objection: Objection, by: Any, now: datetime) -> Objection:
    """13.4, within three working days: the papers lie in the cabinet, as one file. Raise WrongMoment."""
    objection = _locked(objection)
    objection.answered_on = objection.claim.insurer.today(now)
    move_part(part=objection, event=ObjectionEvent.PREPARE, actor=Actor.REVIEWER, by=by, now=now)
    want_pack(objection, now=now)
    wind(objection.claim, now=now)
    write_letter(claim=objection.claim, kind=LetterKind.OMBUDSMAN_READY, now=now, by=by, decision=objection.decision)
    return objection


@transaction.atomic
def move_objection(*, objection: Objection, event: ObjectionEvent, actor: Actor, by: Any, now: datetime) -> Objection:
    """Lodged with the ombudsman, or withdrawn. Raise WrongMoment."""
    objection = _locked(objection)
    if event == ObjectionEvent.WITHDRAW:  # nothing is owed any more
        objection.answered_on = objection.answered_on or objection.claim.insurer.today(now)
    move_part(part=objection, event=event, actor=actor, by=by, now=now)
    wind(objection.claim, now=now)
    return objection


def _in_words(claim: Claim, way: Way) -> str:
    with translation.override(claim.language):
        return str(way.label)


def _locked(objection: Objection) -> Objection:
    claim = locked(objection.claim)
    objection = Objection.objects.select_related("decision").get(pk=objection.pk)
    objection.claim = claim
    return objection
