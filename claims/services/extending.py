"""7.8: the review is extended while it runs, openly: with a reason and a new last day, both told."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from claims.models import Claim, Extension
from claims.queries.facts import calendar_of, facts_of
from claims.rules.letters import LetterKind
from claims.rules.life import Actor, Event
from claims.rules.terms import check_extension, decision_of
from claims.services.clock import wind
from claims.services.letters import write_letter
from claims.services.life import locked, move


@transaction.atomic
def extend_review(*, claim: Claim, until: date, why: str, by: Any, now: datetime) -> Extension:
    """Raise WrongMoment where no review runs, ExtensionRefused with what is wrong about the day."""
    claim = locked(claim)
    move(claim=claim, event=Event.EXTEND, actor=Actor.REVIEWER, by=by, now=now, reason=why, until=f"{until:%Y-%m-%d}")
    today, review = claim.insurer.today(now), facts_of(claim).reviews[-1]
    check_extension(decision_of(review, calendar_of(claim.insurer)), until=until, today=today)
    row = claim.reviews.latest("number")
    extension = Extension.objects.create(review=row, told_on=today, until=until, why=why, by=by)
    wind(claim, now=now)
    write_letter(claim=claim, kind=LetterKind.EXTENDED, now=now, by=by, why=why, new_until=f"{until:%Y-%m-%d}")
    return extension
