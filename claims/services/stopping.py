"""7.11: the insured person was rehabilitated. What falls due after the disability ceased is not paid, and three are told:
policyholder, insured and beneficiary."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import Claim, Item, Stop
from claims.rules.letters import LetterKind
from claims.rules.life import Actor, DecisionEvent, Event, InstalmentState, State, WrongMoment
from claims.services.clock import wind
from claims.services.decision_letters import ways_in_words
from claims.services.instalments import cancel_after
from claims.services.letters import write_letter
from claims.services.life import locked, move
from claims.services.proposals import settle
from core import audit
from core.errors import InputError
from policies.models import Party
from policies.rules import Role

STOPPABLE = (State.APPROVED, State.PAYING)


class NotStopped(InputError):
    """`code` is "day" (it lies in the future) or "bank" (a payment after that day is there)."""


@transaction.atomic
def propose_stop(
    *, claim: Claim, ceased_on: date, evidence: str, by: Any, now: datetime, item: Item | None = None
) -> Stop:
    """Raise WrongMoment where nothing is being paid, or an end waits already; NotStopped."""
    claim = locked(claim)
    if claim.state not in STOPPABLE or claim.stops.waiting().exists():
        raise WrongMoment(f"an end of the payouts of a claim that is {claim.state}")
    if not claim.event_on <= ceased_on <= claim.insurer.today(now):
        raise NotStopped("day", _("The disability ceased between the event and today."))
    proposed = Stop.objects.create(
        claim=claim, ceased_on=ceased_on, evidence=evidence, evidence_item=item, proposed_by=by, proposed_at=now
    )
    _audit(gettext_noop("proposed to stop the payouts"), proposed, by)
    return proposed


@transaction.atomic
def approve_stop(*, stop: Stop, by: Any, now: datetime) -> Stop:
    """Raise SamePerson, WrongMoment, NotStopped."""
    claim = locked(stop.claim)
    stop = settle(stop, DecisionEvent.APPROVE, by=by, now=now)
    later = claim.instalments.payouts().filter(scheduled_on__gt=stop.ceased_on)
    if later.filter(state=InstalmentState.ORDERED).exists():
        raise NotStopped("bank", _("A payment is at the bank. Wait for its answer, or take the order back."))
    move(claim=claim, event=Event.STOP, actor=Actor.APPROVER, by=by, now=now, reason=stop.evidence)
    cancel_after(claim=claim, day=stop.ceased_on, by=by, now=now, reason=stop.evidence)
    wind(claim, now=now)
    _tell_three(claim, stop, by, now)
    _audit(gettext_noop("stopped the payouts"), stop, by)
    return stop


@transaction.atomic
def return_stop(*, stop: Stop, why: str, by: Any, now: datetime) -> Stop:
    """Raise SamePerson, WrongMoment."""
    locked(stop.claim)
    returned = settle(stop, DecisionEvent.RETURN, by=by, now=now, why=why)
    _audit(gettext_noop("returned a proposal to stop the payouts"), returned, by, reason=why)
    return returned


def _tell_three(claim: Claim, stop: Stop, by: Any, now: datetime) -> None:
    for addressee, to in addressees(claim):
        write_letter(
            claim=claim, kind=LetterKind.STOPPED, now=now, by=by, to=to, addressee=addressee, evidence=stop.evidence,
            ceased_on=f"{stop.ceased_on}", ways=ways_in_words(claim),
        )  # fmt: skip


def addressees(claim: Claim) -> Iterator[tuple[str, str]]:
    """Whom 7.11 names, each by the address that the insurer has of them; whoever left none is told through the claimant."""
    roles = (Role.POLICYHOLDER, Role.INSURED)
    parties = Party.objects.filter(policy=claim.policy, role__in=roles).select_related("person", "organisation")
    named = {role: party for party in parties for role in roles if party.role == role}
    for role in roles:
        if party := named.get(role):
            contact = (party.person.email or party.person.phone) if party.person else ""
            yield str(party.person or party.organisation), str(contact or claim.contact)
    yield claim.claimant_name, claim.contact


def _audit(verb: str, stop: Stop, by: Any, reason: str = "") -> None:
    audit.record(verb, on=stop, by=by, scope=stop.claim.insurer.slug, reason=reason, ceased_on=f"{stop.ceased_on}")
