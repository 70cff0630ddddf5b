"""Claims and what hangs on them. Everything has a default, so a test names only what it is about.

A death of Serik Akhmetov, whose heir has no account, and a disability of Aigul, who has one.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from claims.models import Certificate, Claim, Decision, Item, Payee, Review
from claims.rules.checklists import CHECKLISTS
from claims.rules.events import InsuredEvent
from claims.rules.facts import ReviewKind
from claims.rules.life import State
from claims.rules.people import ClaimantRole
from policies.models import Insurer, Policy, StaffMembership
from policies.rules import AccessKind, AccessScope, StaffRole
from policies.services.access import grant_access
from tests.factories import TODAY, a_borrower, an_insurer
from tests.people import a_member, a_person

NOW = datetime(2026, 11, 21, 7, tzinfo=UTC)  # noon in Almaty, a Saturday
DIED_ON = TODAY - timedelta(days=10)


def an_insured(user: User, policy: Policy | None = None) -> Policy:
    """This account sees the policy's insured person in full from now on."""
    policy = policy or a_borrower(cover_starts_on=TODAY - timedelta(days=100))
    grant_access(
        user=user, person=policy.insured, kind=AccessKind.SELF, scope=AccessScope.FULL, proof="contract_number", by=None,
        now=NOW - timedelta(days=90),
    )  # fmt: skip
    return policy


def a_claim(user: User, policy: Policy, **facts: Any) -> Claim:
    """Of a disability, told in the cabinet by the insured person; the rows alone, without what a service writes beside."""
    given: dict[str, Any] = {
        "insurer": policy.insurer, "person": policy.insured, "policy": policy, "claimant": user,
        "event": InsuredEvent.DISABILITY, "event_on": DIED_ON, "country": "KZ", "role": ClaimantRole.INSURED,
        "claimant_name": policy.insured.full_name, "email": user.email, "language": "ru", "notified_at": NOW,
        "notified_on": TODAY,
    } | facts  # fmt: skip
    return Claim.objects.create(**given)


def a_guests_claim(insurer: Insurer | None = None, **facts: Any) -> Claim:
    """Of a death, told by an heir without an account; nobody has looked for the contract yet."""
    given: dict[str, Any] = {
        "insurer": insurer or an_insurer("nomad-life"), "by_guest": True, "event": InsuredEvent.DEATH,
        "event_on": DIED_ON, "country": "KZ", "role": ClaimantRole.HEIR, "told_surname": "Ахметов",
        "told_given_name": "Серик", "told_born_on": date(1961, 3, 14), "claimant_name": "Ахметова Раушан",
        "email": "raushan@example.kz", "language": "kk", "notified_at": NOW, "notified_on": TODAY,
    } | facts  # fmt: skip
    return Claim.objects.create(**given)


def a_checklist(claim: Claim, **facts: Any) -> list[Item]:
    return [
        Item.objects.create(
            claim=claim, position=place, code=needed.code, form=needed.form, giver=needed.giver, clause=needed.clause,
            **({"asked_on": claim.notified_on} | facts),
        )
        for place, needed in enumerate(CHECKLISTS[InsuredEvent(claim.event)], 1)
    ]  # fmt: skip


def a_review(claim: Claim, **facts: Any) -> Review:
    """Which began today; the claim is under it."""
    Claim.objects.filter(pk=claim.pk).update(state=State.REVIEW)
    claim.refresh_from_db()
    given: dict[str, Any] = {"number": claim.reviews.count() + 1, "kind": ReviewKind.FIRST, "since": TODAY} | facts
    return Review.objects.create(claim=claim, **given)


def a_payee(claim: Claim, **facts: Any) -> Payee:
    given: dict[str, Any] = {
        "name": "Ахметова Раушан", "iban": "KZ86125KZT5004100100", "numerator": 1, "denominator": 1,
    } | facts  # fmt: skip
    return Payee.objects.create(claim=claim, **given)


def a_certificate(claim: Claim, **facts: Any) -> Certificate:
    given: dict[str, Any] = {
        "certified_on": DIED_ON, "given_on": TODAY, "group": 2, "since": DIED_ON, "until": DIED_ON + timedelta(days=364),
    } | facts  # fmt: skip
    return Certificate.objects.create(claim=claim, **given)


def a_decision(review: Review, by: User, **facts: Any) -> Decision:
    """Proposed: to refuse, unless told otherwise."""
    given: dict[str, Any] = {
        "claim": review.claim, "number": review.claim.decisions.count() + 1, "outcome": "refused",
        "currency": review.claim.insurer.currency, "ground": "EX-07", "clause": "8.1(7)", "evidence": "Заключение экспертизы",
        "amount": Decimal(0), "proposed_by": by, "proposed_at": NOW,
    } | facts  # fmt: skip
    return Decision.objects.create(review=review, **given)


# ── Staff: Bakyt and Timur review, Asel and Nurlan approve, Zhanar pays ──────
def bakyt(insurer: Insurer, email: str = "bakyt@example.kz") -> User:
    return a_member(StaffRole.REVIEWER, insurer, email)


def timur(insurer: Insurer) -> User:
    return bakyt(insurer, "timur@example.kz")


def asel(insurer: Insurer, email: str = "asel@example.kz") -> User:
    return a_member(StaffRole.APPROVER, insurer, email)


def nurlan(insurer: Insurer) -> User:
    return asel(insurer, "nurlan@example.kz")


def zhanar(insurer: Insurer) -> User:
    return a_member(StaffRole.CASHIER, insurer, "zhanar@example.kz")


def both(insurer: Insurer) -> User:
    """Reviews and approves, as in a small company: never the same decision."""
    user = a_person("both@example.kz", is_staff=True)
    for role in (StaffRole.REVIEWER, StaffRole.APPROVER):
        StaffMembership.objects.create(user=user, insurer=insurer, role=role)
    return user
