"""The four ways of 7.10 as the claimant meets them: which are open, which are taken, and how far each has come."""

from dataclasses import dataclass
from typing import Any

from claims.models import Claim, Decision, Objection
from claims.queries.facts import calendar_of
from claims.rules import facts
from claims.rules.life import OBJECTION_LIFE, UNDER_WAY, Actor, ObjectionEvent, ObjectionState, Way
from claims.rules.refusals import HOW_TO_OBJECT, Advice
from claims.rules.terms import Deadline, answer_to

TAGS = {
    ObjectionState.UPHELD: "ok", ObjectionState.DENIED: "err", ObjectionState.WITHDRAWN: "", ObjectionState.READY: "todo",
}  # fmt: skip


@dataclass(frozen=True)
class Path:
    """One way. `objection`: the latest along it; None: not taken."""

    way: Way
    advice: Advice
    objection: Objection | None
    owed: Deadline | None  # what the insurer owes, and by when

    @property
    def is_open(self) -> bool:
        """It can be taken now."""
        return self.objection is None or self.objection.state not in UNDER_WAY

    @property
    def tag(self) -> str:
        return TAGS.get(ObjectionState(self.objection.state), "wait") if self.objection else ""

    @property
    def acts(self) -> list[ObjectionEvent]:
        """What the claimant may do about it."""
        if self.objection is None:
            return []
        return list(OBJECTION_LIFE.open_to(Actor.CLAIMANT, ObjectionState(self.objection.state)))


def decision_to_object_to(claim: Claim) -> Decision | None:
    """The latest that was taken. One query."""
    return claim.decisions.decided().order_by("-number").first()


def paths(claim: Claim, decision: Decision) -> list[Path]:
    """In the order of 7.10. Two queries."""
    latest = {Way(one.way): one for one in decision.objections.select_related("pack").order_by("pk")}
    calendar = calendar_of(claim.insurer)

    def owed(one: Objection | None) -> Deadline | None:
        fact = facts.Objection(Way(one.way), one.filed_on, one.answered_on) if one else None
        return answer_to(fact, calendar) if fact else None

    return [Path(way, HOW_TO_OBJECT[way], latest.get(way), owed(latest.get(way))) for way in Way]


def own_objection(claim: Claim, public_id: Any) -> Objection | None:
    return claim.objections.select_related("pack").filter(public_id=public_id).first()
