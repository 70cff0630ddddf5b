"""The application (9.2(1), 9.3): where to write, who is paid which share into which account, what is agreed to."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction

from claims.models import Application, Claim, Consent, Payee
from claims.rules.life import TAKES, Actor, DecisionState, WrongMoment
from claims.rules.shares import check_shares
from claims.services.delivery import note_delivery
from claims.services.life import locked
from policies.models import ConsentText


@dataclass(frozen=True)
class Living:
    """Where the claimant is found. `trusted_person`: of those who live abroad, who is written to in Kazakhstan (11.4(6))."""

    address: str
    phones: Sequence[str]  # E.164
    trusted_person: str = ""


@dataclass(frozen=True)
class Paid:
    """A beneficiary (7.9). `iban` as rules.iban.parse_iban leaves it."""

    name: str
    iin: str
    iban: str
    share: Fraction


@transaction.atomic
def apply(
    *, claim: Claim, living: Living, payees: Sequence[Paid], consents: Iterable[ConsentText], language: str, by: Any,
    guest: UUID | None, now: datetime,
) -> Application:  # fmt: skip
    """Sent for the first time, or corrected until the decision. Raise WrongMoment, ShareNotAccepted."""
    claim = locked(claim)
    if claim.state not in TAKES or claim.decisions.filter(state=DecisionState.ENDORSED).exists():
        raise WrongMoment(f"an application of a claim that is {claim.state}")
    check_shares([one.share for one in payees])
    application, _created = Application.objects.update_or_create(
        claim=claim, defaults={**asdict(living), "phones": list(living.phones), "sent_at": now}
    )
    _pay_to(claim, payees, now)
    Consent.objects.bulk_create(
        (Consent(claim=claim, text=text, language=language, at=now, by=by, guest=guest) for text in consents),
        ignore_conflicts=True,
    )
    note_delivery(claim=claim, actor=Actor.CLAIMANT, by=by, now=now, what="application")
    return application


def _pay_to(claim: Claim, payees: Sequence[Paid], now: datetime) -> None:
    """Those who are the same stay the same rows; the others end, and nothing is edited."""
    before = {(one.name, one.iin, one.iban, one.share): one for one in claim.payees.current()}
    wanted = {(one.name, one.iin, one.iban, one.share) for one in payees}
    ended = [row.pk for key, row in before.items() if key not in wanted]
    Payee.objects.filter(pk__in=ended).update(until=now)
    Payee.objects.bulk_create(
        Payee(
            claim=claim, name=name, iin=iin, iban=iban, numerator=share.numerator, denominator=share.denominator, since=now
        )
        for name, iin, iban, share in wanted - before.keys()
    )  # fmt: skip
