"""7.7: the established term ends, the insured person is certified anew, and within ten working days the insurer decides whether
the payouts go on (7.8). What was decided before is paid meanwhile."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from claims.models import Certificate, Claim, Item, Recertification, Review
from claims.queries.timeline import timeline_of
from claims.rules.checklists import CERTIFICATE, CHECKLISTS
from claims.rules.events import InsuredEvent
from claims.rules.facts import ReviewKind
from claims.rules.letters import LetterKind
from claims.rules.life import ANSWERED, Actor, Event, State, WrongMoment
from claims.services.clock import wind
from claims.services.delivery import take_pages
from claims.services.letters import write_letter
from claims.services.life import locked, move

ASKED_BEFORE = timedelta(days=30)  # the term's last day: time enough for a commission


@transaction.atomic
def ask_next(*, now: datetime) -> bool:
    """One claim whose term ends soon is told so; False: there is none."""
    certificates = Certificate.objects.filter(
        claim__state__in=(State.PAYING, State.PAID), until__gte=now.date(), until__lte=now.date() + ASKED_BEFORE
    )
    asked = Recertification.objects.values("claim", "term_until")
    for certificate in certificates.select_related("claim").order_by("until", "pk"):
        told = {"claim": certificate.claim_id, "term_until": certificate.until}
        if told not in asked and certificate == certificate.claim.certificates.last():
            _ask(locked(certificate.claim), certificate, now)
            return True
    return False


def _ask(claim: Claim, certificate: Certificate, now: datetime) -> None:
    expected = expect(claim, now=now)
    expected.told_on = claim.insurer.today(now)
    expected.save(update_fields=["told_on"])
    write_letter(claim=claim, kind=LetterKind.RECERTIFY, now=now, term_until=f"{certificate.until}")


def expect(claim: Claim, *, now: datetime) -> Recertification:
    """The one that is awaited, with the document that it asks for; begun where nobody was asked. Under the claim's lock.

    Raise WrongMoment where no term is established."""
    last = claim.certificates.exclude(until=None).last()
    if claim.state not in ANSWERED or last is None or last.until is None:
        raise WrongMoment(f"a re-certification of a claim that is {claim.state}")
    expected, is_new = Recertification.objects.get_or_create(claim=claim, term_until=last.until)
    if expected.received_on:
        raise WrongMoment("a re-certification that is received")
    if is_new:
        _ask_for_certificate(claim, now)
    return expected


def _ask_for_certificate(claim: Claim, now: datetime) -> Item:
    needed = next(one for one in CHECKLISTS[InsuredEvent(claim.event)] if one.code == CERTIFICATE)
    newest = claim.items.aggregate(round=Max("round", default=0))["round"]
    return Item.objects.create(
        claim=claim, round=newest + 1, position=0, code=needed.code, form=needed.form, giver=needed.giver,
        clause=needed.clause, asked_on=claim.insurer.today(now),
    )  # fmt: skip


# ── It is received ───────────────────────────────────────────────────────────
@transaction.atomic
def begin_recertification(*, claim: Claim, now: datetime) -> Recertification:
    """The insured person was certified anew before anybody asked. Twice is once. Raise WrongMoment."""
    return expect(locked(claim), now=now)


@transaction.atomic
def send_recertification(
    *, claim: Claim, facts: Mapping[str, Any], language: str, is_translation: bool, by: Any, now: datetime
) -> Recertification:
    """By the claimant: what the certificate says, and whatever lies in its document's collection. A reviewer compares both.
    Raise WrongMoment."""
    received = receive_recertification(claim=claim, **facts, actor=Actor.CLAIMANT, by=by, now=now)
    item = received.claim.items.filter(code=CERTIFICATE).latest("round")
    item.claim = received.claim
    take_pages(item=item, language=language, is_translation=is_translation, actor=Actor.CLAIMANT, by=by, now=now)
    return received


@transaction.atomic
def receive_recertification(
    *, claim: Claim, certified_on: date, since: date, until: date | None, group: int, actor: Actor, by: Any, now: datetime,
    came_on: date | None = None,
) -> Recertification:  # fmt: skip
    """`until` None: indefinite. `came_on`: of a paper. The review counts from the day it came. Raise WrongMoment."""
    claim = locked(claim)
    expected, today = expect(claim, now=now), claim.insurer.today(now)
    expected.claim = claim
    came_on = came_on or today
    item = claim.items.filter(code=CERTIFICATE).latest("round")
    move(claim=claim, event=Event.RECERTIFY, actor=actor, by=by, now=now, on=came_on)
    expected.certificate = Certificate.objects.create(
        claim=claim, item=item, certified_on=certified_on, given_on=came_on, group=group, since=since, until=until
    )
    expected.review = Review.objects.create(
        claim=claim, number=claim.reviews.count() + 1, kind=ReviewKind.RECERTIFICATION, since=came_on
    )
    expected.received_on = came_on
    expected.save()
    wind(claim, now=now)
    running = timeline_of(claim, today=today).nearest
    until_on = running.deadline.due if running else None
    write_letter(
        claim=claim, kind=LetterKind.RECERTIFICATION, now=now, decide_until=until_on.isoformat() if until_on else ""
    )
    return expected
