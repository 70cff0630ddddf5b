"""TM-18: a quality claim within its term, its answer, acceptance after it; and a rating."""

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop

from accounts.models import User
from core import audit
from policies.models import Insurer
from policies.services.consultations import give_back_rendered
from telemed.models import ClaimAnswer, Consultation, QualityClaim, Rating
from telemed.rules import CLAIMABLE, Event, State, Verdict, WrongMoment, may_claim, may_rate, oldest_claimable
from telemed.services.life import lock, move
from telemed.services.telling import tell_patient

UPHELD_BECAUSE = gettext_noop("a quality claim was upheld")


class TooLate(Exception):
    """The term is over: the consultation counts as accepted."""


@transaction.atomic
def file_claim(*, consultation: Consultation, text: str, by: Any, now: datetime) -> QualityClaim:
    """Raise TooLate; WrongMoment where nothing was rendered or a claim was filed before."""
    consultation = lock(consultation)
    if consultation.state not in CLAIMABLE or consultation.rendered_at is None:
        raise WrongMoment(f"a claim about a consultation that is {consultation.state}")
    insurer = consultation.insurer
    if not may_claim(insurer.today(consultation.rendered_at), today=insurer.today(now)):
        raise TooLate
    claim = QualityClaim.objects.create(consultation=consultation, text=text, by=by, at=now)
    move(consultation, Event.DISPUTE, by=by, now=now)
    return claim


@transaction.atomic
def answer_claim(*, claim: QualityClaim, verdict: Verdict, text: str, by: User, now: datetime) -> ClaimAnswer:
    """By a coordinator, and for good. Upheld, it does not count as rendered: what it took is in the sum insured again, and
    what the patient has paid is theirs (services.payments). Raise WrongMoment where somebody has answered."""
    consultation = lock(claim.consultation)
    move(consultation, verdict.event, by=by, now=now)
    answer = ClaimAnswer.objects.create(claim=claim, verdict=verdict, text=text, by=by, at=now)
    if verdict == Verdict.UPHELD:
        give_back_rendered(reference=consultation.public_id, reason=UPHELD_BECAUSE, by=by, now=now)
    audit.record(
        gettext_noop("answered a quality claim"),
        on=consultation,
        by=by,
        scope=consultation.insurer.slug,
        verdict=verdict,
    )
    is_owed_back = consultation.owed_back is not None
    tell_patient(consultation, "claim_answered", is_upheld=verdict == Verdict.UPHELD, is_owed_back=is_owed_back)
    return answer


@transaction.atomic
def rate(*, consultation: Consultation, stars: int, words: str, by: Any, now: datetime) -> Rating:
    """Once, and changed until it is over. Raise WrongMoment."""
    consultation = lock(consultation)
    rating = Rating.objects.filter(consultation=consultation).first() or Rating(consultation=consultation)
    if consultation.began_at is None or not may_rate(State(consultation.state), has_rated=rating.pk is not None):
        raise WrongMoment(f"a rating of a consultation that is {consultation.state}")
    rating.stars, rating.words, rating.by, rating.at = stars, words, by, now
    rating.save()
    return rating


@transaction.atomic
def accept_next(*, now: datetime) -> bool:
    """One consultation whose term is over on its insurer's calendar; False: there is none."""
    over = Q()
    for insurer in Insurer.objects.all():
        over |= Q(insurer=insurer, rendered_at__lt=_term_begins(insurer, now))
    rows = Consultation.objects.filter(over, state__in=CLAIMABLE).order_by("rendered_at")
    consultation = rows.select_for_update(of=["self"], skip_locked=True).select_related("insurer").first()
    if consultation is None:
        return False
    move(consultation, Event.ACCEPT, by=None, now=now)
    return True


def _term_begins(insurer: Insurer, now: datetime) -> datetime:
    """What was rendered before this instant cannot be claimed any more."""
    return datetime.combine(oldest_claimable(insurer.today(now)), time(), insurer.zone)
