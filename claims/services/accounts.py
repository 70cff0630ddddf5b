"""Another account of a beneficiary: the claimant asks for it, or it comes on paper; staff enter it. What is not paid goes there;
what the bank has already keeps the account it was sent to. Each of it is told at the contact that was on file before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import AccountRequest, Claim, Instalment, Payee
from claims.rules.accounts import RequestState
from claims.rules.letters import LetterKind
from claims.rules.life import UNPAID, WrongMoment
from claims.services.letters import write_letter
from claims.services.life import locked, queue_of
from claims.services.proposals import SamePerson
from core import audit
from core.errors import InputError
from core.live import announce


class SameAccount(InputError):
    """What is asked for is so already."""


# ── Asked for ────────────────────────────────────────────────────────────────
@transaction.atomic
def ask_for_account(*, payee: Payee, iban: str, by: Any, guest: UUID | None, now: datetime) -> AccountRequest:
    """`iban` as rules.iban has it. The same wish again changes nothing, another one takes its place. Nothing moves until
    staff have entered it. Raise SameAccount; WrongMoment where nothing is to be paid to this beneficiary any more."""
    claim = locked(payee.claim)
    payee = _current(payee)
    if payee.iban == iban:
        raise SameAccount("same", _("Payments go to this account already."))
    if not payee.instalments.filter(state__in=UNPAID).exists():
        raise WrongMoment("an account to which nothing is to be paid")
    if same := payee.requests.waiting().filter(iban=iban).first():
        return same
    _overtake(payee, now)
    asked = AccountRequest.objects.create(claim=claim, payee=payee, iban=iban, by=by, guest=guest, asked_at=now)
    audit.record(
        gettext_noop("asked for another account"), on=claim, by=by, scope=claim.insurer.slug, account=iban[-4:]
    )
    _tell(claim, LetterKind.ACCOUNT_ASKED, payee, iban, by, now)
    return asked


# ── Settled by staff ─────────────────────────────────────────────────────────
@transaction.atomic
def enter_account(*, request: AccountRequest, by: Any, now: datetime) -> AccountRequest:
    """As it was asked for. Raise SamePerson; WrongMoment: somebody was first, or the beneficiary has another account since."""
    _settle(request, RequestState.ENTERED, by, now)
    change_account(payee=request.payee, iban=request.iban, by=by, now=now, claim=request.claim)
    return request


@transaction.atomic
def decline_account(*, request: AccountRequest, why: str, by: Any, now: datetime) -> AccountRequest:
    """`why` is read by the claimant. Raise SamePerson, WrongMoment."""
    _settle(request, RequestState.DECLINED, by, now, why)
    verb = gettext_noop("declined another account")
    audit.record(verb, on=request.claim, by=by, scope=request.claim.insurer.slug, reason=why, account=request.iban[-4:])
    _tell(request.claim, LetterKind.ACCOUNT_DECLINED, request.payee, request.iban, by, now, why=why)
    return request


@transaction.atomic
def change_account(*, payee: Payee, iban: str, by: Any, now: datetime, claim: Claim | None = None) -> Payee:
    """`iban` as rules.iban has it. The same account changes nothing. Raise WrongMoment: somebody has changed it meanwhile."""
    claim = locked(claim or payee.claim)
    payee = _current(payee)
    if payee.iban == iban:
        return payee
    payee.until = now
    payee.save(update_fields=["until"])
    to = Payee.objects.create(
        claim=claim, name=payee.name, iin=payee.iin, iban=iban, numerator=payee.numerator, denominator=payee.denominator,
        since=now,
    )  # fmt: skip
    Instalment.objects.filter(payee=payee, state__in=UNPAID).update(payee=to)
    _overtake(payee, now)
    verb = gettext_noop("changed the account of a beneficiary")
    audit.record(verb, on=claim, by=by, scope=claim.insurer.slug, earlier=payee.iban[-4:], now=iban[-4:])
    _tell(claim, LetterKind.ACCOUNT_ENTERED, payee, iban, by, now)
    return to


# ── Shared ───────────────────────────────────────────────────────────────────
def _current(payee: Payee) -> Payee:
    """As it is under the claim's lock."""
    payee = Payee.objects.select_for_update().get(pk=payee.pk)
    if payee.until:
        raise WrongMoment("a beneficiary whose account was changed")
    return payee


def _settle(request: AccountRequest, state: RequestState, by: Any, now: datetime, why: str = "") -> None:
    request.claim = locked(request.claim)
    request.refresh_from_db(fields=["state"])
    if request.state != RequestState.ASKED:
        raise WrongMoment(f"a request for another account that is {request.state}")
    if request.by_id == by.pk:
        raise SamePerson("same", _("You asked for this yourself: another person enters it."))
    request.state, request.settled_by, request.settled_at, request.why = state, by, now, why
    request.save(update_fields=["state", "settled_by", "settled_at", "why"])


def _overtake(payee: Payee, now: datetime) -> None:
    payee.requests.waiting().update(state=RequestState.OVERTAKEN, settled_at=now)


def _tell(claim: Claim, kind: LetterKind, payee: Payee, iban: str, by: Any, now: datetime, **more: Any) -> None:
    """At the contact of the case, which no request changes: whoever did not ask for it, hears of it there."""
    write_letter(
        claim=claim, kind=kind, now=now, by=by, payee=payee.name, account=payee.iban[-4:], other=iban[-4:], **more
    )
    announce(str(claim.public_id))
    announce(queue_of(claim.insurer_id))
