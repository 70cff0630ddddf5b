"""11.1(4): the insurer may ask for a medical examination once a year at most, at its own cost; what follows from its result."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import Claim, Examination
from claims.rules.events import InsuredEvent
from claims.rules.examinations import Finding
from claims.rules.letters import LetterKind
from claims.rules.life import State, WrongMoment
from claims.rules.terms import next_examination_from
from claims.services.letters import write_letter
from claims.services.life import locked
from claims.services.stopping import STOPPABLE, propose_stop
from core import audit
from core.dates import from_date
from core.errors import InputError

PAYS = (State.PAYING, State.PAID)


class NotYet(InputError):
    """`code` is "year" (since the last one), "past" (where it is planned) or "done" (the day it took place is no such day)."""


@transaction.atomic
def ask_for_examination(*, claim: Claim, institution: str, planned_on: date, by: Any, now: datetime) -> Examination:
    """Raise WrongMoment of a claim that pays for no disability, NotYet."""
    claim = locked(claim)
    if claim.event != InsuredEvent.DISABILITY or claim.state not in PAYS:
        raise WrongMoment(f"an examination of a claim that is {claim.state}")
    if planned_on <= claim.insurer.today(now):
        raise NotYet("past", _("Choose a day after today."))
    if (first := earliest_examination(claim)) and planned_on < first:
        raise NotYet(
            "year", _("Once a year at most: the next one may be %(from_date)s.") % {"from_date": from_date(first)}
        )
    asked = Examination.objects.create(
        claim=claim, institution=institution, asked_on=claim.insurer.today(now), planned_on=planned_on, by=by
    )
    audit.record(gettext_noop("asked for a medical examination"), on=claim, by=by, scope=claim.insurer.slug)
    write_letter(
        claim=claim, kind=LetterKind.EXAMINATION, now=now, by=by, institution=institution, planned_on=f"{planned_on}"
    )
    return asked


def earliest_examination(claim: Claim) -> date | None:
    """None: at once."""
    last = claim.examinations.order_by("planned_on").last()
    return next_examination_from(last.done_on or last.planned_on) if last else None


@transaction.atomic
def record_examination(
    *, claim: Claim, examination: Examination, done_on: date, finding: Finding, result: str, ceased_on: date | None, by: Any,
    now: datetime,
) -> Examination:  # fmt: skip
    """`result` is read by the claimant. Where the disability ceased, the end of the payouts is proposed (7.11), which another
    person approves. Raise WrongMoment where it is recorded; NotYet; NotStopped."""
    claim = locked(claim)
    examination = Examination.objects.get(pk=examination.pk)
    if examination.done_on:
        raise WrongMoment("an examination that is recorded")
    if not examination.asked_on <= done_on <= claim.insurer.today(now):
        raise NotYet("done", _("It took place between the day on which it was asked for and today."))
    examination.done_on, examination.finding, examination.result = done_on, finding, result
    examination.save(update_fields=["done_on", "finding", "result"])
    audit.record(
        gettext_noop("recorded a medical examination"), on=claim, by=by, scope=claim.insurer.slug, finding=finding.value
    )
    write_letter(
        claim=claim, kind=LetterKind.EXAMINED, now=now, by=by, institution=examination.institution, done_on=f"{done_on}",
        result=result, finding=finding.value,
    )  # fmt: skip
    if finding == Finding.CEASED and claim.state in STOPPABLE and not claim.stops.waiting().exists():
        propose_stop(claim=claim, ceased_on=ceased_on or done_on, evidence=result, by=by, now=now)
    return examination
