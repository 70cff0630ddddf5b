"""Another account of a beneficiary. What is not paid goes there; what the bank has already keeps the account it was sent to."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from claims.models import Claim, Instalment, Payee
from claims.rules.life import UNPAID, WrongMoment
from claims.services.life import locked
from core import audit


@transaction.atomic
def change_account(*, payee: Payee, iban: str, by: Any, now: datetime, claim: Claim | None = None) -> Payee:
    """`iban` as rules.iban has it. The same account changes nothing. Raise WrongMoment: somebody has changed it meanwhile."""
    claim = locked(claim or payee.claim)
    payee = Payee.objects.select_for_update().get(pk=payee.pk)
    if payee.until:
        raise WrongMoment("a beneficiary whose account was changed")
    if payee.iban == iban:
        return payee
    payee.until = now
    payee.save(update_fields=["until"])
    to = Payee.objects.create(
        claim=claim, name=payee.name, iin=payee.iin, iban=iban, numerator=payee.numerator, denominator=payee.denominator,
        since=now,
    )  # fmt: skip
    Instalment.objects.filter(payee=payee, state__in=UNPAID).update(payee=to)
    verb = gettext_noop("changed the account of a beneficiary")
    audit.record(verb, on=claim, by=by, scope=claim.insurer.slug, earlier=payee.iban[-4:], now=iban[-4:])
    return to
