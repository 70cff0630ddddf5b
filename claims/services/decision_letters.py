"""What the letter of a decision says: the amount with its steps, or the ground with its clause and evidence, and always the
four ways to object where somebody may disagree (7.10)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import translation

from claims.models import Claim, Decision, Item
from claims.queries.timeline import timeline_of
from claims.rules.derivations import Derivation
from claims.rules.letters import LetterKind
from claims.rules.life import Outcome
from claims.rules.refusals import BASES, HOW_TO_OBJECT, Ground
from claims.rules.wording import clause_in_words, explained
from claims.services.letters import Worded, worded_as
from core.dates import long_date
from core.money import format_money


@dataclass(frozen=True)
class Refusal:
    """`happened_on`: what the ground is about (claims.rules.refusals.lacks)."""

    ground: Ground
    happened_on: date
    evidence: str
    item: Item | None = None


LETTERS = {
    Outcome.APPROVED: LetterKind.APPROVED, Outcome.PARTLY: LetterKind.PARTLY, Outcome.REFUSED: LetterKind.REFUSED,
}  # fmt: skip


def beforehand(
    claim: Claim, *, outcome: Outcome, words: str, now: datetime, derivation: Derivation | None = None,
    refusal: Refusal | None = None,
) -> Worded:  # fmt: skip
    """The letter as the person will read it. Nothing is saved."""
    facts = facts_of(claim, words=words, now=now, derivation=derivation, refusal=refusal)
    return worded_as(claim, LETTERS[outcome], **facts)


def facts_of_decision(decision: Decision, *, now: datetime) -> dict[str, Any]:
    refusal = refusal_of(decision) if decision.ground else None
    return facts_of(decision.claim, words=decision.words, now=now, derivation=decision.explanation, refusal=refusal)


def refusal_of(decision: Decision) -> Refusal:
    about = decision.ground_on or decision.claim.event_on
    return Refusal(Ground(decision.ground), about, decision.evidence, decision.evidence_item)


def facts_of(
    claim: Claim, *, words: str, now: datetime, derivation: Derivation | None, refusal: Refusal | None
) -> dict[str, Any]:
    """As JSON keeps them, in the case's language."""
    with translation.override(claim.language):
        return {
            "words": words,
            "ways": ways_in_words(claim),
            **(_of_payout(claim, derivation, now) if derivation else {}),
            **(_of_refusal(refusal) if refusal else {}),
        }


def ways_in_words(claim: Claim) -> list[list[str]]:
    """7.10: a letter leaves none of them out."""
    with translation.override(claim.language):
        return [[str(advice.words), clause_in_words(advice.clause)] for advice in HOW_TO_OBJECT.values()]


def _of_payout(claim: Claim, derivation: Derivation, now: datetime) -> dict[str, Any]:
    ahead = timeline_of(claim, today=claim.insurer.today(now)).coming
    return {
        "amount": format_money(derivation.amount),
        "steps": [[one.name, one.value, one.formula, one.clause] for one in explained(derivation)],
        "instalments": [[long_date(one.due_on), format_money(one.amount)] for one in derivation.instalments],
        "pay_until": ahead[0].by.isoformat() if ahead else "",
    }


def _of_refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "ground": str(refusal.ground.label),
        "clause": clause_in_words(BASES[refusal.ground].clause),
        "evidence": refusal.evidence,
        "document": refusal.item.name if refusal.item else "",
    }
