"""A claim that is being paid in every household: a payment at the bank, one that was late with its penalty, an end that waits."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from claims.models import (
    AccountRequest,
    BankAnswer,
    Claim,
    Examination,
    Instalment,
    Payee,
    PaymentFile,
    PaymentOrder,
    Penalty,
    Review,
    Stop,
)
from claims.rules.derivations import Derivation
from claims.rules.payouts import death
from claims.services.openings import note_opening
from policies.models import Policy
from tests.claims.factories import a_certificate, a_decision
from tests.claims.loans import letter, limit
from tests.factories import TODAY

HUNDRED = Decimal(100)


def keys_of_payments(user: User, policy: Policy, mark: str, *, readers: Sequence[User]) -> dict[str, Any]:
    """`mark` stands in whatever was written."""
    claim, payee, late = a_claim_being_paid(user, policy, mark, readers)
    by, now = readers[0], timezone.now()
    made = policy.insurer.payment_files.count() + 1
    file = PaymentFile.objects.create(
        insurer=policy.insurer, number=made, made_by=by, count=1, total=HUNDRED, currency="KZT"
    )
    order = PaymentOrder.objects.create(
        file=file, instalment=late, pay_on=TODAY, payee_name=mark, iban=payee.iban, amount=HUNDRED, purpose=mark
    )
    answer = BankAnswer.objects.create(insurer=policy.insurer, sha256=f"{claim.public_id.hex}", name=f"{mark}.csv")
    penalty = Penalty.objects.create(
        claim=claim, late=late, amount=1, currency="KZT", derivation=late.derivation, proposed_by=by
    )
    stop = Stop.objects.create(claim=claim, ceased_on=TODAY, evidence=f"Справка {mark}", proposed_by=by)
    asked = AccountRequest.objects.create(claim=claim, payee=payee, iban="KZ256017131000029119")
    examination = Examination.objects.create(
        claim=claim, institution=f"Поликлиника {mark}", asked_on=TODAY, planned_on=TODAY, by=by
    )
    a_certificate(claim)
    for reader in readers:
        note_opening(claim=claim, by=reader, role=None, reason="audit", now=now)
    case = claim.public_id
    return {
        "paid claim": case,
        "payment file": file.public_id,
        "payment order": order.public_id,
        "bank answer": answer.public_id,
        "late payment": late.public_id,
        "penalty": penalty.public_id,
        "end of payouts": f"{case}/{stop.public_id}",
        "payee": f"{case}/{payee.public_id}",
        "account request": f"{case}/{asked.public_id}",
        "examination": f"{case}/{examination.public_id}",
    }


def a_claim_being_paid(
    user: User, policy: Policy, mark: str, readers: Sequence[User]
) -> tuple[Claim, Payee, Instalment]:
    claim = Claim.objects.create(
        insurer=policy.insurer, person=policy.insured, policy=policy, claimant=user, event="disability", event_on=TODAY,
        country="KZ", role="insured", claimant_name=mark, email=user.email, language="ru", notified_on=TODAY, state="paying",
    )  # fmt: skip
    review = Review.objects.create(
        claim=claim, number=1, kind="first", since=TODAY, outcome="approved", decided_on=TODAY
    )
    payee = Payee.objects.create(claim=claim, name=mark, iban="KZ86125KZT5004100100", numerator=1, denominator=1)
    derived: Derivation = death(died_on=TODAY, letter=letter(TODAY, 100), limit=limit(1000))
    decision = a_decision(
        review, readers[0], outcome="approved", state="approved", amount=HUNDRED, derivation=derived.data, ground="",
        clause="", evidence="", approved_by=readers[1], approved_at=timezone.now(), decided_on=TODAY,
    )  # fmt: skip
    late = Instalment.objects.create(
        claim=claim, decision=decision, payee=payee, number=1, amount=HUNDRED, currency="KZT", state="paid", paid_on=TODAY,
        pay_by=TODAY, derivation=derived.data,
    )  # fmt: skip
    return claim, payee, late
